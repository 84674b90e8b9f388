import { registerSimdKernels } from "@btsbot/simd";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chooseTiling } from "../../src/engine/chooseTiling.js";
import { onBoth, openTfjs, relativeError } from "./openTfjs.js";

const CASES = 2000;
const TOLERANCE = 1e-4;

let undo: () => void;
beforeAll(async () => {
  await openTfjs();
  undo = await registerSimdKernels();
});
afterAll(() => {
  undo();
});

/** Whole numbers and floats from a generator of 32 bits, the same in every run. */
function drawFrom(seed: number): {
  readonly whole: (least: number, most: number) => number;
  readonly floats: (length: number) => Float32Array;
} {
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return {
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    floats: (length) => Float32Array.from({ length }, () => 2 * next() - 1),
  };
}

type Explicit = [[number, number], [number, number], [number, number], [number, number]];

/** A convolution of any kind: from 1 x 1 upward, with and without tiles, channels that fill no vector. */
function drawCase(seed: number) {
  const { whole, floats } = drawFrom(seed);
  // A third are of the windows and steps that run by tiles, and larger.
  const tiled = seed % 3 === 0;
  const side = [3, 5][whole(0, 1)];
  const kernel: [number, number] =
    seed % 6 === 0 ? [side, side] : tiled ? [whole(3, 6), whole(3, 6)] : [whole(1, 7), whole(1, 7)];
  const strides: [number, number] = tiled ? [1, 1] : [whole(1, 3), whole(1, 3)];
  const sides = [0, 1].map((axis): [number, number] => [whole(0, kernel[axis] + 1), whole(0, 3)]);
  const pad = ["same" as const, "valid" as const, [[0, 0], sides[0], sides[1], [0, 0]] as Explicit][whole(0, 2)];
  const least = kernel.map((side) => (pad === "same" ? 1 : side));
  const [height, width] = least.map((fewest) => whole(fewest, tiled ? 15 : Math.max(fewest, 11)));
  const [batch, channels, filters, multiplier] = [
    whole(1, 2),
    whole(1, tiled ? 14 : 7),
    whole(1, tiled ? 19 : 9),
    whole(1, 3),
  ];
  return {
    seed,
    kernel,
    strides,
    pad,
    shape: [batch, height, width, channels] as [number, number, number, number],
    filters,
    multiplier,
    x: floats(batch * height * width * channels),
    filter: floats(kernel[0] * kernel[1] * channels * filters),
    depthwise: floats(kernel[0] * kernel[1] * channels * multiplier),
    bias: floats(filters),
  };
}

/** Whether the plug-in takes the kernel of Winograd's method for the forward convolution. */
function runsByTiles({ kernel, strides, pad, shape, filters }: ReturnType<typeof drawCase>): boolean {
  const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    shape,
    [...kernel, shape[3], filters],
    strides,
    1,
    pad,
  );
  return (
    chooseTiling(
      {
        size: kernel,
        strides,
        height: outHeight,
        width: outWidth,
        channels: shape[3],
        filters,
        pool: 1,
        rectified: false,
      },
      [8],
    ) !== undefined
  );
}

/** All that the plug-in has for images, forward and backward; slopes differ from pixel to pixel. */
function runAll({
  kernel,
  strides,
  pad,
  shape,
  filters,
  multiplier,
  ...values
}: ReturnType<typeof drawCase>): Record<string, tf.Tensor> {
  const x = tf.tensor4d(values.x, shape);
  const filter = tf.tensor4d(values.filter, [...kernel, shape[3], filters]);
  const depthwise = tf.tensor4d(values.depthwise, [...kernel, shape[3], multiplier]);
  const convolve = (image: tf.Tensor4D, weights: tf.Tensor4D): tf.Tensor4D => tf.conv2d(image, weights, strides, pad);
  const forward = convolve(x, filter);
  const [dx, dfilter] = tf.grads((image, weights) => convolve(image as tf.Tensor4D, weights as tf.Tensor4D))(
    [x, filter],
    tf.sin(forward),
  );
  const separate = (image: tf.Tensor, weights: tf.Tensor): tf.Tensor4D =>
    tf.depthwiseConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, strides, pad as "same");
  const apart = separate(x, depthwise);
  const [dxApart, dfilterApart] = tf.grads(separate)([x, depthwise], tf.sin(apart));
  const pool = (image: tf.Tensor): tf.Tensor4D => tf.maxPool(image as tf.Tensor4D, kernel, strides, pad);
  const pooled = pool(x);
  return {
    forward,
    fused: tf.fused.conv2d({ x, filter, strides, pad, bias: tf.tensor1d(values.bias), activation: "relu" }),
    dx,
    dfilter,
    apart,
    dxApart,
    dfilterApart,
    pooled,
    dxPooled: tf.grad(pool)(x, tf.where(tf.isFinite(pooled), tf.cos(pooled), tf.zerosLike(pooled))),
    biasGradient: tf.sum(forward, [0, 1, 2]),
    sumKept: tf.sum(forward, [0, 1], true),
  };
}

