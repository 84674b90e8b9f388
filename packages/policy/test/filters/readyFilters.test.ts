import { describe, expect, it } from "vitest";
import { applyFilter, FILTERS, getFilter, parseFilter } from "../../src/index.js";
import type { FilterResult } from "../../src/index.js";
import { makeSource, SCORES } from "./makeSource.js";
import type { Earlier } from "./makeSource.js";

type Fields = Readonly<Record<string, number | string | boolean | null>>;

const failing = ({ checks }: FilterResult): string[] => checks.filter(({ pass }) => !pass).map(({ name }) => name);
const apply = (
  name: string,
  fields: Fields = {},
  before?: readonly Earlier[],
  scores: Readonly<Record<string, number>> = SCORES,
) => applyFilter(getFilter(name), makeSource(fields, before), { scores });

/** Fields that lie on the side that passes and on the side that fails, next to a cut, and the check that fails. */
type Cut = readonly [check: string, passes: Fields, fails: Fields];

const OLD = { jdstarthist: 2459010.5 - 100 };
const ANCIENT = { jdstarthist: 2459010.5 - 400 };
/** Ages at each side of so many days: dates have no more digits than 1e-6 d. */
const aged = (days: number, side: 1 | -1): Fields => ({ jdstarthist: 2459010.5 - days - side * 1e-6 });

/** On the meridian of the Galactic pole, at declination 27.12825, the latitude is 90 less the distance from it. */
const LATITUDE: readonly Cut[] = [
  ["latitude", { ra: 192.85948, dec: 27.12825 - 82.9999 }, { ra: 192.85948, dec: 27.12825 - 83.0001 }],
  ["latitude", { ra: 192.85948, dec: 27.12825 - 97.0001 }, { ra: 192.85948, dec: 27.12825 - 96.9999 }],
];

const POINT_UNDERNEATH: readonly Cut[] = [
  ["pointunderneath", { sgscore1: 0.76, distpsnr1: 1 }, { sgscore1: 0.761, distpsnr1: 1 }],
  ["pointunderneath", { sgscore1: 0.8, distpsnr1: 2 }, { sgscore1: 0.8, distpsnr1: 1.999 }],
];
const RED_UNDERNEATH: readonly Cut[] = [
  ["pointunderneath", { sgscore1: 0.8, distpsnr1: -999 }, { sgscore1: 0.8, distpsnr1: 0 }],
  [
    "pointunderneath",
    { sgscore1: 0.2, distpsnr1: 0.5, srmag1: 20, szmag1: 16.5 },
    { sgscore1: 0.21, distpsnr1: 0.5, srmag1: 20, szmag1: 16.5 },
  ],
  [
    "pointunderneath",
    { sgscore1: 0.3, distpsnr1: 1, srmag1: 20, simag1: 16.5 },
    { sgscore1: 0.3, distpsnr1: 0.999, srmag1: 20, simag1: 16.5 },
  ],
  [
    "pointunderneath",
    { sgscore1: 0.3, distpsnr1: 0.5, srmag1: 20, szmag1: 17 },
    { sgscore1: 0.3, distpsnr1: 0.5, srmag1: 20, szmag1: 16.99 },
  ],
  [
    "pointunderneath",
    { sgscore1: 0.3, distpsnr1: 0.5, srmag1: 20, simag1: 17 },
    { sgscore1: 0.3, distpsnr1: 0.5, srmag1: 20, simag1: 16.99 },
  ],
  [
    "pointunderneath",
    { sgscore1: 0.3, distpsnr1: 0.5, srmag1: 20, simag1: -999, szmag1: -999 },
    { sgscore1: 0.3, distpsnr1: 0.5, srmag1: 20, simag1: 1 },
  ],
];

