import { registerSimdKernels } from "@btsbot/simd";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { noise } from "../../../../test/support/networks.js";
import { findBuild, loadKernels } from "../../src/loadKernels.js";
import { onBoth, openTfjs, relativeError, watchMemory } from "./openTfjs.js";

beforeAll(async () => {
  await openTfjs();
});

/** Runs with the plug-in in place. */
async function withPlugin<T>(run: () => T | Promise<T>): Promise<T> {
  await tf.setBackend("wasm");
  const undo = await registerSimdKernels();
  try {
    return await run();
  } finally {
    await tf.setBackend("wasm");
    undo();
  }
}

const image = (): tf.Tensor4D => tf.tensor4d(noise(2 * 12 * 11 * 4, 1), [2, 12, 11, 4]);
const filter = (seed = 2): tf.Tensor4D => tf.tensor4d(noise(5 * 5 * 4 * 6, seed), [5, 5, 4, 6]);
const convolve = (x: tf.Tensor4D, weights: tf.Tensor4D): tf.Tensor4D => tf.conv2d(x, weights, 1, "same");

describe("products of matrices", () => {
  // The kernel that was there divides by the number of matrices.
  it.each([
    [
      [0, 2, 3],
      [1, 3, 2],
    ],
    [
      [1, 2, 3],
      [0, 3, 2],
    ],
  ])("%j by %j are none", async (left, right) => {
    const [a, b] = [left, right].map((shape) => tf.fill(shape, 1));
    const undo = await registerSimdKernels();
    const found = tf.matMul(a, b);
    undo();
    expect(found.shape).toEqual([0, 2, 2]);
    tf.dispose([a, b, found]);
  });

  it.each([
    [
      [1, 2, 3],
      [1, 1, 3, 2],
    ],
    [
      [1, 1, 2, 3],
      [1, 3, 2],
    ],
    [
      [4, 2, 3],
      [3, 2],
    ],
  ])("%j by %j have the shape and the values of the kernel that was there", async (left, right) => {
    const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
    const [a, b] = [tf.tensor(noise(size(left), 1), left), tf.tensor(noise(size(right), 2), right)];
    const expected = tf.matMul(a, b);
    const undo = await registerSimdKernels();
    const found = tf.matMul(a, b);
    undo();
    expect(found.shape).toEqual(expected.shape);
    const wanted = await expected.data();
    (await found.data()).forEach((value, place) => expect(value).toBeCloseTo(wanted[place], 5));
    tf.dispose([a, b, expected, found]);
  });
});

