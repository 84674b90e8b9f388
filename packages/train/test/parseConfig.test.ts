import { DEFAULT_FIT, parseSearchConfig, parseTrainConfig } from "@btsbot/train";
import type { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";

const least = { name: "mine", model: { architecture: "mmCnn" }, data: [{ candidates: "a.csv", triplets: "a.npy" }] };

function problems(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    expect((error as BtsbotError).code).toBe("config-invalid");
    return (error as BtsbotError).problems.map(({ message }) => message);
  }
  return [];
}

describe("parseTrainConfig", () => {
  it("has the paper's values where nothing is said, and paths from its folder", () => {
    const config = parseTrainConfig(least, "/data/run");
    expect(config.fit).toEqual(DEFAULT_FIT);
    expect(config.fit.adam).toEqual({ learningRate: 1e-4, beta1: 0.99, beta2: 0.99 });
    expect(config.thinning.max).toBe(100);
    expect(config.data).toEqual([{ candidates: "/data/run/a.csv", triplets: "/data/run/a.npy" }]);
    expect([config.cache, config.teacher, config.classWeights]).toEqual([null, null, "alerts"]);
  });

  it("takes everything that there is", () => {
    const json = {
      ...least,
      version: "2",
      cache: "c",
      data: [{ packets: "p", truth: "/t.csv" }],
      teacher: { scores: ["s.jsonl"], model: "btsbot-v1.0.1", weight: 0.7 },
      classes: { "SN Ia": "SN" },
      cuts: ["i-band"],
      exclude: ["ZTF18abdiasx"],
      splitSeed: 3,
      thinning: { max: 30, latest: ["AGN"] },
      classWeights: "sources",
      epochs: 5,
      batchSize: 8,
      adam: { learningRate: 1e-3, beta1: 0.5, beta2: 0.9 },
      schedule: { factor: 0.5, patience: 2, minLearningRate: 1e-6, stopPatience: 4 },
      entropyWeight: 0.5,
      augment: false,
      seed: 9,
      checkpointBatches: 100,
      memoryMegabytes: 10,
    };
    expect(parseTrainConfig(json, "/d")).toMatchObject({
      version: "2",
      cache: "/d/c",
      data: [{ packets: "/d/p", truth: "/t.csv" }],
      teacher: { scores: ["/d/s.jsonl"], weight: 0.7 },
      fit: { epochs: 5, batchSize: 8, beta: 0.5, augment: false, seed: 9 },
      checkpointBatches: 100,
      memoryBytes: 1e7,
      splitSeed: 3,
    });
  });

  it("says everything that is wrong at once, each with its place", () => {
    const json = {
      name: "../mine",
      model: { architecture: "mlp", layers: { conv1: { filters: 1.5, kernels: 3 } } },
      data: [{ candidates: 3 }, { packets: "p" }],
      batchSize: "64",
      adam: { beta1: 1 },
      schedule: [],
      teacher: { weight: 2 },
      cuts: ["j-band"],
      epoch: 3,
    };
    expect(
      problems(() => parseTrainConfig(json, "/"))
        .map((each) => each.split(":")[0])
        .sort(),
    ).toEqual([
      "adam.beta1",
      "batchSize",
      "cuts[0]",
      "data[0].candidates",
      "data[1].truth",
      "epoch",
      "model.architecture",
      "model.layers.conv1.filters",
      "model.layers.conv1.kernels",
      "name",
      "schedule",
      "teacher.scores",
      "teacher.weight",
    ]);
    expect(problems(() => parseTrainConfig({ ...least, batchSize: 0 }, "/"))).toEqual([
      "batchSize: the configuration is not valid: too small (expected at least 1, got 0)",
    ]);
    expect(problems(() => parseTrainConfig({ ...least, epoch: 3 }, "/"))).toEqual([
      'epoch: the configuration is not valid: there is no such key: is it "epochs"? (got 3)',
    ]);
  });

  it.each([null, [], "text", 3])("refuses %j", (json) => {
    expect(problems(() => parseTrainConfig(json, "/"))[0]).toContain("an object");
  });

  it("refuses layers that there are not, and parts that a layer does not have", () => {
    const model = (layers: object) => ({ ...least, model: { architecture: "mmCnn", layers } });
    expect(problems(() => parseTrainConfig(model({ conv9: { filters: 3 } }), "/"))[0]).toMatch(
      /^model.layers.conv9: .*conv1, conv2/,
    );
    expect(problems(() => parseTrainConfig(model({ comb_fc: { filters: 3 } }), "/"))[0]).toMatch(
      /^model.layers.comb_fc.filters: a dense layer/,
    );
  });
});

describe("parseSearchConfig", () => {
  it("is a training's configuration with a search", () => {
    const config = parseSearchConfig(
      { ...least, cache: "c", search: { space: { "adam.beta1": { min: 0.8, max: 0.9 } }, trials: 4 } },
      "/d",
    );
    expect(config).toMatchObject({
      method: "halving",
      trials: 4,
      eta: 3,
      train: { cache: "/d/c", data: [{ candidates: "/d/a.csv" }] },
    });
  });

  it.each([
    [{ space: "mine" }, "search.space"],
    [{ space: {} }, "search.space"],
    [{ space: { seed: { min: 2, max: 1 } } }, "search.space.seed.max"],
    [{ space: { seed: { min: 0, max: 1, scale: "log" } } }, "search.space.seed.min"],
    [{ space: { seed: { values: [] } } }, "search.space.seed.values"],
    [{ space: { "adam.beta3": { min: 0, max: 1 } } }, "adam.beta3"],
    [{ method: "bayes" }, "search.method"],
    [{ eta: 1 }, "search.eta"],
    [{ trial: 1 }, "search.trial"],
  ])("refuses %j", (search, path) => {
    expect(problems(() => parseSearchConfig({ ...least, search }, "/")).map((each) => each.split(":")[0])[0]).toContain(
      path,
    );
  });
});