const GAIA_35 = { rb: 0.34, neargaia: 0.9, maggaia: 16.5 };
const PS1_35 = { rb: 0.34, distpsnr1: 0.9, sgscore1: 0.5, srmag1: 16.5, simag1: 17.5, szmag1: 17.5 };
const GAIA_45 = { rb: 0.44, neargaia: 1.4, maggaia: 15.4 };
const PS1_45 = { rb: 0.44, distpsnr1: 1.4, sgscore1: 0.5, srmag1: 15.4, simag1: 17, szmag1: 17 };
const REAL: readonly Cut[] = [
  ["real", { rb: 0.201 }, { rb: 0.2 }],
  ["real", { ...GAIA_35, rb: 0.35 }, GAIA_35],
  ["real", { ...GAIA_35, neargaia: 1 }, { ...GAIA_35, neargaia: 0.999 }],
  ["real", { ...GAIA_35, maggaia: 17 }, { ...GAIA_35, maggaia: 16.999 }],
  ["real", { ...GAIA_35, neargaia: -999, maggaia: -999 }, GAIA_35],
  ["real", { ...PS1_35, rb: 0.35 }, PS1_35],
  ["real", { ...PS1_35, distpsnr1: 1 }, { ...PS1_35, distpsnr1: 0.999 }],
  ["real", { ...PS1_35, sgscore1: 0.49 }, { ...PS1_35, sgscore1: 0.491 }],
  ["real", { ...PS1_35, srmag1: 17 }, { ...PS1_35, srmag1: 16.999 }],
  ["real", { ...PS1_35, srmag1: 18, simag1: 17 }, { ...PS1_35, srmag1: 18, simag1: 16.999 }],
  ["real", { ...PS1_35, srmag1: 18, szmag1: 16.5 }, { ...PS1_35, srmag1: 18, szmag1: 16.499 }],
  ["real", { ...PS1_35, srmag1: -999, simag1: -999, szmag1: -999 }, PS1_35],
  ["real", { ...GAIA_45, rb: 0.45 }, GAIA_45],
  ["real", { ...GAIA_45, neargaia: 1.5 }, { ...GAIA_45, neargaia: 1.499 }],
  ["real", { ...GAIA_45, maggaia: 15.5 }, { ...GAIA_45, maggaia: 15.499 }],
  ["real", { ...PS1_45, rb: 0.45 }, PS1_45],
  ["real", { ...PS1_45, distpsnr1: 1.5 }, { ...PS1_45, distpsnr1: 1.499 }],
  ["real", { ...PS1_45, srmag1: 15.5 }, { ...PS1_45, srmag1: 15.499 }],
  ["real", { ...PS1_45, srmag1: 18, simag1: 15.5 }, { ...PS1_45, srmag1: 18, simag1: 15.499 }],
  ["real", { ...PS1_45, srmag1: 18, szmag1: 15 }, { ...PS1_45, srmag1: 18, szmag1: 14.999 }],
  ["real", { drb: 0.1 }, { drb: 0.099 }],
  ["real", { ...OLD, drb: 0.5, distpsnr1: 2.5, srmag1: 15.9 }, { ...OLD, drb: 0.499, distpsnr1: 2.5, srmag1: 15.9 }],
  ["real", { ...OLD, drb: 0.4, distpsnr1: 3, srmag1: 15.9 }, { ...OLD, drb: 0.4, distpsnr1: 2.999, srmag1: 15.9 }],
  ["real", { ...OLD, drb: 0.4, distpsnr1: 2.5, srmag1: 16 }, { ...OLD, drb: 0.4, distpsnr1: 2.5, srmag1: 15.999 }],
  [
    "real",
    { ...aged(90, -1), drb: 0.4, distpsnr1: 2.5, srmag1: 15.9 },
    { ...aged(90, 1), drb: 0.4, distpsnr1: 2.5, srmag1: 15.9 },
  ],
  ["real", { ...OLD, drb: 0.4, distpsnr1: 1.1, srmag1: 17.9 }, { ...OLD, drb: 0.4, distpsnr1: 1.099, srmag1: 17.9 }],
  ["real", { ...OLD, drb: 0.4, distpsnr1: 1, srmag1: 18 }, { ...OLD, drb: 0.4, distpsnr1: 1, srmag1: 17.999 }],
  ["real", { ...OLD, drb: 0.8, distpsnr1: 1.4, srmag1: 15.4 }, { ...OLD, drb: 0.799, distpsnr1: 1.4, srmag1: 15.4 }],
  ["real", { ...OLD, drb: 0.7, distpsnr1: 1.5, srmag1: 15.4 }, { ...OLD, drb: 0.7, distpsnr1: 1.499, srmag1: 15.4 }],
  ["real", { ...OLD, drb: 0.7, distpsnr1: 1.4, srmag1: 15.5 }, { ...OLD, drb: 0.7, distpsnr1: 1.4, srmag1: 15.499 }],
  ["real", { ...OLD, drb: 0.7, distpsnr1: 0.8, srmag1: 17.4 }, { ...OLD, drb: 0.7, distpsnr1: 0.799, srmag1: 17.4 }],
  ["real", { ...OLD, drb: 0.7, distpsnr1: 0.7, srmag1: 17.5 }, { ...OLD, drb: 0.7, distpsnr1: 0.7, srmag1: 17.499 }],
  // Without r the next band counts: i, then g.
  [
    "real",
    { ...OLD, drb: 0.4, distpsnr1: 1, srmag1: -999, simag1: 18, sgmag1: 15 },
    { ...OLD, drb: 0.4, distpsnr1: 1, srmag1: -999, simag1: 17.9 },
  ],
  [
    "real",
    { ...OLD, drb: 0.4, distpsnr1: 1, srmag1: -999, simag1: -999, sgmag1: 18 },
    { ...OLD, drb: 0.4, distpsnr1: 1, srmag1: -999, simag1: -999, sgmag1: 17.9 },
  ],
];

