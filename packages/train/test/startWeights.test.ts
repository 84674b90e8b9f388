import { alerceStampClassifier, initializeWeights, mmCnn } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import type { TrainingSet } from "@btsbot/train";
import { expect, it } from "vitest";
import { noise } from "../../../test/support/networks.js";
import { startWeights } from "../src/startWeights.js";

const ROWS = 2500;

/** A set of features alone: each has a mean and spread of its own, some far from 0. */
function setOf(length: number, input: string): { set: TrainingSet; column: (feature: number) => number[] } {
  const values = noise(ROWS * length, 4).map(
    (value, place) => value * (1 + (place % length)) + (place % length === 8 ? 150 : 0),
  );
  const readInputs = async (rows: readonly number[]) => ({
    [input]: Float32Array.from(rows.flatMap((row) => [...values.subarray(row * length, (row + 1) * length)])),
  });
  const column = (feature: number) => Array.from({ length: ROWS }, (_, row) => values[row * length + feature]);
  return { set: { alerts: [], readInputs, close: async () => undefined }, column };
}

const rows = Array.from({ length: ROWS }, (_, row) => row);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const varianceOf = (values: readonly number[]): number => meanOf(values.map((value) => (value - meanOf(values)) ** 2));

it("begins batch normalization of features with what they are, and the others by the seed", async () => {
  const definition: ModelDefinition = mmCnn();
  const { set, column } = setOf(25, "metadata");
  const weights = await startWeights(definition, 3, set, rows);
  for (const feature of [0, 8, 24]) {
    expect(weights.get("batch_normalization/moving_mean")!.values[feature]).toBeCloseTo(meanOf(column(feature)), 4);
    expect(
      weights.get("batch_normalization/moving_variance")!.values[feature] / varianceOf(column(feature)),
    ).toBeCloseTo(1, 5);
  }
  const fresh = initializeWeights(definition, 3);
  const others = [...fresh].filter(([name]) => !name.includes("moving"));
  for (const [name, weight] of others) expect(weights.get(name)).toEqual(weight);
});

it("standardizes features as they are after clipping, and leaves what reads other layers alone", async () => {
  const definition = alerceStampClassifier();
  const { set, column } = setOf(26, "features");
  const weights = await startWeights(definition, 3, set, rows);
  // The fifth, sgscore3, is cut at -1; its mean moves.
  const clipped = column(4).map((value) => Math.max(value, -1));
  expect(weights.get("standardize_features/mean")!.values[4]).toBeCloseTo(meanOf(clipped), 4);
  expect(weights.get("standardize_features/deviation")!.values[4]).toBeCloseTo(Math.sqrt(varianceOf(clipped)), 4);
  expect(meanOf(clipped) - meanOf(column(4))).toBeGreaterThan(0.5);
  expect(weights.get("batchnorm_features/moving_mean")!.values.every((value) => value === 0)).toBe(true);
});

it("divides a feature that never changes by 1", async () => {
  const set: TrainingSet = {
    alerts: [],
    close: async () => undefined,
    readInputs: async (some) => ({ features: new Float32Array(26 * some.length).fill(0.1) }),
  };
  const weights = await startWeights(alerceStampClassifier(), 1, set, rows);
  expect([...weights.get("standardize_features/deviation")!.values]).toEqual(new Array(26).fill(1));
});
