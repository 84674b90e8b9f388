import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { ModelDefinition, PreparedModel } from "@btsbot/model";
import { createSimdEngine, simd } from "@btsbot/simd";
import { afterEach, describe, expect, it, vi } from "vitest";
import { noise } from "../../../test/support/networks.js";
import { findBuild } from "../src/loadKernels.js";

const definition = mmCnn("small", "0", 13);
const makeModel = () => createModel(definition, initializeWeights(definition, 1));

/** The builds that run here. */
const BUILDS = (["simd", "relaxed-simd"] as const).slice(0, findBuild() === "relaxed-simd" ? 2 : 1);

afterEach(() => {
  vi.unstubAllGlobals();
});

// The first: a module that was compiled before is not compiled again.
describe("where WebAssembly may not be compiled", () => {
  it("says so, what a page must allow, and works once it may", async () => {
    const compile = vi
      .spyOn(WebAssembly, "compile")
      .mockRejectedValue(new WebAssembly.CompileError("blocked by the policy"));
    const answer = await createSimdEngine().canRun(definition);
    expect(answer).toContain("blocked by the policy");
    expect(answer).toContain("wasm-unsafe-eval");
    await expect(createSimdEngine().prepare(await makeModel())).rejects.toMatchObject({ code: "engine-unavailable" });
    compile.mockRestore();
    expect(await createSimdEngine().canRun(definition)).toBe(true);
  });
});

describe("createSimdEngine", () => {
  it("says that there is no WebAssembly, or none with SIMD", async () => {
    const validate = vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect(await createSimdEngine().canRun(definition)).toContain("WebAssembly without SIMD");
    validate.mockRestore();
    vi.stubGlobal("WebAssembly", undefined);
    expect(await createSimdEngine().canRun(definition)).toContain("no WebAssembly");
  });

  it("leaves ONNX files to their engine, and does not hide a network that cannot be", async () => {
    const onnx: ModelDefinition = { ...definition, layers: [], onnx: { layout: "nhwc", activation: "linear" } };
    expect(await createSimdEngine().canRun(onnx)).toContain("@btsbot/onnx");
    await expect(createSimdEngine().canRun({ ...definition, layers: [] })).rejects.toMatchObject({
      code: "model-invalid",
    });
  });

  it("names itself and the build that it runs", async () => {
    const prepared = await simd().prepare(await makeModel());
    expect([simd().name, prepared.backend]).toEqual(["simd", `wasm-${findBuild()}`]);
    const plain = await simd({ build: "simd" }).prepare(await makeModel());
    expect(plain.backend).toBe("wasm-simd");
  });

  it("gives each of more alerts than it holds at once its score alone", async () => {
    const prepared = await createSimdEngine().prepare(await makeModel());
    const [triplet, metadata] = [noise(37 * 13 * 13 * 3, 1), noise(37 * 25, 2)];
    const together = await prepared.predict({ triplet, metadata }, 37);
    for (let alert = 0; alert < 37; alert++) {
      const batch = {
        triplet: triplet.slice(alert * 507, (alert + 1) * 507),
        metadata: metadata.slice(alert * 25, (alert + 1) * 25),
      };
      const [alone] = await prepared.predict(batch, 1);
      expect(Math.abs(alone - together[alert])).toBeLessThan(1e-6);
    }
    expect(new Set(together).size).toBe(37);
  });

  it.each(BUILDS)("gives an alert the same number whatever is scored beside it, with %s", async (build) => {
    const full = mmCnn();
    const prepared = await simd({ build }).prepare(await createModel(full, initializeWeights(full, 1)));
    const [triplet, metadata] = [noise(7 * 11907, 1), noise(7 * 25, 2)];
    const inBatchesOf = async (size: number) => {
      const scores: number[] = [];
      for (let first = 0; first < 7; first += size) {
        const end = Math.min(7, first + size);
        const batch = {
          triplet: triplet.slice(first * 11907, end * 11907),
          metadata: metadata.slice(first * 25, end * 25),
        };
        scores.push(...(await prepared.predict(batch, end - first)));
      }
      return scores;
    };
    const together = await inBatchesOf(7);
    for (const size of [1, 2, 3, 4]) expect(await inBatchesOf(size)).toEqual(together);
  });

  it("does not score after it was disposed of, and others do", async () => {
    const [one, other] = [
      await createSimdEngine().prepare(await makeModel()),
      await createSimdEngine().prepare(await makeModel()),
    ];
    const batch = { triplet: noise(507, 1), metadata: noise(25, 2) };
    const before = await other.predict(batch, 1);
    one.dispose();
    await expect(one.predict(batch, 1)).rejects.toMatchObject({ code: "scorer-disposed" });
    expect(await other.predict(batch, 1)).toEqual(before);
  });
});

