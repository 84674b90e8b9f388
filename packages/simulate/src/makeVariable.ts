import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import type { Band } from "./exposures.js";
import { magnitudesBelowPeak, SHAPES } from "./lightCurveShapes.js";
import { drawPlace } from "./makeTransient.js";
import { makeGalaxy, makeStar } from "./makeSky.js";
import { fromGalactic } from "@btsbot/sky";
import type { EquatorialPosition } from "@btsbot/sky";
import { toFlux, toMagnitude } from "./source.js";
import type { Nature, SkyObject } from "./source.js";

type Name = "AGN" | "CV" | "Nova" | "RR Lyrae" | "Eclipsing binary" | "Long-period variable" | "Young star";
type Window = readonly [number, number];

const HERE = { east: 0, north: 0 };
/** When templates were made: the first months of the survey (Masci et al. 2019, section 3.6). */
const TEMPLATE_JD = 2458250;
/** Exposures that make a template, spread over as many days. */
const TEMPLATE_FRAMES = 15;

/** Makes an active nucleus or a variable star. */
export function makeVariable(random: Random, name: Name, window: Window): Nature {
  switch (name) {
    case "AGN":
      return makeNucleus(random, window);
    case "CV":
      return makeDwarfNova(random, window);
    case "Nova":
      return makeNova(random, window);
    default:
      return makeVariableStar(random, name, window);
  }
}

/** Near the Galaxy's plane, latitudes with this exponential scale, degrees. */
export function drawGalactic(random: Random, scale: number): EquatorialPosition {
  for (let tries = 0; tries < 200; tries += 1) {
    const latitude = Math.min(80, -scale * Math.log(random())) * (random.chance(0.5) ? 1 : -1);
    const place = fromGalactic(random.between(0, 360), latitude);
    if (place.dec > -28) return place;
  }
  return { ra: 300, dec: 20 };
}

/**
 * Random walk with a restoring force, as a sum of waves with its spectrum: magnitudes above and below the mean
 * (MacLeod et al. 2010, ApJ 721, 1014: 0.2 mag and 200 days are usual for quasars).
 */
function makeWalk(random: Random, deviation: number, days: number): (jd: number) => number {
  const waves = Array.from({ length: 24 }, (_, index) => {
    const rate = (Math.exp(-4.5 + (index + random()) * 0.33) * 2) / days;
    // Power of the walk times the width of the step in frequency.
    return { rate, power: rate / (1 + (rate * days) ** 2), phase: random.between(0, 2 * Math.PI) };
  });
  const total = waves.reduce((sum, { power }) => sum + power, 0);
  const parts = waves.map(({ rate, power, phase }) => ({
    rate,
    phase,
    amplitude: deviation * Math.sqrt((2 * power) / total),
  }));
  return (jd) =>
    parts.reduce((sum, { rate, phase, amplitude }) => sum + amplitude * Math.sin(rate * (jd - TEMPLATE_JD) + phase), 0);
}

/** Flux above that of the template, which is a mean over its exposures. */
function aboveTemplate(magnitude: (jd: number, band: Band) => number): Nature["change"] {
  const mean = ([1, 2] as const).map((band) => {
    let sum = 0;
    for (let frame = 0; frame < TEMPLATE_FRAMES; frame += 1) sum += toFlux(magnitude(TEMPLATE_JD + frame * 3.07, band));
    return sum / TEMPLATE_FRAMES;
  });
  return (jd, band) => toFlux(magnitude(jd, band)) - mean[band - 1];
}

/** Quasars look like stars; nearer nuclei sit in their galaxies. */
function makeNucleus(random: Random, window: Window): Nature {
  const isQuasar = random.chance(0.45);
  const r = isQuasar ? random.between(16.8, 19.8) : random.between(15.8, 19.8);
  const walk = makeWalk(random, random.between(0.12, 0.4), Math.exp(random.normal(5, 0.6)));
  // Bluer when brighter.
  const change = aboveTemplate((jd, band) => r + (band === 1 ? 0.2 + 1.15 * walk(jd) : walk(jd)));
  const nucleus = makeStar(random, r, HERE, 0.2);
  const host: SkyObject[] = isQuasar
    ? []
    : [
        makeGalaxy(random, {
          r: r - random.between(-1, 2.2),
          radius: random.between(1, 6),
          index: random.chance(0.5) ? 4 : 1,
          ...HERE,
        }),
      ];
  const redshift = isQuasar ? random.between(0.2, 2.5) : Math.exp(random.normal(-2.3, 0.5));
  return {
    place: drawPlace(random),
    change,
    objects: [...host, nucleus],
    redshift,
    begin: null,
    peak: findPeak(window, (jd) => r + walk(jd)),
  };
}

/** A dwarf nova whose outbursts come again and again, one of them in the window. */
function makeDwarfNova(random: Random, window: Window): Nature {
  const peak = random.between(14, 19.2);
  const quiet = Math.min(23.5, peak + random.between(2.2, 6.5));
  const period = Math.exp(random.between(Math.log(20), Math.log(20000)));
  const length = Math.exp(random.normal(0, 0.3)) * (random.chance(0.2) ? 2.2 : 1);
  const first = random.between(...window) - length * random.between(-1, 8);
  const jitter = random.below(1e6);
  const change = (jd: number, band: Band): number => {
    const count = Math.round((jd - first) / period);
    const other = createRandom(jitter, count);
    // The one of the window is on time; the others come early or late and differ in height.
    const at = first + period * (count + (count === 0 ? 0 : other.normal(0, 0.12)));
    const below = magnitudesBelowPeak(SHAPES.CV, band === 1 ? "g" : "r", (jd - at) / length);
    const height = count === 0 ? 0 : Math.abs(other.normal(0, 0.4));
    return peak + below + height < quiet ? toFlux(peak + below + height) - toFlux(quiet) : 0;
  };
  const star = makeStar(random, quiet, HERE, random.between(0.1, 0.7));
  return {
    place: drawGalactic(random, 25),
    change,
    objects: [star],
    redshift: null,
    begin: null,
    peak: { mag: peak, jd: first },
  };
}