const BRIGHT_STAR: readonly Cut[] = [
  ["brightstar", { neargaiabright: 20, maggaiabright: 11 }, { neargaiabright: 19.99, maggaiabright: 11 }],
  ["brightstar", { neargaiabright: 10, maggaiabright: 12 }, { neargaiabright: 10, maggaiabright: 11.99 }],
  ["brightstar", { neargaiabright: -999, maggaiabright: -999 }, { neargaiabright: 10, maggaiabright: 11 }],
  ...[1, 2, 3].flatMap((place): Cut[] => {
    const star = { [`distpsnr${place}`]: 15, [`srmag${place}`]: 13, [`sgscore${place}`]: 0.95 };
    return [
      ["brightstar", { ...star, [`distpsnr${place}`]: 20 }, { ...star, [`distpsnr${place}`]: 19.99 }],
      ["brightstar", { ...star, [`srmag${place}`]: 14 }, { ...star, [`srmag${place}`]: 13.99 }],
      ["brightstar", { ...star, [`sgscore${place}`]: 0.9 }, { ...star, [`sgscore${place}`]: 0.91 }],
      ["brightstar", { ...star, [`distpsnr${place}`]: -999 }, star],
      ["brightstar", { ...star, [`srmag${place}`]: -999 }, star],
    ];
  }),
  ["brightstar", { distpsnr1: 19, simag1: 14, sgscore1: 0.95 }, { distpsnr1: 19, simag1: 13.99, sgscore1: 0.95 }],
  ["brightstar", { distpsnr1: 10, szmag1: 13, sgscore1: 0.95 }, { distpsnr1: 9.99, szmag1: 13, sgscore1: 0.95 }],
  ["brightstar", { distpsnr1: 9, szmag1: 14, sgscore1: 0.95 }, { distpsnr1: 9, szmag1: 13.99, sgscore1: 0.95 }],
];

