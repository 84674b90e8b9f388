// Makes ZTF alert packets of invented sources: the pixels and the numbers are synthetic, the format is the survey's.
import { gzipSync } from "node:zlib";
import { encodeAlerts } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import { writeFits } from "@btsbot/cutout";

const SIZE = 63;
const CENTER = 31;
/** DN that a star of magnitude 0 would have; a typical zero point of the survey. */
const ZERO_POINT = 26.3;
/** Noise of the sky in an exposure and, being a coadd of many, in the template, DN. */
const NOISE = { science: 9, template: 3 };
/** Sigma of the point spread function, pixels: seeing of about 2 arcsec. */
const PSF = 0.95;
/** Any night will do. */
const NIGHT = 2460000.8;

/**
 * Packets of a few invented sources that between them show what a scanner meets.
 *
 * @param {number} [seed] - the same seed gives the same bytes
 * @returns {{ name: string, story: string, bytes: Uint8Array }[]} a file name, what it stands for, an Avro container
 */
export function makePackets(seed = 1) {
  const random = createRandom(seed);
  return SOURCES.map((source, place) => {
    const alert = makeAlert(source, place, random);
    return { name: `${alert.objectId}.avro`, story: source.story, bytes: encodeAlerts([alert], { codec: "deflate" }) };
  });
}

const GALAXY = { x: 38, y: 27, mag: 16.2, radius: 4.5, tilt: 0.6, flat: 0.55 };
const YOUNG = { ndethist: 6, ncovhist: 640, age: 9 };
const OLD = { ndethist: 412, ncovhist: 905, age: 1610 };
const STAR = { sgscore1: 0.98, distpsnr1: 0.12 };