function makeNova(random: Random, window: Window): Nature {
  const mag = random.between(12.5, 17.8);
  const scale = Math.exp(random.normal(0, 0.5));
  const jd0 = random.between(...window) - scale * random.between(-1.5, 60);
  const change = (jd: number, band: Band): number => {
    const below = magnitudesBelowPeak(SHAPES.Nova, band === 1 ? "g" : "r", (jd - jd0) / scale);
    return below > 12 ? 0 : toFlux(mag + below + (band === 1 ? 0.25 : 0));
  };
  const begin = jd0 + SHAPES.Nova.phase[0] * scale;
  return { place: drawGalactic(random, 5), change, objects: [], redshift: null, begin, peak: { mag, jd: jd0 } };
}

interface Star {
  /** Mean r, mag. */
  readonly r: readonly [brightest: number, faintest: number];
  readonly color: readonly [least: number, greatest: number];
  /** Galactic latitudes, exponential scale in degrees. */
  readonly latitude: number;
  /** Magnitudes around the mean in r; g varies `blue` times as much. */
  readonly wave: (random: Random) => (jd: number) => number;
  readonly blue: number;
}

/** Periods and amplitudes: Chen et al. 2020 (ApJS 249, 18), the survey's own catalogue of periodic variables. */
const STARS: Readonly<Record<Exclude<Name, "AGN" | "CV" | "Nova">, Star>> = {
  "RR Lyrae": {
    r: [13.5, 19.2],
    color: [0.1, 0.4],
    latitude: 30,
    blue: 1.35,
    wave: (random) => sawtooth(random.between(0.35, 0.75), 0.1 + 0.8 * random(), random()),
  },
  "Eclipsing binary": {
    r: [13, 18.5],
    color: [0.3, 1],
    latitude: 15,
    blue: 1.05,
    wave: (random) => eclipses(Math.exp(random.between(-1.3, 1.6)), 0.05 + 0.9 * random() ** 1.5, random()),
  },
  "Long-period variable": {
    r: [12.2, 17],
    color: [1.2, 2.6],
    latitude: 7,
    blue: 1.3,
    wave: (random) => pulsation(random, random.between(110, 480), 0.5 * Math.exp(random.normal(-0.6, 0.8))),
  },
  "Young star": {
    r: [13, 18],
    color: [0.8, 1.6],
    latitude: 7,
    blue: 1.3,
    wave: (random) => makeWalk(random, 0.4 * random() ** 1.5 + 0.04, random.between(2, 30)),
  },
};

function makeVariableStar(random: Random, name: keyof typeof STARS, window: Window): Nature {
  const {
    r: [brightest, faintest],
    color,
    latitude,
    wave,
    blue,
  } = STARS[name];
  const r = brightest + (faintest - brightest) * random() ** 0.8;
  const gr = random.between(...color);
  const around = wave(random);
  const magnitude = (jd: number, band: Band): number => (band === 1 ? r + gr + blue * around(jd) : r + around(jd));
  const change = aboveTemplate(magnitude);
  const mean = {
    g: toMagnitude(toFlux(magnitude(window[0], 1)) - change(window[0], 1)),
    r: toMagnitude(toFlux(magnitude(window[0], 2)) - change(window[0], 2)),
  };
  const star = { ...makeStar(random, mean.r, HERE, mean.g - mean.r), g: mean.g };
  return {
    place: drawGalactic(random, latitude),
    change,
    objects: [star],
    redshift: null,
    begin: null,
    peak: findPeak(window, (jd) => Math.min(magnitude(jd, 1), magnitude(jd, 2))),
  };
}

/** Type ab: up fast, down slowly. */
function sawtooth(period: number, amplitude: number, offset: number): (jd: number) => number {
  return (jd) => {
    const phase = ((((jd - TEMPLATE_JD) / period + offset) % 1) + 1) % 1;
    return amplitude * (phase < 0.15 ? 0.5 - phase / 0.15 : (phase - 0.15) / 0.85 - 0.5);
  };
}

function eclipses(period: number, depth: number, offset: number): (jd: number) => number {
  return (jd) => {
    const phase = ((((jd - TEMPLATE_JD) / period + offset) % 1) + 1) % 1;
    const dip = (centre: number): number => Math.exp(-0.5 * ((phase - centre) / 0.04) ** 2);
    return depth * (dip(0.5) + 0.5 * (dip(0) + dip(1))) - 0.06 * depth * Math.cos(4 * Math.PI * phase);
  };
}

function pulsation(random: Random, period: number, amplitude: number): (jd: number) => number {
  const [phase, second, slow] = [
    random.between(0, 2 * Math.PI),
    random.between(0, 2 * Math.PI),
    random.between(0, 2 * Math.PI),
  ];
  return (jd) => {
    const angle = (2 * Math.PI * (jd - TEMPLATE_JD)) / period;
    return (
      amplitude * (Math.sin(angle + phase) + 0.2 * Math.sin(2 * angle + second) + 0.35 * Math.sin(angle / 3.7 + slow))
    );
  };
}

/** The brightest moment of the nights that are simulated and the year before. */
function findPeak([from, to]: Window, magnitude: (jd: number) => number): Nature["peak"] {
  let peak = { mag: Infinity, jd: from };
  for (let jd = from - 365; jd <= to; jd += 0.83) {
    const mag = magnitude(jd);
    if (mag < peak.mag) peak = { mag, jd };
  }
  return peak;
}