const VARIABLE: readonly Cut[] = [
  ["variablesource", { ...OLD, neargaia: 0.35, maggaia: 16 }, { ...OLD, neargaia: 0.349, maggaia: 16 }],
  ["variablesource", { ...OLD, neargaia: 0.3, maggaia: 17 }, { ...OLD, neargaia: 0.3, maggaia: 16.99 }],
  ["variablesource", { ...aged(30, -1), neargaia: 0.3, maggaia: 16 }, { ...aged(30, 1), neargaia: 0.3, maggaia: 16 }],
  ["variablesource", { ...OLD, neargaia: 0, maggaia: 16 }, { ...OLD, neargaia: 0.01, maggaia: 16 }],
  [
    "variablesource",
    { ...ANCIENT, neargaia: 0.3, maggaia: 19, magpsf: 18.6 },
    { ...ANCIENT, neargaia: 0.3, maggaia: 18.99, magpsf: 18.6 },
  ],
  [
    "variablesource",
    { ...aged(300, -1), neargaia: 0.3, maggaia: 18.5, magpsf: 18.6 },
    { ...aged(300, 1), neargaia: 0.3, maggaia: 18.5, magpsf: 18.6 },
  ],
  [
    "variablesource",
    { ...ANCIENT, neargaia: 0.3, maggaia: 18.5, magpsf: 18.5 },
    { ...ANCIENT, neargaia: 0.3, maggaia: 18.5, magpsf: 18.51 },
  ],
  ["variablesource", { ...OLD, neargaia: 0.2, maggaia: 17.5 }, { ...OLD, neargaia: 0.199, maggaia: 17.5 }],
  ["variablesource", { ...OLD, neargaia: 0.1, maggaia: 18 }, { ...OLD, neargaia: 0.1, maggaia: 17.99 }],
  ["variablesource", { ...OLD, sgscore1: 0.25, srmag1: 15.9 }, { ...OLD, sgscore1: 0.26, srmag1: 15.9 }],
  [
    "variablesource",
    { ...OLD, sgscore1: 0.3, distpsnr1: 3, srmag1: 15.9 },
    { ...OLD, sgscore1: 0.3, distpsnr1: 2.99, srmag1: 15.9 },
  ],
  ["variablesource", { ...aged(90, -1), sgscore1: 0.3, srmag1: 15.9 }, { ...aged(90, 1), sgscore1: 0.3, srmag1: 15.9 }],
  ["variablesource", { ...OLD, sgscore1: 0.3, szmag1: 16 }, { ...OLD, sgscore1: 0.3, szmag1: 15.99 }],
  [
    "variablesource",
    { ...OLD, sgscore1: 0.51, distpsnr1: 0.4, srmag1: 16.9 },
    { ...OLD, sgscore1: 0.5, distpsnr1: 0.4, srmag1: 16.9 },
  ],
  [
    "variablesource",
    { ...OLD, sgscore1: 0.5, distpsnr1: 0.5, srmag1: 16.9 },
    { ...OLD, sgscore1: 0.5, distpsnr1: 0.49, srmag1: 16.9 },
  ],
  [
    "variablesource",
    { ...OLD, sgscore1: 0.5, distpsnr1: 0.4, srmag1: 17, szmag1: 17 },
    { ...OLD, sgscore1: 0.5, distpsnr1: 0.4, srmag1: 16.99 },
  ],
  // Brightest before is 18.2, two days ago.
  [
    "variablesource",
    { ...OLD, distnr: 0.4, magnr: 17.4, magpsf: 18.2 },
    { ...OLD, distnr: 0.4, magnr: 17.2, magpsf: 18.21 },
  ],
  [
    "variablesource",
    { ...OLD, distnr: 0.5, magnr: 17, magpsf: 18.4 },
    { ...OLD, distnr: 0.49, magnr: 17, magpsf: 18.4 },
  ],
  [
    "variablesource",
    { ...OLD, distnr: 0.4, magnr: 17.4, magpsf: 18.4 },
    { ...OLD, distnr: 0.4, magnr: 17.39, magpsf: 18.4 },
  ],
  ["variablesource", { ...OLD, distnr: 0.4, magnr: 0, magpsf: 18.4 }, { ...OLD, distnr: 0.4, magnr: 17, magpsf: 18.4 }],
  [
    "variablesource",
    { ...aged(90, -1), distnr: 0.4, magnr: 17, magpsf: 18.4 },
    { ...aged(90, 1), distnr: 0.4, magnr: 17, magpsf: 18.4 },
  ],
];

const ROCK: readonly Cut[] = [
  ["rock", { ssdistnr: 12, ssmagnr: 18 }, { ssdistnr: 11.99, ssmagnr: 18 }],
  ["rock", { ssdistnr: -0.01, ssmagnr: 18 }, { ssdistnr: 0, ssmagnr: 18 }],
  ["rock", { ssdistnr: 3, ssmagnr: 20 }, { ssdistnr: 3, ssmagnr: 19.99 }],
];

const POSITIVE: readonly Cut[] = ["t", "1", 1, true].map((sign): Cut => [
  "positive",
  { isdiffpos: sign },
  { isdiffpos: sign === "t" ? "f" : "0" },
]);

const BOTH: readonly Cut[] = [
  ...LATITUDE,
  ...POINT_UNDERNEATH,
  ...RED_UNDERNEATH,
  ...REAL,
  ...BRIGHT_STAR,
  ...VARIABLE,
  ...ROCK,
  ...POSITIVE,
];

