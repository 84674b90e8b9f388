import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createModel, DEFAULT_MODEL, hashWeights, initializeWeights, loadDefaultModel, mmCnn } from "@btsbot/model";
import { describe, expect, it, vi } from "vitest";
import { noisyWeights, SMALL_NETWORKS } from "../../../test/support/networks.js";
import { btsbotMini } from "../src/mini/btsbotMini.js";
import { packWeights, unpackWeights } from "../src/packWeights.js";
import { unpackModel } from "../src/shippedModel.js";

/** Bytes of all modules that hold the model. */
const LARGEST = 1_500_000;

describe("loadDefaultModel", () => {
  it("gives the model that its modules state, with BTSbot's inputs, once", async () => {
    const model = await loadDefaultModel();
    expect(model.definition).toMatchObject({ name: DEFAULT_MODEL, output: { kind: "score" } });
    expect(model.definition.inputs).toMatchObject([
      { kind: "image", preprocessing: { normalization: "l2" } },
      { kind: "features", profile: "btsbot-v1", length: 25 },
    ]);
    expect(model.sha256).toBe(btsbotMini.sha256);
    expect(await hashWeights(model.definition, model.weights)).toBe(model.sha256);
    expect(model.source?.license).toBe("MIT");
    expect(await loadDefaultModel()).toBe(model);
  });

  it("is a trained one: what is fresh has moving means of 0 and biases of 0", async () => {
    const { definition, weights } = await loadDefaultModel();
    const fresh = initializeWeights(definition, 1);
    const same = [...weights].filter(([name, { values }]) =>
      values.every((value, place) => value === fresh.get(name)!.values[place]),
    );
    expect(same.map(([name]) => name)).toEqual([]);
  });

  it("is small", () => {
    const folder = fileURLToPath(new URL("../src/mini/", import.meta.url));
    const sizes = readdirSync(folder).map((file) => statSync(folder + file).size);
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LARGEST);
  });
});

describe("a shipped model", () => {
  it.each(Object.entries(SMALL_NETWORKS))("comes back as it was packed: %s", (_, definition) => {
    const rounded = unpackWeights(definition, packWeights(definition, noisyWeights(definition, 3)))!;
    expect(unpackWeights(definition, packWeights(definition, rounded))).toEqual(rounded);
    for (const [name, { values, shape }] of noisyWeights(definition, 3)) {
      const off = Math.max(
        ...values.map((value, place) => Math.abs(value - rounded.get(name)!.values[place]) / Math.abs(value)),
      );
      // One axis: as it was. More: to 11 bits.
      if (shape.length === 1) expect(off, name).toBe(0);
      else expect(off, name).toBeLessThanOrEqual(2 ** -11);
    }
  });

  it("is refused if one letter of it changed, or is none", async () => {
    const [first, ...rest] = btsbotMini.weights;
    const damage = (letter: string): readonly string[] => [
      `${first.slice(0, 1000)}${letter}${first.slice(1001)}`,
      ...rest,
    ];
    const other = first[1000] === "A" ? "B" : "A";
    for (const weights of [damage(other), damage("?"), rest, [...btsbotMini.weights, "AAAA"]]) {
      await expect(unpackModel({ ...btsbotMini, weights })).rejects.toMatchObject({
        code: "weights-checksum",
        path: DEFAULT_MODEL,
        expected: btsbotMini.sha256,
      });
    }
  });

  it("is taken by its length alone where the platform cannot hash", async () => {
    vi.stubGlobal("crypto", {});
    try {
      expect((await unpackModel(btsbotMini)).sha256).toBe(btsbotMini.sha256);
      await expect(unpackModel({ ...btsbotMini, weights: [] })).rejects.toMatchObject({ code: "weights-checksum" });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("cannot hold a kernel that half precision has no number for", async () => {
    const definition = mmCnn();
    const weights = new Map(initializeWeights(definition, 1));
    weights.set("fc_out/kernel", { shape: [8, 1], values: new Float32Array(8).fill(1e5) });
    await expect(
      createModel(definition, unpackWeights(definition, packWeights(definition, weights))!),
    ).rejects.toMatchObject({ code: "model-invalid", path: "fc_out/kernel" });
  });
});
