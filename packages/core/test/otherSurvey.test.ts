import { readFileSync } from "node:fs";
import { LSST, parseAlert, toAlert } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { readStamps } from "@btsbot/cutout";
import { BTSBOT_V1, extractFeatures, parseProfile } from "@btsbot/features";
import { createModel, initializeWeights, mmCnn, readLayersModel, umCnn, writeLayersModel } from "@btsbot/model";
import type { Model, ModelDefinition } from "@btsbot/model";
import { describe, expect, it } from "vitest";
import { frameRubin, makeRubinPacket } from "../../../test/support/rubin.js";
import { describeWithData } from "../../../test/support/testData.js";
import { createComparer, createScorer, scoreAlert } from "../src/index.js";

const surveys = [LSST];
const rubin = (fields: Partial<Parameters<typeof makeRubinPacket>[0]> = {}): Alert =>
  toAlert(
    makeRubinPacket({
      diaSourceId: 170_032_890_044_678_150n,
      diaObjectId: 170_055_001_640_894_469n,
      mjd: 61000.25,
      band: "i",
      flux: 3630,
      before: [{ diaSourceId: 1n, mjd: 60998.25, band: "r", flux: 36307 }],
      ...fields,
    }),
    { surveys },
  );

const PROFILE = {
  name: "rubin-five",
  survey: "lsst",
  features: [
    "psfFlux",
    "reliability",
    "extendedness",
    { name: "edge", rule: "pixelFlags_edge" },
    { name: "rise", rule: { "-": [{ history: "first", of: "magpsf", fid: 13 }, "magpsf"] } },
  ],
} as const;