const SIMPLE_BRIGHT_STAR: readonly Cut[] = [1, 2, 3].flatMap((place): Cut[] => {
  const star = { [`distpsnr${place}`]: 15, [`srmag${place}`]: 14.5, [`sgscore${place}`]: 0.5 };
  return [
    ["brightstar", { ...star, [`distpsnr${place}`]: 20 }, { ...star, [`distpsnr${place}`]: 19.99 }],
    ["brightstar", { ...star, [`srmag${place}`]: 15 }, { ...star, [`srmag${place}`]: 14.99 }],
    ["brightstar", { ...star, [`srmag${place}`]: 0 }, { ...star, [`srmag${place}`]: 0.01 }],
    ["brightstar", { ...star, [`sgscore${place}`]: 0.49 }, { ...star, [`sgscore${place}`]: 0.491 }],
  ];
});
const HALF = { sgscore1: 0.5, distpsnr1: 0.4, srmag1: 18, simag1: 18, sgmag1: 18 };
const SIMPLE_UNDERNEATH: readonly Cut[] = ["sgmag1", "srmag1", "simag1"].map((band): Cut => [
  "brightstar",
  { ...HALF, [band]: 17 },
  { ...HALF, [band]: 16.99 },
]);

const SIMPLIFIED: readonly Cut[] = [
  ...LATITUDE,
  ...POINT_UNDERNEATH,
  ...SIMPLE_BRIGHT_STAR,
  ...SIMPLE_UNDERNEATH,
  ["brightstar", { ...HALF, distpsnr1: 0.5, srmag1: 16 }, { ...HALF, srmag1: -999 }],
  ["real", { drb: 0.501 }, { drb: 0.5 }],
  ...ROCK,
  ...POSITIVE,
];

const nearbyCuts = (drb: number): readonly Cut[] => [
  ...LATITUDE,
  ["rb", { rb: 0.301 }, { rb: 0.3 }],
  ["drb", { drb: drb + 0.001 }, { drb }],
  ["ndethist", { ndethist: 200 }, { ndethist: 201 }],
  ["nbad", { nbad: 4 }, { nbad: 5 }],
  ["fwhm", { fwhm: 0.51 }, { fwhm: 0.5 }],
  ["fwhm", { fwhm: 7.99 }, { fwhm: 8 }],
  ["aperture", { magap: 18.24 }, { magap: 18.25 }],
  ["aperture", { magap: 16.76 }, { magap: 16.75 }],
  ["nopointunderneath", { sgscore1: 0.76, distpsnr1: 1 }, { sgscore1: 0.761, distpsnr1: 1 }],
  ["nopointunderneath", { sgscore1: 0.8, distpsnr1: 2 }, { sgscore1: 0.8, distpsnr1: 1.99 }],
  ["nopointunderneath", { sgscore1: 0.8, distpsnr1: -999 }, { sgscore1: 0.8, distpsnr1: 0 }],
  ["norock", { ssdistnr: 12, ssmagnr: 18 }, { ssdistnr: 11.99, ssmagnr: 18 }],
  ["norock", { ssdistnr: 3, ssmagnr: 20 }, { ssdistnr: 3, ssmagnr: 19.99 }],
  ["norock", { ssdistnr: 3, ssmagnr: -20 }, { ssdistnr: 3, ssmagnr: -19.99 }],
  ["variablesource", { ...OLD, distnr: 0.4, magnr: 18.9 }, { ...OLD, distnr: 0.39, magnr: 18.9 }],
  ["variablesource", { ...OLD, distnr: 0.3, magnr: 19 }, { ...OLD, distnr: 0.3, magnr: 18.99 }],
  ["variablesource", { ...OLD, distnr: 0.8, magnr: 16.9 }, { ...OLD, distnr: 0.79, magnr: 16.9 }],
  ["variablesource", { ...OLD, distnr: 0.7, magnr: 17 }, { ...OLD, distnr: 0.7, magnr: 16.99 }],
  ["variablesource", { ...OLD, distnr: 1.2, magnr: 14.9 }, { ...OLD, distnr: 1.19, magnr: 14.9 }],
  ["variablesource", { ...OLD, distnr: 1, magnr: 15 }, { ...OLD, distnr: 1, magnr: 14.99 }],
  ["variablesource", { ...aged(90, -1), distnr: 0.3, magnr: 18 }, { ...aged(90, 1), distnr: 0.3, magnr: 18 }],
  // As in the pipelines: no match in the reference image is -999, under every limit.
  ["variablesource", { distnr: -999, magnr: -999 }, { ...OLD, distnr: -999, magnr: -999 }],
  ...SIMPLE_BRIGHT_STAR,
  ...SIMPLE_UNDERNEATH,
  ["brightstar", { ...HALF, srmag1: -999 }, { ...HALF, srmag1: 16.9 }],
  ...POSITIVE,
];

