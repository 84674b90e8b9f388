import { createModel, inferShapes } from "@btsbot/model";
import type { Layer, ModelDefinition, Padding } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { expect, it } from "vitest";
import { naiveForward } from "../../../test/support/naiveForward.js";
import { noise, noisyWeights } from "../../../test/support/networks.js";
import { chooseTiling } from "../src/engine/chooseTiling.js";
import { findBuild } from "../src/loadKernels.js";
import type { KernelBuild } from "../src/loadKernels.js";

const CASES = 2000;
const BUILDS: readonly KernelBuild[] = findBuild() === "relaxed-simd" ? ["simd", "relaxed-simd"] : ["simd"];

/** Whole numbers from 0 up to a limit, the same each time. */
function makeDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/**
 * A network whose last image is a convolution, pooling or separable convolution of any size: a pointwise
 * convolution with steps makes the height, the width and the channels that it reads.
 */
function makeCase(seed: number): { definition: ModelDefinition; tested: Layer } {
  const roll = makeDice(seed * 7919 + 1);
  // Many channels, and few.
  const many = roll(4) === 0;
  const size = many ? 8 + roll(15) : 1 + roll(22);
  const padding: Padding = roll(2) === 0 ? "same" : "valid";
  const strides = roll(3) === 0 ? ([1 + roll(3), 1 + roll(3)] as const) : ([1, 1] as const);
  const first = roll(3) === 0 ? ([1 + roll(3), 1 + roll(2)] as const) : ([1, 1] as const);
  const kinds = [3, 5, 3, 5, 1, 2, 4, 6, 7];
  const side = many && roll(2) === 0 ? 5 : kinds[roll(kinds.length)];
  const kernelSize = roll(4) === 0 ? ([1 + roll(5), 1 + roll(5)] as const) : ([side, side] as const);
  const base = { strides, padding, activation: roll(2) === 0 ? "relu" : "linear", useBias: roll(4) > 0 } as const;
  const separable = roll(6) === 0;
  const tested: Layer = separable
    ? {
        type: "separableConv2d",
        name: "tested",
        inputs: ["first"],
        filters: 1 + roll(12),
        kernelSize,
        depthMultiplier: 1 + roll(3),
        ...base,
      }
    : { type: "conv2d", name: "tested", inputs: ["first"], filters: 1 + roll(20), kernelSize, ...base };
  const layers: Layer[] = [
    {
      type: "conv2d",
      name: "first",
      inputs: ["triplet"],
      filters: many ? 62 + roll(8) : 1 + roll(17),
      kernelSize: [1, 1],
      strides: first,
      padding: "valid",
      activation: "linear",
      useBias: true,
    },
    tested,
  ];
  const pool = 1 + roll(4);
  if (pool > 1) {
    const poolSize = [pool, roll(4) === 0 ? 1 + roll(4) : pool] as const;
    const steps = roll(3) === 0 ? ([1 + roll(4), 1 + roll(4)] as const) : poolSize;
    layers.push({
      type: "maxPooling2d",
      name: "pool",
      inputs: ["tested"],
      poolSize,
      strides: steps,
      padding: roll(4) === 0 ? "same" : "valid",
    });
  }
  layers.push({ type: "flatten", name: "flat", inputs: [layers.at(-1)!.name] });
  const definition: ModelDefinition = {
    name: `case ${seed}`,
    version: "0",
    inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size } }],
    layers,
    output: { kind: "classes", layer: "flat", classes: [] },
  };
  return { definition, tested };
}

/** The same with a class for each value, or undefined where a window is larger than its image. */
function complete(definition: ModelDefinition): ModelDefinition | undefined {
  try {
    const [length] = inferShapes(definition).get("flat")!;
    return {
      ...definition,
      output: { kind: "classes", layer: "flat", classes: Array.from({ length }, (_, i) => String(i)) },
    };
  } catch {
    return undefined;
  }
}

/** The pooling that is done with the convolution. */
function fusedPool({ layers }: ModelDefinition): number {
  const pool = layers.find(({ type }) => type === "maxPooling2d");
  if (pool?.type !== "maxPooling2d" || pool.padding !== "valid") return 1;
  const {
    poolSize: [height, width],
    strides,
  } = pool;
  return height === width && strides.every((step) => step === height) ? height : 1;
}

it.each(BUILDS)(
  `gives what plain loops in float64 give to 1e-4 on ${CASES} random shapes, with %s`,
  { timeout: 300_000 },
  async (build) => {
    const engine = createSimdEngine({ build });
    const ways = new Map<string, number>();
    const roll = makeDice(99);
    let worst = 0;
    let done = 0;
    for (let seed = 0; done < CASES; seed++) {
      const { definition: draft, tested } = makeCase(seed);
      const definition = complete(draft);
      if (definition === undefined) continue;
      done += 1;
      const [height, width, channels] = inferShapes(definition).get("first")!;
      const out = inferShapes(definition).get("tested")!;
      if (tested.type === "conv2d") {
        const tiling = chooseTiling({
          size: tested.kernelSize,
          strides: tested.strides,
          height: out[0],
          width: out[1],
          channels,
          filters: tested.filters,
          pool: fusedPool(draft),
          rectified: false,
        });
        const way = tiling === undefined ? "direct" : `${tiling.points} points`;
        ways.set(way, (ways.get(way) ?? 0) + 1);
      }
      const weights = noisyWeights(definition, seed + 1);
      const count = 1 + roll(3);
      const length = draft.inputs[0].kind === "image" ? draft.inputs[0].preprocessing.size ** 2 * 3 : 0;
      const triplet = noise(count * length, seed + 2);
      const prepared = await engine.prepare(await createModel(definition, weights));
      const output = await prepared.predict({ triplet }, count);
      prepared.dispose();
      // One alert of the batch is enough: where it lies in it changes from case to case.
      const alert = roll(count);
      const truth = naiveForward(definition, weights, {
        triplet: triplet.subarray(alert * length, (alert + 1) * length),
      });
      const scale = truth.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
      const error =
        truth.reduce(
          (most, value, place) => Math.max(most, Math.abs(value - output[alert * truth.length + place])),
          0,
        ) / scale;
      expect(
        error,
        `${definition.name}: ${height} x ${width} x ${channels}, ${JSON.stringify(tested)}`,
      ).toBeLessThanOrEqual(1e-4);
      worst = Math.max(worst, error);
    }
    expect(done).toBe(CASES);
    // Every way is taken often.
    expect(
      Math.min(...["direct", "8 points", "20 points"].map((way) => ways.get(way) ?? 0)),
      JSON.stringify([...ways]),
    ).toBeGreaterThan(50);
    expect(worst).toBeGreaterThan(0);
  },
);