describe("registering", () => {
  it("replaces kernels, adds those that lack, and puts the old ones back", async () => {
    const before = tf
      .getKernelsForBackend("wasm")
      .map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc] as const);
    const known = tf.getKernel("FusedConv2D", "wasm").kernelFunc;
    const dispose = Object.getOwnPropertyDescriptor(tf.backend(), "disposeData");
    const undo = await registerSimdKernels();
    expect(tf.getKernel("FusedConv2D", "wasm").kernelFunc).not.toBe(known);
    expect(tf.getKernel("Conv2DBackpropFilter", "wasm")).toBeDefined();
    undo();
    const after = new Map(
      tf.getKernelsForBackend("wasm").map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
    );
    expect(after.size).toBe(before.length);
    for (const [name, kernel] of before) expect(after.get(name), name).toBe(kernel);
    expect(tf.getKernel("Conv2DBackpropFilter", "wasm")).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(tf.backend(), "disposeData")).toEqual(dispose);
  });

  it("registers once when it is called twice, and undoes with the last", async () => {
    const old = tf.getKernel("Conv2D", "wasm").kernelFunc;
    const [first, second] = await Promise.all([registerSimdKernels(), registerSimdKernels()]);
    const kernel = tf.getKernel("Conv2D", "wasm").kernelFunc;
    first();
    first();
    expect(tf.getKernel("Conv2D", "wasm").kernelFunc).toBe(kernel);
    second();
    expect(tf.getKernel("Conv2D", "wasm").kernelFunc).toBe(old);
    second();
    expect(tf.getKernel("Conv2D", "wasm").kernelFunc).toBe(old);
  });

  it("leaves the backend as it was when two calls overlap", async () => {
    const [first, second] = await Promise.all([registerSimdKernels(), registerSimdKernels()]);
    first();
    second();
    expect(Object.hasOwn(tf.backend(), "disposeData")).toBe(false);
  });

  it("may come before the backend, and follows it when it is made anew", async () => {
    const remake = (): void => {
      const factory = tf.findBackendFactory("wasm");
      tf.removeBackend("wasm");
      tf.registerBackend("wasm", factory);
    };
    await tf.setBackend("cpu");
    remake();
    const undo = await registerSimdKernels();
    for (let time = 0; time < 2; time++) {
      const { cpu, wasm } = await onBoth(() => ({ y: convolve(image(), filter()) }));
      expect(relativeError(wasm.y, cpu.y)).toBeLessThan(1e-5);
      await tf.setBackend("cpu");
      remake();
    }
    undo();
    await tf.setBackend("wasm");
  });

  it("runs in the plain build, too", async () => {
    expect(["simd", "relaxed-simd"]).toContain(findBuild());
    const undo = await registerSimdKernels({ build: "simd" });
    const { cpu, wasm } = await onBoth(() => ({ y: convolve(image(), filter()) }));
    expect(relativeError(wasm.y, cpu.y)).toBeLessThan(1e-5);
    undo();
  });

  it("has kernels for a memory that threads share", async () => {
    const module = await loadKernels("backward", "simd", true);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const allFinite = exports["allFinite"] as (address: number, count: number) => number;
    expect(allFinite(0, 5)).toBe(1);
    new Float32Array(memory.buffer)[4] = NaN;
    expect([allFinite(0, 4), allFinite(0, 5)]).toEqual([1, 0]);
  });
});

describe("what has no fast path", () => {
  it("runs on the kernel that was there", async () => {
    const run = (): Record<string, tf.Tensor> => ({
      dilated: tf.conv2d(image(), filter(), 1, "same", "NHWC", 2),
      sigmoid: tf.fused.conv2d({ x: image(), filter: filter(), strides: 1, pad: "same", activation: "sigmoid" }),
      integers: tf.cast(tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"), 0), "float32"),
      inner: tf.sum(image(), [1, 3]),
      all: tf.sum(image()),
      copied: tf.cast(tf.clone(tf.tensor1d([1, 0], "bool")), "float32"),
    });
    const { cpu, wasm } = await withPlugin(() => onBoth(run));
    for (const name of Object.keys(cpu)) expect(relativeError(wasm[name], cpu[name]), name).toBeLessThan(1e-5);
  });

  it("says so where there was none", async () => {
    await withPlugin(() => {
      const [x, dy] = [tf.ones([1, 2, 5, 5]), tf.ones([1, 3, 3, 3])];
      const attrs = { strides: 1, pad: "valid", dataFormat: "NCHW", filterShape: [3, 3, 2, 3] };
      expect(() => tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, attrs)).toThrow(
        /Conv2DBackpropFilter does not run on this/,
      );
      tf.dispose([x, dy]);
    });
  });
});