const acaiCuts = (limits: Readonly<Record<string, number>>): readonly (readonly [string, number, number])[] =>
  Object.entries(limits).map(([name, limit]) => [name, limit - 1e-6, limit]);

/** Cuts that reach into other checks too: only the named one is looked at. */
const CUTS: Readonly<Record<string, readonly Cut[]>> = {
  "bts-2020": [...BOTH, ["rock", { ssdistnr: 12, ssmagnr: -999 }, { ssdistnr: 3, ssmagnr: -999 }]],
  "bts-production": [...BOTH, ["rock", { ssdistnr: 3, ssmagnr: -999 }, { ssdistnr: 3, ssmagnr: -19.99 }]],
  "bts-simplified": SIMPLIFIED,
  "btsbot-nearby-sedm": nearbyCuts(0.7),
  "btsbot-nearby-swift": nearbyCuts(0.8),
};

describe("ready filters", () => {
  it.each(FILTERS.map((filter) => [filter.name, filter] as const))(
    "%s lets the young supernova through",
    (_, filter) => {
      const result = applyFilter(filter, makeSource(), { scores: SCORES });
      expect(result).toMatchObject({ name: filter.name, pass: true, missing: [] });
      expect(result.reason).toMatch(/^every check holds: /);
    },
  );

  it.each(FILTERS.map((filter) => [filter.name, filter] as const))(
    "%s is JSON: written and read it is the same",
    (_, filter) => {
      expect(parseFilter(JSON.stringify(filter))).toEqual(filter);
      expect(parseFilter(filter)).toEqual(filter);
    },
  );

  it("have names of their own, and say what they are and where from", () => {
    expect(new Set(FILTERS.map(({ name }) => name)).size).toBe(FILTERS.length);
    for (const { description, source } of FILTERS)
      expect([description, source].every((text) => text!.length > 10)).toBe(true);
  });

  it("are found by name, or the names are told", () => {
    expect(getFilter("bts-2020").name).toBe("bts-2020");
    expect(() => getFilter("bts")).toThrow(
      expect.objectContaining({
        code: "filter-unknown",
        expected: expect.stringContaining("bts-2020, bts-production"),
      }),
    );
  });

  describe.each(Object.entries(CUTS))("%s", (name, cuts) => {
    it.each(
      cuts.map(
        ([check, passes, fails]) => [check, JSON.stringify(passes), JSON.stringify(fails), passes, fails] as const,
      ),
    )("%s: %s passes, %s does not", (check, _, __, passes, fails) => {
      expect(failing(apply(name, passes))).not.toContain(check);
      const result = apply(name, fails);
      expect(failing(result)).toContain(check);
      expect(result.pass).toBe(false);
      expect(result.reason).toContain(check);
    });
  });
});

const detection = (days: number, more: Partial<Earlier> = {}): Earlier => ({
  days,
  magpsf: 18.2,
  isdiffpos: "t",
  ...more,
});
const LIMIT: Earlier = { days: 3 };