const SOURCES = [
  {
    name: "galaxsn",
    story: "a new source beside a galaxy, six days of rise",
    mag: 17.6,
    galaxy: GALAXY,
    ...YOUNG,
    drb: 0.999,
    candidate: {
      sgscore1: 0.03,
      distpsnr1: 6.9,
      sgscore2: 0.5,
      distpsnr2: 14.2,
      nmtchps: 6,
      distnr: 6.8,
      magnr: 16.9,
      chinr: 3.1,
      sharpnr: 0.62,
    },
    history: rise(17.6, 9),
  },
  {
    name: "edgeccd",
    story: "the same kind of source at the edge of a CCD: short stamps, masked pixels",
    mag: 18.1,
    galaxy: { ...GALAXY, x: 27, y: 36, mag: 17 },
    ...YOUNG,
    drb: 0.997,
    height: 52,
    masked: true,
    candidate: {
      sgscore1: 0.02,
      distpsnr1: 5.6,
      sgscore2: 0.31,
      distpsnr2: 17.5,
      nmtchps: 4,
      distnr: 5.6,
      magnr: 17.7,
      chinr: 2.2,
      sharpnr: 0.5,
    },
    history: rise(18.1, 7),
  },
  {
    name: "varstar",
    story: "a variable star, known for years",
    mag: 16.9,
    star: 16.1,
    ...OLD,
    drb: 0.998,
    candidate: {
      ...STAR,
      sgscore2: 0.9,
      distpsnr2: 9.1,
      nmtchps: 14,
      distnr: 0.1,
      magnr: 16.1,
      chinr: 0.6,
      sharpnr: 0.01,
    },
    history: Array.from({ length: 16 }, (_, i) => ({
      days: -28 + 1.8 * i,
      fid: 1 + (i % 2),
      mag: 17.3 + 0.7 * Math.sin(i * 1.1),
    })),
  },
  {
    name: "nucleus",
    story: "a galaxy whose nucleus has flickered for years",
    mag: 18.7,
    galaxy: { ...GALAXY, x: CENTER, y: CENTER, mag: 16.6 },
    ndethist: 131,
    ncovhist: 870,
    age: 1490,
    drb: 0.996,
    candidate: {
      sgscore1: 0.02,
      distpsnr1: 0.2,
      sgscore2: 0.4,
      distpsnr2: 12.7,
      nmtchps: 8,
      distnr: 0.3,
      magnr: 16.6,
      chinr: 4.2,
      sharpnr: 0.8,
    },
    history: Array.from({ length: 9 }, (_, i) => ({
      days: -27 + 3 * i,
      fid: 1 + (i % 2),
      mag: 18.9 + 0.3 * Math.cos(i * 2.3),
    })),
  },
  {
    name: "minorpl",
    story: "a moving object: nothing there before, nothing in its history",
    mag: 19.4,
    ndethist: 1,
    ncovhist: 310,
    age: 0,
    drb: 0.99,
    candidate: {
      sgscore1: 0.5,
      distpsnr1: 11.8,
      sgscore2: 0.8,
      distpsnr2: 19.4,
      nmtchps: 3,
      distnr: 14.2,
      magnr: 21.3,
      chinr: 0.8,
      sharpnr: -0.02,
      ssdistnr: 0.4,
      ssmagnr: 19.3,
      ssnamenr: "synthetic",
    },
    history: [],
  },
  {
    name: "dipoles",
    story: "a bad subtraction: a bright star, half a pixel out of place",
    mag: 18.2,
    star: 14.6,
    shift: 0.45,
    ndethist: 3,
    ncovhist: 520,
    age: 240,
    drb: 0.04,
    candidate: {
      ...STAR,
      sgscore2: 0.97,
      distpsnr2: 12.5,
      nmtchps: 9,
      distnr: 0.6,
      magnr: 14.6,
      chinr: 1.4,
      sharpnr: 0.2,
    },
    history: [{ days: -21, fid: 2, mag: 18.6 }],
  },
  {
    name: "drbless",
    story: "a packet without drb, as before mid-2019: BTSbot does not guess it",
    mag: 18.4,
    galaxy: { ...GALAXY, mag: 16.8 },
    ...YOUNG,
    drb: null,
    candidate: {
      sgscore1: 0.05,
      distpsnr1: 6.2,
      sgscore2: 0.5,
      distpsnr2: 13.3,
      nmtchps: 5,
      distnr: 6.2,
      magnr: 17.2,
      chinr: 2.9,
      sharpnr: 0.55,
    },
    history: rise(18.4, 5),
  },
  {
    name: "damaged",
    story: "a template that was cut off on its way",
    mag: 18.8,
    star: 17.2,
    ...OLD,
    drb: 0.93,
    cutTemplate: true,
    candidate: { ...STAR, sgscore2: 0.4, distpsnr2: 8.8, nmtchps: 7, distnr: 0.2, magnr: 17.2, chinr: 0.7, sharpnr: 0 },
    history: [
      { days: -12, fid: 1, mag: 18.5 },
      { days: -5, fid: 2, mag: 18.9 },
    ],
  },
];

/** Upper limits, then a rise to `mag` within `days`, g and r in turn. */
function rise(mag, days) {
  const limits = [-27, -24, -21, -18, -14, -11]
    .filter((day) => day < -days)
    .map((day, i) => ({ days: day, fid: 1 + (i % 2), limit: 20.3 - 0.1 * (i % 3) }));
  const points = Array.from({ length: 5 }, (_, i) => ({
    days: -days * (1 - i / 5),
    fid: 1 + (i % 2),
    mag: mag + 2.2 * (1 - i / 5) ** 2,
  }));
  return [...limits, ...points];
}

