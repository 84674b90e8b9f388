import type { Alert, Candidate, Cutout } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import type { ModelResult, Scorer } from "@btsbot/core";
import { writeFits } from "@btsbot/cutout";
import { createModel } from "@btsbot/model";
import type { Layer, Model, ModelInput } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { simulateSurvey } from "@btsbot/simulate";
import { createTfjsEngine } from "@btsbot/tfjs";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noisyWeights } from "../../../test/support/networks.js";

/** Batches that are tried; `BATCHES=10000` tries as many. */
const BATCHES = Number(process.env.BATCHES ?? 100);
const SIZE = 63;
/** The tfjs engine sums in another order in a larger batch. */
const ROUNDING = { simd: 0, tfjs: 1e-6 } as const;

const ALERTS = [...simulateSurvey({ nights: 2, sources: 4, seed: 11 })].slice(0, 8).map(({ alert }) => alert);

type Poison = (alert: Alert) => Alert;

const withField = (name: string, value: unknown): Poison => {
  const change = { [name]: value } as Partial<Candidate>;
  return (alert) => ({ ...alert, candidate: { ...alert.candidate, ...change } });
};
const withStamp = (name: "cutoutScience" | "cutoutTemplate" | "cutoutDifference", stamp: Cutout | null): Poison => {
  return (alert) => ({ ...alert, [name]: stamp });
};
const withHistory = (point: Partial<Candidate>): Poison => {
  return (alert) => ({
    ...alert,
    prv_candidates: [...(alert.prv_candidates ?? []), { ...alert.candidate, candid: 99n, ...point }],
  });
};

const FIELDS = [
  ...[
    "sgscore1",
    "distpsnr1",
    "sgscore2",
    "distpsnr2",
    "fwhm",
    "magpsf",
    "sigmapsf",
    "chipsf",
    "ra",
    "dec",
    "diffmaglim",
  ],
  ...[
    "ndethist",
    "ncovhist",
    "nmtchps",
    "drb",
    "drbversion",
    "chinr",
    "sharpnr",
    "scorr",
    "sky",
    "clrcoeff",
    "neargaia",
  ],
  ...["jdstarthist", "isdiffpos", "rb", "distnr", "magnr"],
];
const VALUES = [
  ...[1e300, -1e300, 1e39, 3.5e38, 3.4e38, -3.4e38, 1e20, -1e20, 1e8, NaN, Infinity, -Infinity, 0, -0, -999, 2, -1],
  ...[null, undefined, "t", "", true, 2n ** 70n, 5e-324],
];

/** The bytes of a stamp whose pixels are given by place. */
function stampOf(pixel: (place: number) => number, width = SIZE, height = SIZE): Cutout {
  const pixels = Float32Array.from({ length: width * height }, (_, place) => pixel(place));
  return { fileName: "stamp.fits.gz", stampData: new Uint8Array(gzipSync(writeFits({ width, height, pixels }))) };
}

const whole = stampOf(Math.sin);
const STAMPS: readonly (Cutout | null)[] = [
  null,
  stampOf(() => NaN),
  stampOf(() => 0),
  stampOf((place) => (place === 2000 ? Infinity : 1)),
  stampOf((place) => (place % 2 ? 3.4e38 : -3.4e38)),
  stampOf((place) => 1e-45 * (place % 3)),
  stampOf((place) => (place < 63 * 40 ? NaN : place)),
  stampOf(Math.cos, 50, 63),
  stampOf(Math.cos, 1, 1),
  { ...whole, stampData: whole.stampData!.subarray(0, 900) },
  { ...whole, stampData: new Uint8Array(0) },
  { ...whole, stampData: Uint8Array.from({ length: 500 }, (_, place) => (place * 77) % 256) },
];

const poison: fc.Arbitrary<Poison> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.oneof(fc.constantFrom<unknown>(...VALUES), fc.double()))
    .map(([name, value]) => withField(name, value)),
  fc
    .tuple(fc.constantFrom("cutoutScience", "cutoutTemplate", "cutoutDifference"), fc.constantFrom(...STAMPS))
    .map(([name, stamp]) => withStamp(name, stamp)),
  fc
    .record({
      jd: fc.constantFrom(0, 2459000.5, 1e300, -1e300, NaN),
      magpsf: fc.constantFrom(18, 1e300, -1e39, NaN, Infinity),
    })
    .map(withHistory),
);