/** A network on Rubin's fields and its stamps of 30 x 30. */
const definition = (details: Partial<ModelDefinition> = {}): ModelDefinition => ({
  name: "mine",
  version: "1",
  inputs: [
    { kind: "image", name: "stamps", preprocessing: { normalization: "l2", size: 30 } },
    { kind: "features", name: "fields", profile: PROFILE, length: 5 },
  ],
  layers: [
    { type: "globalAveragePooling2d", name: "mean", inputs: ["stamps"] },
    { type: "batchNormalization", name: "scale", inputs: ["fields"], epsilon: 1e-3, momentum: 0.99 },
    { type: "concatenate", name: "both", inputs: ["mean", "scale"] },
    { type: "dense", name: "score", inputs: ["both"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "score" },
  ...details,
});
const make = async (own: ModelDefinition): Promise<Model> => createModel(own, initializeWeights(own, 1));

describe("an alert of Rubin's", () => {
  it("is refused by networks of ZTF's, with that reason and no other", async () => {
    const models = [await make(mmCnn("both")), await make(umCnn("images"))];
    const bare = { ...rubin(), cutoutScience: null, cutoutTemplate: null, cutoutDifference: null };
    for (const alert of [rubin(), bare]) {
      const { scores } = await scoreAlert(alert, { models });
      for (const name of ["both", "images"]) {
        const result = scores[name];
        expect(result.status === "unscored" && result.reasons.map(({ code }) => code), name).toEqual([
          "survey-unsupported",
        ]);
        expect(result.flags).toEqual([]);
      }
    }
    expect(
      extractFeatures(BTSBOT_V1, { alert: bare, history: { detections: [], nondetections: [] } }).reasons,
    ).toHaveLength(1);
  });

  it("is not compared by profiles of ZTF's either", async () => {
    const comparer = await createComparer({ model: await make(mmCnn("both")) });
    const [{ base, others }] = await comparer.compare([{ ...rubin(), cutoutScience: null }]);
    for (const { reasons } of [base, ...others])
      expect(reasons.map(({ code }) => code)).toEqual(["survey-unsupported"]);
    comparer.dispose();
  });

  it("is scored by a network of one's own on Rubin's fields and stamps of 30 x 30, framed and as an alert", async () => {
    const model = await make(definition());
    const scorer = await createScorer({ models: model, read: { surveys } });
    const alert = rubin();
    const { scores } = await scorer.scoreAlert(alert);
    const framed = await scorer.scoreAlert(frameRubin(alert));
    expect(framed.scores).toEqual(scores);
    const { mine } = scores;
    if (mine.status !== "scored") throw new Error(JSON.stringify(mine.reasons));
    // By hand: each stamp's mean of what its norm leaves, and the fields, by the weights.
    const stamps = readStamps(alert);
    const means = [stamps.science, stamps.template, stamps.difference].map(({ pixels }) => {
      const norm = Math.sqrt(pixels.reduce((sum, value) => sum + value * value, 0));
      return pixels.reduce((sum, value) => sum + value, 0) / norm / pixels.length;
    });
    const fields = [3630, 0.75, 0, 0, -2.5 * Math.log10(36307 / 3630)];
    const weight = (name: string) => model.weights.get(name)!.values;
    const scaled = fields.map(
      (value, index) =>
        ((value - weight("scale/moving_mean")[index]) / Math.sqrt(weight("scale/moving_variance")[index] + 1e-3)) *
          weight("scale/gamma")[index] +
        weight("scale/beta")[index],
    );
    const logit = [...means, ...scaled].reduce(
      (sum, value, index) => sum + value * weight("score/kernel")[index],
      weight("score/bias")[0],
    );
    expect(mine.score).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5);
    expect(mine.provenance).toMatchObject({ profile: "rubin-five" });
    scorer.dispose();
  });

  it("is scored with stamps of any size, larger or smaller than the network's", async () => {
    const models = [
      await make(
        definition({
          name: "large",
          inputs: [
            { kind: "image", name: "stamps", preprocessing: { normalization: "minmax", size: 40 } },
            definition().inputs[1],
          ],
        }),
      ),
      await make(
        definition({
          name: "small",
          inputs: [
            { kind: "image", name: "stamps", preprocessing: { normalization: "l2", size: 11 } },
            definition().inputs[1],
          ],
        }),
      ),
    ];
    const { scores } = await scoreAlert(rubin(), { models });
    expect(Object.values(scores).map(({ status }) => status)).toEqual(["scored", "scored"]);
  });

  it("keeps its survey in a model's file", async () => {
    const images = definition({
      name: "images",
      survey: "lsst",
      inputs: [{ kind: "image", name: "stamps", preprocessing: { normalization: "l2", size: 70 } }],
      layers: [
        { type: "globalAveragePooling2d", name: "mean", inputs: ["stamps"] },
        { type: "dense", name: "score", inputs: ["mean"], units: 1, activation: "sigmoid", useBias: true },
      ],
    });
    for (const own of [images, definition()]) {
      const model = await make(own);
      const files = writeLayersModel(model);
      const again = await readLayersModel((file) => Promise.resolve(files.get(file)!));
      expect(again.definitionSha256).toBe(model.definitionSha256);
      const first = await scoreAlert(rubin(), { models: model });
      expect(await scoreAlert(rubin(), { models: again })).toEqual(first);
      expect(first.scores[own.name].status).toBe("scored");
    }
  });
});

describe("a network of Rubin's", () => {
  it("refuses an alert of ZTF's, with that reason and no other", async () => {
    const alert = { objectId: "ZTF20aaaaaaa", candid: 1n, candidate: { jd: 2459010, fid: 1 } };
    const { scores } = await scoreAlert(alert, { models: await make(definition()) });
    const { mine } = scores;
    expect(mine.status === "unscored" && mine.reasons.map(({ code }) => code)).toEqual(["survey-unsupported"]);
  });

  it("is refused where its definition and its profile are for two surveys", async () => {
    const wrong = definition({ survey: "decam" });
    await expect(createScorer({ models: await make(wrong) })).rejects.toThrow(/different surveys/);
    const ztf = { ...mmCnn("both"), survey: "lsst" };
    await expect(createScorer({ models: await make(ztf) })).rejects.toThrow(/different surveys/);
  });

  it("says in its profile for which survey it is", () => {
    expect(parseProfile(PROFILE).survey).toBe("lsst");
    expect(() => parseProfile({ ...PROFILE, survey: "" })).toThrow(/survey/);
  });
});

describeWithData("a real alert of Rubin's", (folder) => {
  it("is scored by such a network, and by none of ZTF's", async () => {
    const own = definition({
      inputs: [
        definition().inputs[0],
        {
          kind: "features",
          name: "fields",
          profile: { name: "two", survey: "lsst", features: ["psfFlux", "reliability"] },
          length: 2,
        },
      ],
    });
    const models = [await make(own), await make(mmCnn("both"))];
    const alert = parseAlert(readFileSync(`${folder}/brokers/rubin-confluent-900.avro`), { surveys });
    const { scores } = await scoreAlert(alert, { models });
    expect(scores.mine.status).toBe("scored");
    expect(scores.both.status === "unscored" && scores.both.reasons.map(({ code }) => code)).toEqual([
      "survey-unsupported",
    ]);
  });
});