function makeAlert(source, place, random) {
  const { name, mag, drb, age, ndethist, ncovhist, history } = source;
  const jd = NIGHT + place * 0.0125;
  const candid = 2000000000000015000n + BigInt(place);
  const sigmapsf = 0.03 + 0.1 * 10 ** (0.4 * (mag - 20));
  const [ra, dec] = [120 + 7.31 * place, 18 + 4.17 * place];
  const measured = { programid: 1, isdiffpos: "t", ra, dec };
  const candidate = {
    ...measured,
    jd,
    fid: 2,
    pid: 2000000000015n,
    candid,
    magpsf: mag,
    sigmapsf,
    chipsf: 1 + random(),
    diffmaglim: 20.4,
    field: 600,
    rcid: 15,
    fwhm: 2.2,
    scorr: 1.09 / sigmapsf,
    sky: 0.1,
    rb: drb === null ? 0.8 : drb * 0.9,
    drb,
    drbversion: drb === null ? null : "synthetic",
    ndethist,
    ncovhist,
    jdstarthist: jd - age,
    jdendhist: jd,
    magzpsci: ZERO_POINT,
    ssdistnr: -999,
    ssmagnr: -999,
    sgscore3: 0.5,
    distpsnr3: 22,
    neargaia: 8.1,
    maggaia: 18.3,
    exptime: 30,
    ...source.candidate,
  };
  const prv_candidates = history.map(({ days, fid, mag: magpsf, limit }, index) => ({
    jd: jd + days,
    fid,
    pid: 1990000000015n + BigInt(index),
    diffmaglim: limit ?? 20.4,
    programid: 1,
    ...(magpsf !== undefined && { ...measured, candid: candid - 1000000n + BigInt(index), magpsf, sigmapsf: 0.08 }),
  }));
  const stamps = makeStamps(source, random);
  const pack = (kind, cut = false) => {
    const bytes = gzipSync(writeFits(stamps[kind]));
    return {
      fileName: `synthetic_${name}_${kind}.fits.gz`,
      stampData: cut ? bytes.subarray(0, bytes.length / 2) : new Uint8Array(bytes),
    };
  };
  return {
    schemavsn: "4.02",
    publisher: "synthetic",
    objectId: `ZTF99${name}`,
    candid,
    candidate,
    prv_candidates,
    cutoutScience: pack("science"),
    cutoutTemplate: pack("template", source.cutTemplate),
    cutoutDifference: pack("difference"),
  };
}

/** Science, template and their difference, with a template star `shift` pixels out of place. */
function makeStamps({ mag, galaxy, star, shift = 0, height = SIZE, masked = false }, random) {
  const field = Array.from({ length: 4 }, () => ({ x: SIZE * random(), y: SIZE * random(), mag: 18 + 2.5 * random() }));
  const render = (noise, sky, extra) => {
    const pixels = new Float32Array(SIZE * height);
    for (let i = 0; i < pixels.length; i += 1) {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      pixels[i] = sky + noise * random.normal() + (galaxy ? galaxyAt(galaxy, x, y) : 0);
      for (const point of [...field, ...extra]) pixels[i] += starAt(point, x, y);
    }
    return pixels;
  };
  const known = star === undefined ? [] : [{ x: CENTER, y: CENTER, mag: star }];
  const moved = known.map((point) => ({ ...point, x: point.x + shift, y: point.y + shift / 2 }));
  const event = shift > 0 ? [] : [{ x: CENTER, y: CENTER, mag }];
  const science = render(NOISE.science, 210, [...moved, ...event]);
  const template = render(NOISE.template, 165, known);
  const difference = science.map((value, i) => value - 210 - (template[i] - 165));
  if (masked) for (const plane of [science, difference]) plane.fill(NaN, 0, SIZE * 3);
  const stamp = (pixels) => ({ width: SIZE, height, pixels });
  return { science: stamp(science), template: stamp(template), difference: stamp(difference) };
}

function flux(mag) {
  return 10 ** (0.4 * (ZERO_POINT - mag));
}

/** A round Gaussian. */
function starAt({ x, y, mag }, column, row) {
  const squared = ((column - x) ** 2 + (row - y) ** 2) / PSF ** 2;
  return squared > 60 ? 0 : (flux(mag) / (2 * Math.PI * PSF ** 2)) * Math.exp(-squared / 2);
}

/** A tilted exponential disk. */
function galaxyAt({ x, y, mag, radius, tilt, flat }, column, row) {
  const [dx, dy] = [column - x, row - y];
  const along = dx * Math.cos(tilt) + dy * Math.sin(tilt);
  const across = (dy * Math.cos(tilt) - dx * Math.sin(tilt)) / flat;
  return (flux(mag) / (2 * Math.PI * radius ** 2 * flat)) * Math.exp(-Math.hypot(along, across, PSF) / radius);
}