describe("ready filters read the history", () => {
  it.each([
    ["bts-2020", 0.0201, 0.0199, 100],
    ["bts-production", 0.0201, 0.0199, 99.99],
    ["bts-simplified", 0.0201, 0.0199, 99.99],
    ["btsbot-nearby-sedm", 0.0071, 0.0069, 5.49],
    ["btsbot-nearby-swift", 0.0071, 0.0069, 2.49],
  ])("%s wants a positive detection at least %s d before, not %s, and at most %s", (name, from, tooNew, to) => {
    const stationary = (before: readonly Earlier[]): boolean =>
      !failing(apply(name, {}, [...before, LIMIT])).includes("stationary");
    expect([from, to].map((days) => stationary([detection(days)]))).toEqual([true, true]);
    expect(stationary([detection(tooNew)])).toBe(false);
    expect(stationary([detection(from, { isdiffpos: "f" })])).toBe(false);
    expect(stationary([])).toBe(false);
    expect(stationary([detection(from, { fid: 2 })])).toBe(true);
    expect(stationary([detection(to + 0.02)])).toBe(name === "bts-2020");
  });

  it.each(["bts-2020", "bts-production", "bts-simplified"])(
    "%s takes the alert as bright if it was within 0.75 d",
    (name) => {
      const bright = (magpsf: number, before: readonly Earlier[], more: Fields = {}): boolean =>
        !failing(apply(name, { magpsf, ...more }, before)).includes("bright");
      expect([bright(18.99, []), bright(19, [])]).toEqual([true, false]);
      expect([bright(19.5, [detection(0.74)]), bright(19.5, [detection(0.76)])]).toEqual([true, false]);
      expect([
        bright(19.5, [detection(0.5, { magpsf: 18.99 })]),
        bright(19.5, [detection(0.5, { magpsf: 19 })]),
      ]).toEqual([true, false]);
      // The author's code wants the earlier detection positive, the pipelines the alert itself.
      expect(bright(19.5, [detection(0.5, { isdiffpos: "f" })])).toBe(name !== "bts-2020");
      expect(bright(19.5, [detection(0.5)], { isdiffpos: "f" })).toBe(name === "bts-2020");
    },
  );

  it.each(["btsbot-nearby-sedm", "btsbot-nearby-swift"])("%s wants an upper limit within 3.5 d", (name) => {
    expect(apply(name, {}, [detection(2), { days: 3.49 }]).pass).toBe(true);
    expect(failing(apply(name, {}, [detection(2), { days: 3.51 }]))).toEqual(["recentlimit"]);
    expect(failing(apply(name, {}, [detection(2)]))).toEqual(["recentlimit"]);
  });

  it("bts-2020 alone rejects what was bright before on a source of the reference image", () => {
    const variable = (fields: Fields, before: readonly Earlier[], name = "bts-2020"): boolean =>
      failing(apply(name, { ...OLD, distnr: 0.3, magnr: 19.4, magpsf: 18.7, ...fields }, before)).includes(
        "variablesource",
      );
    const twice = [detection(5, { magpsf: 18.9 }), detection(6, { magpsf: 18.99 })];
    expect(variable({}, twice)).toBe(true);
    expect(variable({}, twice, "bts-production")).toBe(false);
    expect(variable({}, twice.slice(1))).toBe(false);
    expect(variable(ANCIENT, twice.slice(1))).toBe(true);
    expect(variable(aged(360, -1), twice.slice(1))).toBe(false);
    expect(variable(aged(360, 1), twice.slice(1))).toBe(true);
    expect(variable(aged(90, -1), twice)).toBe(false);
    expect(variable({}, [twice[0], { ...twice[1], magpsf: 19 }])).toBe(false);
    expect(variable({}, [twice[0], { ...twice[1], fid: 2 }])).toBe(false);
    expect(variable({}, [twice[0], { ...twice[1], isdiffpos: "f" }])).toBe(false);
    // At its maximum and under 18.5 it may be a new outburst.
    expect(variable({ magpsf: 18.49 }, twice)).toBe(false);
    expect(variable({ magpsf: 18.5 }, twice)).toBe(true);
    expect(variable({ magpsf: 18.49 }, [...twice, detection(7, { magpsf: 18.3 })])).toBe(true);
    expect([variable({ distnr: 0.4 }, twice), variable({ magnr: 19.5 }, twice), variable({ magnr: 0 }, twice)]).toEqual(
      [false, false, false],
    );
    expect([variable({ distnr: 0.79, magnr: 17.49 }, twice), variable({ distnr: 0.8, magnr: 17.49 }, twice)]).toEqual([
      true,
      false,
    ]);
    expect([
      variable({ distnr: 1.19, magnr: 15.49 }, twice),
      variable({ distnr: 1.2, magnr: 15.49 }, twice),
      variable({ distnr: 1, magnr: 15.5 }, twice),
    ]).toEqual([true, false, false]);
    expect(variable({ distnr: -999, magnr: 15 }, twice)).toBe(false);
  });

  it("the peak of bts-2020 leaves out negative detections, that of bts-production has them, in 100 days", () => {
    const faded = (name: string, before: Earlier): boolean =>
      failing(apply(name, { ...OLD, distnr: 0.3, magnr: 17, magpsf: 18.4 }, [before])).includes("variablesource");
    for (const name of ["bts-2020", "bts-production"]) {
      expect(
        [faded(name, detection(2)), faded(name, detection(2, { magpsf: 18.5 })), faded(name, detection(2, { fid: 2 }))],
        name,
      ).toEqual([true, false, false]);
    }
    expect([
      faded("bts-2020", detection(2, { isdiffpos: "f" })),
      faded("bts-production", detection(2, { isdiffpos: "f" })),
    ]).toEqual([false, true]);
    expect([faded("bts-2020", detection(101)), faded("bts-production", detection(101))]).toEqual([true, false]);
  });
});

