import { join } from "node:path";
import { createScorer } from "@btsbot/core";
import type { ReadOutcome } from "@btsbot/core";
import { packetFeature } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { featuresNn, readLayersModel, umCnn } from "@btsbot/model";
import type { ImageInput, ModelDefinition } from "@btsbot/model";
import { openTrainingSet, parseTrainConfig, trainModel } from "@btsbot/train";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import "./support/cpuBackend.js";
import { readAsScored } from "./support/readAsScored.js";
import { makePacket, temporaryFolder, writePackets, writePublished } from "./support/writeSet.js";

const DATA: ProfileData = {
  name: "mine",
  features: [
    "magpsf",
    "fwhm",
    { name: "twice", rule: { "*": [2, "magpsf"] } },
    { name: "count", rule: { history: "count" } },
  ],
};
const PROGRAM: FeatureProfile = {
  name: "mine",
  source: "",
  features: [
    packetFeature("magpsf"),
    packetFeature("fwhm"),
    { name: "twice", unit: "", meaning: "", path: "", value: ({ alert }) => 2 * alert.candidate.magpsf! },
    { name: "count", unit: "", meaning: "", path: "", value: ({ history }) => history.detections.length },
  ],
};
const CONFIG = {
  name: "own",
  epochs: 1,
  batchSize: 16,
  cuts: [],
  data: [{ packets: "packets", truth: "truth.csv" }],
};
const FEATURES = { architecture: "featuresNn", layers: { fc1: { units: 4 }, fc2: { units: 4 }, fc3: { units: 4 } } };

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe("a feature profile of one's own", () => {
  const withProfile = (profile: ProfileData | FeatureProfile | string): ModelDefinition => {
    const definition = featuresNn("own", "1");
    return { ...definition, inputs: [{ kind: "features", name: "metadata", profile, length: 4 }] };
  };

  it.each<[string, ModelDefinition, readonly (FeatureProfile | ProfileData)[]]>([
    ["as data in the definition", withProfile(DATA), []],
    ["as a program in the definition", withProfile(PROGRAM), []],
    ["as data that the definition names", withProfile("mine"), [DATA]],
    ["as a program that the definition names", withProfile("mine"), [PROGRAM]],
  ])("gives training what it gives a scorer, %s", async (_, definition, profiles) => {
    const source = await writePackets(folder, 3);
    const set = await openTrainingSet([source], { definition, cache: join(folder, "cache"), profiles });
    const inputs = await set.readInputs([3, 0]);
    await set.close();
    expect(inputs).toEqual(
      await readAsScored(withProfile(DATA), [
        [1, 1],
        [0, 0],
      ]),
    );
  });

  it("is made anew where it is a program, which may have changed, and kept where it is data", async () => {
    const source = await writePackets(folder, 2);
    const open = async (profile: FeatureProfile | ProfileData): Promise<number> => {
      let decoded = 0;
      const definition = withProfile(profile);
      const set = await openTrainingSet([source], {
        definition,
        cache: join(folder, "cache"),
        onProgress: () => (decoded += 1),
      });
      await set.close();
      return decoded;
    };
    expect([await open(DATA), await open(DATA), await open(PROGRAM), await open(PROGRAM)]).toEqual([2, 0, 2, 2]);
    expect(await open({ ...DATA, features: ["magpsf", "fwhm", "ra", "dec"] })).toBe(2);
  });

  it("is trained on, and goes into the model's file", async () => {
    await writePackets(folder, 30);
    const train = async (model: object, profiles: readonly FeatureProfile[], out: string): Promise<number> => {
      const config = parseTrainConfig({ ...CONFIG, model }, folder, profiles);
      const { metrics } = await trainModel(config, { out: join(folder, out), profiles });
      return metrics.validation.loss;
    };
    const loss = await train({ ...FEATURES, profile: DATA }, [], "data");
    expect(await train({ ...FEATURES, profile: "mine" }, [PROGRAM], "program")).toBe(loss);
    const read = (out: string) => readLayersModel((file) => readFile(join(folder, out, "models", "own", file)));
    const model = await read("data");
    expect(model.definition.inputs[0]).toMatchObject({ profile: DATA, length: 4 });
    expect((await read("program")).definition.inputs[0]).toMatchObject({ profile: "mine", length: 4 });
    const scorer = await createScorer({ models: model });
    for await (const outcome of scorer.scoreAlerts([makePacket(1, 1)]))
      expect((outcome as ReadOutcome).data.scores.own.status).toBe("scored");
    scorer.dispose();
  });

  it.each([
    [{ ...FEATURES, profile: "mien" }, /Did you mean "mine"/],
    [{ ...FEATURES, profile: { name: "x" } }, /features: .*to be there/],
    [{ ...FEATURES, profile: 5 }, /neither a profile's name nor a profile as data/],
    [{ architecture: "umCnn", profile: "mine" }, /reads no features/],
  ])("is refused where it cannot be: %j", (model, message) => {
    expect(() => parseTrainConfig({ ...CONFIG, model }, folder, [PROGRAM])).toThrow(message);
  });
});

describe("an image of other planes", () => {
  const definition = (): ModelDefinition => {
    const network = umCnn("own", "1", 21);
    const preprocessing = { normalization: "l2", size: 21, planes: ["difference", "science"] } as const;
    return {
      ...network,
      inputs: network.inputs.map((input) => ({ ...input, preprocessing })) as ModelDefinition["inputs"],
    };
  };

  it("is read from packets as a scorer reads it", async () => {
    const source = await writePackets(folder, 2);
    const set = await openTrainingSet([source], { definition: definition(), cache: join(folder, "cache") });
    const inputs = await set.readInputs([1]);
    await set.close();
    expect(inputs.triplet).toHaveLength(21 * 21 * 2);
    expect(inputs).toEqual(await readAsScored(definition(), [[0, 1]]));
  });

  it("is taken from a published set, plane by plane", async () => {
    const source = await writePublished(folder, 2);
    const read = async (each: ModelDefinition): Promise<Float32Array> => {
      const set = await openTrainingSet([source], { definition: each, cache: join(folder, "cache") });
      const { triplet } = await set.readInputs([0]);
      await set.close();
      return triplet;
    };
    const [two, three] = [await read(definition()), await read(umCnn("own", "1", 21))];
    for (let pixel = 0; pixel < 21 * 21; pixel += 1)
      expect([two[2 * pixel], two[2 * pixel + 1]]).toEqual([three[3 * pixel + 2], three[3 * pixel]]);
  });

  it("is trained on", async () => {
    await writePackets(folder, 20);
    const [image] = definition().inputs as readonly [ImageInput];
    const small: ModelDefinition = {
      ...definition(),
      inputs: [{ ...image, preprocessing: { ...image.preprocessing, size: 5 } }],
      layers: [
        { type: "globalAveragePooling2d", name: "mean", inputs: [image.name] },
        { type: "dense", name: "score", inputs: ["mean"], units: 1, activation: "sigmoid", useBias: true },
      ],
      output: { kind: "score", layer: "score" },
    };
    const config = parseTrainConfig({ ...CONFIG, model: { definition: small }, augment: true }, folder);
    const { metrics } = await trainModel(config, { out: join(folder, "out") });
    expect(metrics.validation.loss).toBeGreaterThan(0);
  });
});