describe("threads with a place each", () => {
  const batch = (seed: number) => ({ triplet: noise(5 * 507, seed), metadata: noise(5 * 25, seed + 1) });
  const predict = (prepared: PreparedModel, seed: number) => prepared.predict(batch(seed), 5);
  const bytesOf = ({ shared }: PreparedModel) =>
    (shared as { readonly memory: WebAssembly.Memory }).memory.buffer.byteLength;

  it("run a model on one memory, each without touching what the others have there", async () => {
    const model = await makeModel();
    const alone = await simd().prepare(model);
    const first = await simd().prepare(model, { index: 0, count: 3 });
    const shared = new Map([["small", first.shared]]);
    const others = [
      await simd().prepare(model, { index: 1, count: 3, shared }),
      await simd().prepare(model, { index: 2, count: 3, shared }),
    ];
    expect(alone.shared).toBeUndefined();
    for (const other of others)
      expect((other.shared as { memory: unknown }).memory).toBe((first.shared as { memory: unknown }).memory);
    // Each once more, after the others have written what they write.
    for (const prepared of [first, ...others, first, ...others])
      expect(await predict(prepared, 3)).toEqual(await predict(alone, 3));
  });

  it("need the kernels once", async () => {
    const model = await createModel(mmCnn(), initializeWeights(mmCnn(), 1));
    const [two, three] = [
      bytesOf(await simd().prepare(model, { index: 0, count: 2 })),
      bytesOf(await simd().prepare(model, { index: 0, count: 3 })),
    ];
    const kernels = two - 2 * (three - two);
    expect(kernels).toBeGreaterThan(4e6);
    expect(kernels).toBeLessThan(5e6);
  });

  it("may take the place of one that has stopped, whatever it left there", async () => {
    const model = await makeModel();
    const first = await simd().prepare(model, { index: 0, count: 2 });
    const second = { index: 1, count: 2, shared: new Map([["small", first.shared]]) };
    const before = await predict(await simd().prepare(model, second), 3);
    const { memory } = first.shared as { readonly memory: WebAssembly.Memory };
    const floats = new Float32Array(memory.buffer);
    const kept = await predict(first, 3);
    const dirty = await simd().prepare(model, second);
    await dirty.predict({ triplet: noise(5 * 507, 8).map((value) => 1e15 * value), metadata: noise(5 * 25, 9) }, 5);
    expect(floats.some((value) => Math.abs(value) > 1e12)).toBe(true);
    expect(await predict(await simd().prepare(model, second), 3)).toEqual(before);
    expect(await predict(first, 3)).toEqual(kept);
  });

  it("share nothing that was prepared of another model, or for another number of threads", async () => {
    const [model, other] = [await makeModel(), await createModel(definition, initializeWeights(definition, 2))];
    const alone = await simd().prepare(other);
    const shared = new Map([["small", (await simd().prepare(model, { index: 0, count: 2 })).shared]]);
    const prepared = await simd().prepare(other, { index: 1, count: 2, shared });
    expect(prepared.shared).toBeUndefined();
    expect(await predict(prepared, 3)).toEqual(await predict(alone, 3));
    expect((await simd().prepare(model, { index: 2, count: 3, shared })).shared).toBeUndefined();
    expect((await simd().prepare(model, { index: 1, count: 2, shared: new Map() })).shared).toBeUndefined();
    const wider = mmCnn("small", "0", 13);
    const renamed = { ...model, definition: { ...wider, version: "other" } };
    expect((await simd().prepare(renamed, { index: 1, count: 2, shared })).shared).toBeUndefined();
    expect((await simd().prepare({ ...model, sha256: "" }, { index: 0, count: 2 })).shared).toBeUndefined();
  });

  it("let go of the memory when they are done, and must have a place that there is", async () => {
    const model = await makeModel();
    const first = await simd().prepare(model, { index: 0, count: 2 });
    first.dispose();
    expect(first.shared).toBeUndefined();
    await expect(simd().prepare(model, { index: 2, count: 2 })).rejects.toThrow(RangeError);
    await expect(simd().prepare(model, { index: -1, count: 2 })).rejects.toThrow(RangeError);
  });
});