describe("the ACAI filters read scores", () => {
  it.each([
    ["acai-paper", acaiCuts({ acai_b: 0.1, acai_n: 0.1, acai_v: 0.1, acai_o: 0.1 })],
    ["acai-fritz", acaiCuts({ acai_b: 0.1, acai_n: 0.4, acai_v: 0.1, acai_o: 0.4 })],
  ] as const)("%s", (name, cuts) => {
    for (const [model, under, over] of cuts) {
      expect(apply(name, {}, [], { ...SCORES, [model]: under }).pass, model).toBe(true);
      expect(failing(apply(name, {}, [], { ...SCORES, [model]: over }))).toEqual([`score ${model}`]);
    }
    const hosted = [0.8, 0.8 + 1e-9, 0.8 - 1e-9].map((acai_h) => apply(name, {}, [], { ...SCORES, acai_h }).pass);
    expect(hosted).toEqual([name === "acai-fritz", true, false]);
    expect(failing(apply(name, { ndethist: 5 }))).toEqual(name === "acai-paper" ? ["ndethist"] : []);
    expect(failing(apply(name, { ssdistnr: 30 }))).toEqual([name === "acai-paper" ? "rock" : "norock"]);
    expect(failing(apply(name, { isdiffpos: "f" }))).toEqual(["positive"]);
  });

  it("fails without a score, and says which", () => {
    const result = apply("acai-paper", {}, [], { acai_h: 0.9, acai_b: NaN, acai_n: 0, acai_v: 0 });
    expect(result).toMatchObject({
      pass: false,
      missing: ["score acai_b", "score acai_o"],
      reason: "score acai_b is missing; score acai_o is missing",
    });
  });
});

describe("a number that is missing", () => {
  const CANDIDATE = ["drb", "rb", "neargaiabright", "sgscore1", "ssdistnr", "jdstarthist", "magap", "ra"];
  const lost = (name: string): string[] =>
    CANDIDATE.flatMap((field) => failing(apply(name, { [field]: null })).map((check) => `${field} ${check}`));

  it("rejects in bts-2020 only where the number is asked for", () => {
    expect(lost("bts-2020")).toEqual(["rb real"]);
  });

  it("is less than every number in the pipelines", () => {
    expect(lost("bts-production")).toEqual(["drb real", "rb real", "ra latitude"]);
    expect(lost("bts-simplified")).toEqual(["drb real", "ra latitude"]);
    const result = apply("bts-production", { neargaiabright: null, maggaiabright: null });
    expect(result).toMatchObject({
      missing: ["neargaiabright", "maggaiabright"],
      reason: "brightstar: |neargaiabright| is missing, so lowest and |maggaiabright| is missing, so lowest",
    });
  });

  it("rejects in the first stage of BTSbot-nearby, and is less than every number later", () => {
    expect(lost("btsbot-nearby-sedm")).toEqual(["drb drb", "rb rb", "ra latitude"]);
    expect(failing(apply("btsbot-nearby-sedm", { sgscore1: null, distpsnr1: null }))).toEqual(["nopointunderneath"]);
    expect(failing(apply("btsbot-nearby-sedm", { ssdistnr: null, ssmagnr: null }))).toEqual(["norock"]);
    expect(failing(apply("btsbot-nearby-sedm", { ...OLD, distnr: null, magnr: null }))).toEqual(["variablesource"]);
  });
});