it(`agrees with the cpu backend on ${CASES} convolutions and poolings, forward and backward`, async () => {
  const worst: Record<string, number> = {};
  const failed: unknown[] = [];
  let done = 0;
  let tiles = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const drawn = drawCase(seed);
    if (runsByTiles(drawn)) tiles++;
    const { cpu, wasm } = await onBoth(() => runAll(drawn));
    for (const name of Object.keys(cpu)) {
      const error = relativeError(wasm[name], cpu[name]);
      worst[name] = Math.max(worst[name] ?? 0, error);
      if (!(error <= TOLERANCE))
        failed.push({
          name,
          error,
          seed,
          shape: drawn.shape,
          kernel: drawn.kernel,
          strides: drawn.strides,
          pad: drawn.pad,
        });
    }
    done++;
  }
  expect(failed.slice(0, 5)).toEqual([]);
  expect(done).toBe(CASES);
  expect(tiles, "convolutions by Winograd's method").toBeGreaterThan(CASES / 20);
  // Nothing was compared with itself: sums in another order differ in the last digits.
  expect(worst["dfilter"]).toBeGreaterThan(0);
  expect(Math.max(...Object.values(worst))).toBeLessThan(TOLERANCE);
}, 400_000);

it("agrees with the cpu backend on matrices of every orientation, batch and size", async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { whole, floats } = drawFrom(seed);
    const [rows, inner, columns, batch] = [whole(1, 9), whole(1, 40), whole(1, 19), whole(1, 3)];
    const [turnA, turnB] = [whole(0, 1) === 1, whole(0, 1) === 1];
    const [a, b, bias] = [floats(batch * rows * inner), floats(batch * inner * columns), floats(columns)];
    const matrices = (
      values: Float32Array,
      count: number,
      first: number,
      second: number,
      turned: boolean,
    ): tf.Tensor3D =>
      tf.tensor3d(values.subarray(0, count * first * second), turned ? [count, second, first] : [count, first, second]);
    const { cpu, wasm } = await onBoth(() => {
      const left = matrices(a, batch, rows, inner, turnA);
      const right = matrices(b, batch, inner, columns, turnB);
      const one = tf.squeeze(matrices(b, 1, inner, columns, turnB), [0]) as tf.Tensor2D;
      const first = tf.squeeze(matrices(a, 1, rows, inner, turnA), [0]) as tf.Tensor2D;
      const product = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.matMul(x, y, turnA, turnB);
      const forward = product(first, one);
      const [da, db] = tf.grads(product)([first, one], tf.sin(forward));
      const fused = tf.fused.matMul({
        a: first,
        b: one,
        transposeA: turnA,
        transposeB: turnB,
        bias: tf.tensor1d(bias),
        activation: "relu",
      });
      return { forward, da, db, fused, many: product(left, right), spread: product(left, tf.expandDims(one, 0)) };
    });
    for (const name of Object.keys(cpu))
      expect(
        relativeError(wasm[name], cpu[name]),
        `${name} ${[rows, inner, columns, batch, turnA, turnB].join()}`,
      ).toBeLessThan(TOLERANCE);
  }
});
