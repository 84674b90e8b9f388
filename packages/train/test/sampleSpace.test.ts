import { buildDefinition, parseTrainConfig, sampleSpace, SEARCH_SPACES } from "@btsbot/train";
import { describe, expect, it } from "vitest";
import { setParameters } from "../src/parseSearchConfig.js";

const draw = (range: (typeof SEARCH_SPACES.btsbot)[string], count = 2000): number[] =>
  Array.from({ length: count }, (_, trial) => Number(sampleSpace({ x: range }, 3, trial).x));

describe("sampleSpace", () => {
  it("draws uniformly: numbers, whole numbers with their ends, logarithms, lists", () => {
    const linear = draw({ min: 2, max: 6 });
    expect(linear.every((value) => value >= 2 && value <= 6)).toBe(true);
    expect(Math.abs(linear.reduce((sum, value) => sum + value, 0) / 2000 - 4)).toBeLessThan(
      4 * Math.sqrt(16 / 12 / 2000),
    );
    for (const values of [draw({ min: 1, max: 4, integer: true }), draw({ values: [1, 2, 3, 4] })]) {
      for (const value of [1, 2, 3, 4])
        expect(Math.abs(values.filter((each) => each === value).length - 500)).toBeLessThan(
          4 * Math.sqrt(2000 * 0.25 * 0.75),
        );
    }
    const log = draw({ min: 1e-6, max: 1e-2, scale: "log" });
    expect(Math.abs(log.filter((value) => value < 1e-4).length - 1000)).toBeLessThan(4 * Math.sqrt(500));
  });

  it("gives a trial the same point whatever else is drawn", () => {
    const point = sampleSpace(SEARCH_SPACES.btsbot, 1, 5);
    expect(sampleSpace(SEARCH_SPACES.btsbot, 1, 5)).toEqual(point);
    expect(sampleSpace({ batchSize: SEARCH_SPACES.btsbot.batchSize }, 1, 5).batchSize).toBe(point.batchSize);
    expect(sampleSpace(SEARCH_SPACES.btsbot, 2, 5)).not.toEqual(point);
  });
});

describe.each([
  ["btsbot", "mmCnn"],
  ["alerce", "alerceStampClassifier"],
] as const)("the papers' space %s", (name, architecture) => {
  it("sets what there is, and every point is a network", () => {
    const space = SEARCH_SPACES[name];
    for (let trial = 0; trial < 30; trial++) {
      const train = { name: "a", model: { architecture }, data: [{ candidates: "a.csv", triplets: "a.npy" }] };
      const json = setParameters(
        { train, space, method: "random", trials: 1, minEpochs: 1, eta: 2, seed: 1 },
        sampleSpace(space, 1, trial),
      );
      const { model } = parseTrainConfig(json, "/");
      expect("architecture" in model && buildDefinition(model, "a", "1").layers.length).toBeGreaterThan(10);
    }
  });
});
