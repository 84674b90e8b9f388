import { expect, it } from "vitest";
import { applyAdam, startMoments } from "../src/applyAdam.js";

const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99 };

it("takes the first two steps by hand", () => {
  const weights = new Map([["w", { shape: [2], values: Float32Array.of(1, -2) }]]);
  const moments = startMoments(weights, ["w"]);
  const values = new Map([["w", weights.get("w")!.values]]);
  // The first step is the learning rate, whatever the size of the gradient.
  applyAdam(values, new Map([["w", Float32Array.of(0.5, -20)]]), moments, 1, options);
  expect(values.get("w")![0]).toBeCloseTo(0.9, 6);
  expect(values.get("w")![1]).toBeCloseTo(-1.9, 6);
  // m = 0.9 * 0.05 + 0.1 * 1 = 0.145, v = 0.99 * 0.0025 + 0.01 = 0.012475; corrected by 1 - 0.81 and 1 - 0.9801.
  applyAdam(values, new Map([["w", Float32Array.of(1, 0)]]), moments, 2, options);
  expect(values.get("w")![0]).toBeCloseTo(0.9 - (0.1 * (0.145 / 0.19)) / Math.sqrt(0.012475 / 0.0199), 5);
});

it("finds the bottom of a bowl", () => {
  const values = new Map([["w", Float32Array.of(3, -4)]]);
  const moments = startMoments(new Map([["w", { shape: [2], values: values.get("w")! }]]), ["w"]);
  for (let step = 1; step <= 500; step++) {
    const [x, y] = values.get("w")!;
    applyAdam(values, new Map([["w", Float32Array.of(2 * (x - 1), 20 * (y + 2))]]), moments, step, options);
  }
  expect(values.get("w")![0]).toBeCloseTo(1, 2);
  expect(values.get("w")![1]).toBeCloseTo(-2, 2);
});
