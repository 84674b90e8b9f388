import { registerSimdKernels } from "@btsbot/simd";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { noise } from "../../../../test/support/networks.js";
import { openTfjs } from "./openTfjs.js";

let undo: () => void;
beforeAll(async () => {
  await openTfjs();
  undo = await registerSimdKernels();
});
afterAll(() => {
  undo();
});

type Forward = (x: readonly number[], filter: readonly number[]) => number[];

/** Step of the finite difference in float64: the functions are bilinear, so any step is exact but for rounding. */
const STEP = 0.5;

/** A convolution written out in float64, to differentiate by differences. */
function writeOut(
  [height, width, channels]: readonly number[],
  kernel: readonly number[],
  filters: number,
  stride: number,
  depthwise: boolean,
): Forward {
  const [down, across] = kernel;
  const [outHeight, outWidth] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const top = Math.floor(Math.max(0, (outHeight - 1) * stride + down - height) / 2);
  const left = Math.floor(Math.max(0, (outWidth - 1) * stride + across - width) / 2);
  return (x, filter) => {
    const output: number[] = [];
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let out = 0; out < (depthwise ? channels * filters : filters); out++) {
          let sum = 0;
          for (let i = 0; i < down; i++) {
            for (let j = 0; j < across; j++) {
              const [y, z] = [row * stride + i - top, column * stride + j - left];
              if (y < 0 || z < 0 || y >= height || z >= width) continue;
              const from = (y * width + z) * channels;
              if (depthwise)
                sum += x[from + Math.floor(out / filters)] * filter[(i * across + j) * channels * filters + out];
              else
                for (let c = 0; c < channels; c++)
                  sum += x[from + c] * filter[((i * across + j) * channels + c) * filters + out];
            }
          }
          output.push(sum);
        }
      }
    }
    return output;
  };
}

function numericGradient(value: (at: readonly number[]) => number, at: readonly number[]): number[] {
  return at.map((_, place) => {
    const moved = (step: number): number =>
      value(at.map((number, other) => (other === place ? number + step : number)));
    return (moved(STEP) - moved(-STEP)) / (2 * STEP);
  });
}

it.each([
  ["by tiles", [9, 7, 3], [5, 5], 4, 1, false],
  ["by tiles of another window", [8, 9, 4], [3, 4], 5, 1, false],
  ["of one pixel", [5, 4, 2], [1, 1], 3, 1, false],
  ["with strides", [7, 6, 2], [3, 2], 3, 2, false],
  ["depthwise", [6, 5, 3], [3, 3], 1, 1, true],
  ["depthwise with strides and two outputs a channel", [7, 6, 3], [2, 3], 2, 2, true],
] as const)(
  "convolution %s: gradients are those of finite differences",
  (_, shape, kernel, filters, stride, depthwise) => {
    const forward = writeOut(shape, kernel, filters, stride, depthwise);
    const x = [...noise(shape[0] * shape[1] * shape[2], 1)];
    const filter = [...noise(kernel[0] * kernel[1] * shape[2] * filters, 2)];
    const slope = [...noise(forward(x, filter).length, 3)];
    const loss = (output: readonly number[]): number =>
      output.reduce((sum, value, place) => sum + value * slope[place], 0);
    const [dx, dfilter] = tf.tidy(() => {
      const image = tf.tensor4d(x, [1, ...shape]);
      const weights = tf.tensor4d(filter, [...kernel, shape[2], filters]);
      const run = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        (depthwise ? tf.depthwiseConv2d : tf.conv2d)(a as tf.Tensor4D, b as tf.Tensor4D, stride, "same");
      const output = run(image, weights);
      return tf
        .grads(run)([image, weights], tf.tensor(slope, output.shape))
        .map((gradient) => [...gradient.dataSync()]);
    });
    numericGradient((at) => loss(forward(at, filter)), x).forEach((truth, place) =>
      expect(dx[place]).toBeCloseTo(truth, 4),
    );
    numericGradient((at) => loss(forward(x, at)), filter).forEach((truth, place) =>
      expect(dfilter[place]).toBeCloseTo(truth, 4),
    );
  },
);

it("max-pooling gives a window's slope to its first largest pixel", () => {
  const dx = tf.tidy(() => {
    const image = tf.tensor4d([1, 3, 3, 2, /**/ 0, 1, 5, 5], [1, 2, 4, 1]);
    return [
      ...tf
        .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"))(image, tf.tensor4d([10, 20], [1, 1, 2, 1]))
        .dataSync(),
    ];
  });
  expect(dx).toEqual([0, 10, 0, 0, 0, 0, 20, 0]);
});

it("sums a bias's gradient over a large batch without losing digits", () => {
  const sum = tf.tidy(() => [...tf.sum(tf.fill([64, 63, 63, 3], 0.1), [0, 1, 2]).dataSync()]);
  for (const value of sum) expect(Math.abs(value / (64 * 63 * 63 * Math.fround(0.1)) - 1)).toBeLessThan(2e-5);
});