/** Half of a batch is as the survey sends it, half is poisoned once or twice. */
const alert: fc.Arbitrary<Alert> = fc
  .tuple(fc.constantFrom(...ALERTS), fc.oneof(fc.constant([]), fc.array(poison, { minLength: 1, maxLength: 2 })))
  .map(([clean, poisons]) => poisons.reduce((poisoned, change) => change(poisoned), clean));

const dense = (name: string, input: string, units: number, activation: "relu" | "sigmoid" | "softmax"): Layer => {
  return { type: "dense", name, inputs: [input], units, activation, useBias: true };
};

/** Small networks that read between them stamps, cropped and scaled, and features of two profiles. */
async function makeModels(): Promise<Model[]> {
  const image = (size: number, normalization: "l2" | "minmax"): ModelInput => {
    return { kind: "image", name: "image", preprocessing: { normalization, size } };
  };
  const features = (profile: string): ModelInput => ({ kind: "features", name: "features", profile, length: 25 });
  const make = (name: string, inputs: readonly ModelInput[], layers: readonly Layer[], classes?: readonly string[]) => {
    const output = classes
      ? ({ kind: "classes", layer: "out", classes } as const)
      : ({ kind: "score", layer: "out" } as const);
    const definition = { name, version: "1", inputs, layers, output };
    return createModel(definition, noisyWeights(definition, 5));
  };
  return Promise.all([
    make(
      "both",
      [image(13, "l2"), features("btsbot-v1")],
      [
        { type: "flatten", name: "flat", inputs: ["image"] },
        dense("fc1", "features", 6, "relu"),
        { type: "concatenate", name: "join", inputs: ["flat", "fc1"] },
        dense("out", "join", 1, "sigmoid"),
      ],
    ),
    make(
      "images",
      [image(21, "minmax")],
      [{ type: "flatten", name: "flat", inputs: ["image"] }, dense("out", "flat", 3, "softmax")],
      ["a", "b", "c"],
    ),
    make("features", [features("acai")], [dense("fc1", "features", 8, "relu"), dense("out", "fc1", 1, "sigmoid")]),
  ]);
}

const numbersOf = (result: ModelResult): number[] =>
  result.status === "unscored" ? [] : result.score === undefined ? Object.values(result.classes) : [result.score];

/** A result without its numbers, as text. */
function tell(result: ModelResult): string {
  const { status, flags } = result;
  return JSON.stringify([status, flags, result.status === "unscored" ? result.reasons : []]);
}

describe.each(["simd", "tfjs"] as const)("a batch on %s", (name) => {
  let scorer: Scorer;
  beforeAll(async () => {
    const engine = name === "simd" ? createSimdEngine() : createTfjsEngine({ backend: "wasm" });
    scorer = await createScorer({ models: await makeModels(), engine });
  });
  afterAll(() => scorer.dispose());

  it(`gives each alert what it gives it alone, poisoned ones among them or not: ${BATCHES} batches`, async () => {
    let poisoned = 0;
    let scored = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(alert, { minLength: 2, maxLength: 8 }), async (batch) => {
        let place = 0;
        for await (const outcome of scorer.scoreAlerts(batch)) {
          if (!outcome.success) throw outcome.error;
          const alone = await scorer.scoreAlert(batch[place]);
          for (const [model, result] of Object.entries(outcome.data.scores)) {
            const single = alone.scores[model];
            if (tell(result) !== tell(single)) expect(tell(result), model).toBe(tell(single));
            const [together, expected] = [numbersOf(result), numbersOf(single)];
            expected.forEach((value, at) => {
              const isSame = Math.abs(together[at] - value) <= ROUNDING[name];
              if (!isSame || !(value >= 0 && value <= 1)) expect(together[at], model).toBe(value);
            });
            if (result.status === "scored") scored += 1;
            else {
              poisoned += 1;
              // An engine that breaks would take the others with it: what cannot be scored is told before.
              expect(result.reasons.map(({ code }) => code)).not.toContain("engine-failed");
            }
          }
          place += 1;
        }
        expect(place).toBe(batch.length);
      }),
      { numRuns: BATCHES, seed: 20261130 },
    );
    expect(Math.min(poisoned, scored)).toBeGreaterThan(BATCHES);
  }, 1_800_000);
});
