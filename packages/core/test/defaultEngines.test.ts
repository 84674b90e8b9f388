import type { Alert } from "@btsbot/alert";
import { createModel, initializeWeights } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { BRIGHT_CANDIDATE } from "../../../test/support/brightCandidate.js";
import { poolNetwork } from "../../../test/support/poolNetwork.js";

/** Every feature of btsbot-v1, no stamps. */
const ALERT: Alert = {
  objectId: "ZTF26aaaaaaa",
  candid: 1n,
  candidate: BRIGHT_CANDIDATE,
};

let model: Model;
beforeAll(async () => {
  model = await createModel(poolNetwork, initializeWeights(poolNetwork, 1));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock("@btsbot/simd");
  vi.doUnmock("@btsbot/tfjs");
  vi.resetModules();
});

function mockTfjs(error: Error): void {
  vi.doMock("@btsbot/tfjs", () => ({
    createTfjsEngine: () => {
      throw error;
    },
  }));
}

/** Scores with engines that nothing has loaded yet. */
async function score() {
  vi.resetModules();
  const { scoreAlert } = await import("@btsbot/core");
  return (await scoreAlert(ALERT, { models: [model] })).scores.quick;
}

describe("without an engine given", () => {
  it("takes the WebAssembly engine, and says nothing of others", async () => {
    const result = await score();
    expect(result).toMatchObject({ status: "scored", provenance: { engine: "simd" } });
    expect(result.provenance).not.toHaveProperty("passedOver");
  });

  it("takes tfjs where there is no WebAssembly, says so, and scores the same", async () => {
    const before = await score();
    vi.stubGlobal("WebAssembly", undefined);
    const after = await score();
    expect(after).toMatchObject({
      status: "scored",
      provenance: { engine: "tfjs", backend: "cpu", passedOver: [expect.stringMatching(/^simd: .*WebAssembly/)] },
    });
    const [there, here] = [after, before].map((result) => (result.status === "scored" ? result.score! : NaN));
    expect(there).toBeCloseTo(here, 6);
  });

  it("takes tfjs where compiling WebAssembly is forbidden, and says so", async () => {
    const forbid = () => Promise.reject(new WebAssembly.CompileError("Wasm code generation disallowed by embedder"));
    const spies = [
      vi.spyOn(WebAssembly, "compile").mockImplementation(forbid),
      vi.spyOn(WebAssembly, "instantiate").mockImplementation(forbid),
    ];
    try {
      expect((await score()).provenance).toMatchObject({
        engine: "tfjs",
        passedOver: [expect.stringContaining("disallowed")],
      });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it("scores without tfjs installed", async () => {
    vi.doMock("@btsbot/tfjs", () => {
      throw new Error("not installed");
    });
    expect(await score()).toMatchObject({ status: "scored", provenance: { engine: "simd" } });
  });

  it("says what each engine lacks where none works", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    mockTfjs(Object.assign(new Error("Cannot find package '@btsbot/tfjs'"), { code: "ERR_MODULE_NOT_FOUND" }));
    await expect(score()).rejects.toMatchObject({
      code: "engine-unavailable",
      got: expect.stringMatching(/simd: .*; tfjs: .*not installed/),
    });
  });

  it("does not call an engine absent that is there and fails", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    mockTfjs(new RangeError("out of memory"));
    await expect(score()).rejects.toMatchObject({
      code: "engine-unavailable",
      got: expect.stringMatching(/tfjs: the tfjs engine cannot be loaded: out of memory$/),
    });
  });
});
