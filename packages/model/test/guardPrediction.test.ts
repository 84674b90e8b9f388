import { createModel, guardPrediction, initializeWeights, loadDefaultModel, mmCnn } from "@btsbot/model";
import type { Batch, Model } from "@btsbot/model";
import { beforeAll, describe, expect, it } from "vitest";
import { SMALL_NETWORKS, noisyWeights } from "../../../test/support/networks.js";
import { findReach } from "../src/findReach.js";

describe("guardPrediction", () => {
  const seen: Batch[] = [];
  let model: Model;
  let predict: ReturnType<typeof guardPrediction>;

  beforeAll(async () => {
    const definition = mmCnn();
    model = await createModel(definition, initializeWeights(definition, 1));
    predict = guardPrediction(model, async (batch, count) => {
      seen.push(batch);
      return new Float32Array(count).fill(0.5);
    });
  });

  it("hands a batch on as it is", async () => {
    const batch = { triplet: new Float32Array(2 * 11907).fill(1), metadata: new Float32Array(50).fill(-1e7) };
    expect([...(await predict(batch, 2))]).toEqual([0.5, 0.5]);
    expect(seen.at(-1)).toBe(batch);
  });

  it("leaves out an alert that a number inside could overflow of, and changes no input of the caller's", async () => {
    const batch = { triplet: new Float32Array(3 * 11907), metadata: new Float32Array(75).fill(1) };
    batch.triplet[11907 + 5] = -3e38;
    batch.metadata[74] = 3e38;
    const copy = structuredClone(batch);
    expect([...(await predict(batch, 3))]).toEqual([0.5, NaN, NaN]);
    expect(batch).toEqual(copy);
    expect([...seen.at(-1)!.metadata].map((value, place) => value === (place < 25 ? 1 : 0))).not.toContain(false);
    expect(seen.at(-1)!.triplet.every((value) => value === 0)).toBe(true);
  });

  it("checks the batch first", async () => {
    await expect(predict({ triplet: new Float32Array(3), metadata: new Float32Array(25) }, 1)).rejects.toMatchObject({
      code: "input-shape",
    });
  });
});

describe("findReach", () => {
  it("is far above what any feature can be, for networks of use", async () => {
    expect(findReach(await loadDefaultModel())).toBeGreaterThan(1e15);
    for (const definition of Object.values(SMALL_NETWORKS)) {
      expect(findReach(await createModel(definition, noisyWeights(definition, 5)))).toBeGreaterThan(1e15);
    }
  });

  it("falls with the weights, and is none where they are no use", async () => {
    const definition = mmCnn();
    const weights = initializeWeights(definition, 1);
    const withKernel = (factor: number) => {
      const kernel = weights.get("meta_fc1/kernel")!;
      return new Map(weights).set("meta_fc1/kernel", {
        ...kernel,
        values: kernel.values.map((value) => factor * value),
      });
    };
    const reach = findReach(await createModel(definition, weights));
    const smaller = findReach(await createModel(definition, withKernel(1e10)));
    expect(smaller).toBeLessThan(reach);
    expect(smaller).toBeGreaterThan(0);
    const variance = weights.get("batch_normalization/moving_variance")!;
    const broken = new Map(weights).set("batch_normalization/moving_variance", {
      ...variance,
      values: variance.values.map(() => -1),
    });
    expect(findReach(await createModel(definition, broken))).toBe(-1);
  });
});
