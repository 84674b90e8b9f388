import { featuresNn, inferShapes, mmCnn, umCnn, weightSpecs } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { describe, expect, it } from "vitest";

function countWeights(definition: ModelDefinition): number {
  return weightSpecs(definition).reduce(
    (sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1),
    0,
  );
}

describe("the paper's architectures", () => {
  it("have the numbers of weights that their tables give by hand", () => {
    // Table 2: four 5x5 convolutions, batch normalisation of 25, dense 128, 128, 8, 1.
    const mm = 25 * 3 * 32 + 32 + 25 * 32 * 32 + 32 + 25 * 32 * 64 + 64 + 25 * 64 * 64 + 64;
    const metadata = 4 * 25 + 25 * 128 + 128 + 128 * 128 + 128;
    expect(countWeights(mmCnn())).toBe(mm + metadata + (7 * 7 * 64 + 128) * 8 + 8 + 8 + 1);
    // Table 5, left: four 3x3 convolutions, dense 128, 1.
    const um = 9 * 3 * 64 + 64 + 9 * 64 * 64 + 64 + 9 * 64 * 16 + 16 + 9 * 16 * 16 + 16;
    expect(countWeights(umCnn())).toBe(um + 7 * 7 * 16 * 128 + 128 + 128 + 1);
    // Table 5, right: batch normalisation of 25, dense 64, 64, 64, 1.
    expect(countWeights(featuresNn())).toBe(4 * 25 + 25 * 64 + 64 + 2 * (64 * 64 + 64) + 64 + 1);
  });

  it.each([3, 5, 7, 13])("has no pooling with %d pixels (Appendix C)", (size) => {
    for (const definition of [mmCnn("m", "0", size), umCnn("u", "0", size)]) {
      expect(definition.layers.some(({ type }) => type === "maxPooling2d")).toBe(false);
      expect(inferShapes(definition).get("conv4")!.slice(0, 2)).toEqual([size, size]);
    }
  });

  it.each([
    [21, 2],
    [35, 4],
    [49, 6],
    [63, 7],
  ])("pools %d pixels to %d", (size, pooled) => {
    for (const definition of [mmCnn("m", "0", size), umCnn("u", "0", size)]) {
      expect(inferShapes(definition).get("pool2")!.slice(0, 2)).toEqual([pooled, pooled]);
    }
  });
});
