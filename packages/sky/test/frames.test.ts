import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { fromEcliptic, fromGalactic, toEcliptic, toGalactic } from "@btsbot/sky";

/** Published figures have the digits given; an error is of the position, so that longitude counts by the cosine of latitude. */
function separation(
  got: { longitude: number; latitude: number },
  [longitude, latitude]: readonly [number, number],
): number {
  const along = ((got.longitude - longitude + 900) % 360) - 180;
  return Math.hypot(along * Math.cos((latitude * Math.PI) / 180), got.latitude - latitude);
}

const sexagesimal = (degrees: number, minutes: number, seconds: number): number =>
  degrees + minutes / 60 + seconds / 3600;

describe("toEcliptic", () => {
  it("has Pollux where Meeus has it", () => {
    // Meeus 1998, Astronomical Algorithms, 2nd ed., example 13.a: six decimals.
    expect(separation(toEcliptic(116.328942, 28.026183), [113.21563, 6.68417])).toBeLessThan(1e-6);
  });

  it.each([
    ["the vernal equinox", 0, 0, 0, 0],
    ["the autumnal equinox", 180, 0, 180, 0],
    ["the summer solstice", 90, 23.4392911, 90, 0],
    ["the winter solstice", 270, -23.4392911, 270, 0],
  ])("has %s on the ecliptic", (_, ra, dec, longitude, latitude) => {
    expect(separation(toEcliptic(ra, dec), [longitude, latitude])).toBeLessThan(1e-12);
  });

  it("has its pole in Draco, and Earth's pole at the solstice", () => {
    expect(toEcliptic(270, 90 - 23.4392911).latitude).toBeCloseTo(90, 10);
    expect(separation(toEcliptic(123, 90), [90, 90 - 23.4392911])).toBeLessThan(1e-12);
  });
});

describe("toGalactic", () => {
  it.each([
    // SIMBAD: right ascension 17 45 40.03599, declination -29 00 28.1699; Galactic coordinates to five decimals.
    ["Sgr A*", 15 * sexagesimal(17, 45, 40.03599), -sexagesimal(29, 0, 28.1699), 359.94423, -0.04616, 1e-5],
    // Reid and Brunthaler 2004, ApJ 616, 872 carry the IAU 1958 frame to J2000 in their own way: 0.3" from Hipparcos.
    ["the Galactic center", 15 * sexagesimal(17, 45, 37.224), -sexagesimal(28, 56, 10.23), 0, 0, 1e-4],
    // SIMBAD, to four decimals.
    ["Vega", 279.23473479, 38.78368896, 67.4482, 19.2373, 1e-4],
    ["M 31", 10.684708, 41.26875, 121.1743, -21.5733, 1e-4],
    ["the Crab pulsar", 83.633212, 22.01446, 184.5575, -5.7843, 1e-4],
  ])("has %s where it is published", (_, ra, dec, longitude, latitude, tolerance) => {
    expect(separation(toGalactic(ra, dec), [longitude, latitude])).toBeLessThan(tolerance);
  });

  it("turns as the matrix of the Hipparcos catalog, to its ten decimals", () => {
    // ESA 1997, SP-1200, vol. 1, equation 1.5.11: the rows are the axes of the Galactic frame.
    const axes = [
      [-0.0548755604, -0.8734370902, -0.4838350155],
      [0.4941094279, -0.44482963, 0.7469822445],
      [-0.867666149, -0.1980763734, 0.4559837762],
    ];
    for (const [ra, dec] of [
      [10, 20],
      [123, -45],
      [266, -29],
      [301, 77],
    ]) {
      const [a, d] = [(ra * Math.PI) / 180, (dec * Math.PI) / 180];
      const [x, y, z] = axes.map(
        (axis) => axis[0] * Math.cos(d) * Math.cos(a) + axis[1] * Math.cos(d) * Math.sin(a) + axis[2] * Math.sin(d),
      );
      const published = [
        (Math.atan2(y, x) * 180) / Math.PI,
        (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI,
      ] as const;
      expect(separation(toGalactic(ra, dec), published)).toBeLessThan(2e-8);
    }
  });

  it("has its poles where the Hipparcos catalog has them", () => {
    expect(toGalactic(192.85948, 27.12825).latitude).toBeCloseTo(90, 10);
    expect(toGalactic(12.85948, -27.12825).latitude).toBeCloseTo(-90, 10);
    expect(separation(toGalactic(77, 90), [122.93192, 27.12825])).toBeLessThan(1e-12);
  });
});

it("gives longitudes from 0 up to 360 and latitudes from -90 to 90, the same for a right ascension a turn away", () => {
  for (const convert of [toEcliptic, toGalactic]) {
    for (let ra = 0; ra < 360; ra += 15) {
      for (let dec = -90; dec <= 90; dec += 15) {
        const { longitude, latitude } = convert(ra, dec);
        expect(longitude >= 0 && longitude < 360 && Math.abs(latitude) <= 90, `${ra} ${dec}`).toBe(true);
        expect(separation(convert(ra + 360, dec), [longitude, latitude])).toBeLessThan(1e-12);
      }
    }
  }
});

it("goes back from a frame to where it came from", () => {
  const longitude = fc.double({ min: 0, max: 360, maxExcluded: true, noNaN: true });
  const latitude = fc.double({ min: -90, max: 90, noNaN: true });
  for (const [to, from] of [
    [toEcliptic, fromEcliptic],
    [toGalactic, fromGalactic],
  ] as const) {
    fc.assert(
      fc.property(longitude, latitude, (ra, dec) => {
        const there = to(ra, dec);
        const back = from(there.longitude, there.latitude);
        expect(separation({ longitude: back.ra, latitude: back.dec }, [ra, dec])).toBeLessThan(1e-9);
      }),
    );
  }
});

it("gives NaN for what is not a position", () => {
  expect(toGalactic(NaN, 0)).toEqual({ longitude: NaN, latitude: NaN });
  expect(fromEcliptic(0, Infinity)).toEqual({ ra: NaN, dec: NaN });
});