describe("numbers that are not finite", () => {
  const broken = (value: number): tf.Tensor4D => {
    const values = noise(2 * 12 * 11 * 4, 1);
    values[137] = value;
    return tf.tensor4d(values, [2, 12, 11, 4]);
  };

  it.each([NaN, Infinity, -Infinity])(
    "go through convolutions, dense layers and ReLU as on the cpu backend: %s",
    async (value) => {
      const run = (): Record<string, tf.Tensor> => {
        const x = broken(value);
        const y = convolve(x, filter());
        const [dx, dfilter] = tf.grads((a, b) => convolve(a as tf.Tensor4D, b as tf.Tensor4D))(
          [x, filter()],
          tf.tensor4d(noise(2 * 12 * 11 * 6, 7), [2, 12, 11, 6]),
        );
        const flat = tf.reshape(x, [24, 44]) as tf.Tensor2D;
        const weights = tf.tensor2d(noise(44 * 3, 5), [44, 3]);
        return {
          y,
          dx,
          dfilter,
          flat: tf.matMul(flat, weights),
          fused: tf.fused.conv2d({ x, filter: filter(), strides: 1, pad: "same", activation: "relu" }),
          dense: tf.fused.matMul({ a: flat, b: weights, activation: "relu" }),
          depthwise: tf.relu(tf.depthwiseConv2d(x, tf.slice(filter(), [0, 0, 0, 0], [3, 3, 4, 1]), 1, "same")),
          relu: tf.relu(x),
        };
      };
      const { cpu, wasm } = await withPlugin(() => onBoth(run));
      for (const name of Object.keys(cpu)) {
        const kinds = (values: Float32Array): string[] =>
          [...values].map((each) => (Number.isFinite(each) ? "finite" : String(each)));
        expect(kinds(wasm[name]), name).toEqual(kinds(cpu[name]));
        expect(kinds(wasm[name]).includes("finite"), name).toBe(true);
      }
      expect(Number.isFinite(wasm.relu[137])).toBe(value === -Infinity);
    },
  );

  it("stay in a window's maximum, and their pixel gets its slope", async () => {
    await withPlugin(() => {
      const x = tf.tensor4d([1, NaN, 3, 2, 5, 6, 7, 8], [1, 2, 4, 1]);
      const pool = (a: tf.Tensor): tf.Tensor4D => tf.maxPool(a as tf.Tensor4D, 2, 2, "valid");
      expect([...tf.tidy(() => pool(x).dataSync())]).toEqual([NaN, 8]);
      expect([
        ...tf.tidy(() =>
          tf
            .grad(pool)(x, tf.ones([1, 1, 2, 1]))
            .dataSync(),
        ),
      ]).toEqual([0, 1, 0, 0, 0, 0, 0, 1]);
      x.dispose();
    });
  });
});

describe("transformed filters", () => {
  it("are kept for the next call, and given back with their tensor", async () => {
    await withPlugin(() => {
      const x = image();
      tf.tidy(() => convolve(x, filter()));
      const memory = watchMemory();
      const before = memory.inUse();
      const weights = filter();
      tf.dispose(convolve(x, weights));
      const kept = memory.inUse();
      expect(kept).toBe(before + 2);
      tf.dispose(convolve(x, weights));
      expect(memory.inUse()).toBe(kept);
      // A clone has the same data: the filter lives as long as one of them.
      const clone = weights.clone();
      weights.dispose();
      expect(memory.inUse()).toBe(kept);
      clone.dispose();
      expect(memory.inUse()).toBe(before);
      x.dispose();
      memory.stop();
    });
  });

  it("are given back when the plug-in is undone", async () => {
    const weights = filter();
    const x = image();
    const memory = watchMemory();
    await withPlugin(() => {
      tf.dispose(convolve(x, weights));
      expect(memory.inUse()).toBe(1);
    });
    expect(memory.inUse()).toBe(0);
    memory.stop();
    tf.dispose([weights, x]);
  });

  it("are never old: a variable that is assigned to is transformed anew", async () => {
    const expected = await onBoth(() => ({ y: convolve(image(), filter(9)) }));
    await withPlugin(() => {
      const x = image();
      const variable = tf.variable(filter(2));
      tf.dispose(convolve(x, variable as tf.Tensor4D));
      const next = filter(9);
      variable.assign(next);
      next.dispose();
      const y = tf.tidy(() => convolve(x, variable as tf.Tensor4D).dataSync()) as Float32Array;
      expect(relativeError(y, expected.cpu.y)).toBeLessThan(1e-5);
      tf.dispose([x, variable]);
    });
  });

  it("are told apart by shape where tensors share their data", async () => {
    const run = (): Record<string, tf.Tensor> => {
      const weights = filter();
      const flat = tf.reshape(weights, [5, 5, 6, 4]) as tf.Tensor4D;
      const x = tf.tensor4d(noise(12 * 11 * 6, 4), [1, 12, 11, 6]);
      return { one: convolve(image(), weights), other: convolve(x, flat) };
    };
    const { cpu, wasm } = await withPlugin(() => onBoth(run));
    for (const name of Object.keys(cpu)) expect(relativeError(wasm[name], cpu[name]), name).toBeLessThan(1e-5);
  });
});
