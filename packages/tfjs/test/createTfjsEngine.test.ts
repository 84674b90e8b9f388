import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { getBackend, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { describe, expect, it } from "vitest";

// These share one tfjs and go from nothing set to a backend set, in this order.
describe("createTfjsEngine", () => {
  it("chooses nothing when it is made", () => {
    createTfjsEngine();
    expect(getBackend()).toBeUndefined();
  });

  it("says that a backend that is not installed does not work, and what to do", async () => {
    const answer = await createTfjsEngine({ backend: "webgpu" }).canRun(mmCnn());
    expect(answer).toContain("expected webgpu");
    expect(answer).toContain("@tensorflow/tfjs-backend-webgpu");
    expect(getBackend()).toBeUndefined();
  });

  it("sets the fastest that works, once, for all who ask at the same time", async () => {
    const definition = mmCnn();
    const model = await createModel(definition, initializeWeights(definition, 1));
    const prepared = await Promise.all([1, 2, 3].map(() => createTfjsEngine().prepare(model)));
    expect(prepared.map(({ backend }) => backend)).toEqual(["wasm", "wasm", "wasm"]);
    for (const { dispose } of prepared) dispose();
    expect(getBackend()).toBe("wasm");
  });

  it("keeps the backend that the caller has set, and says which", async () => {
    await setBackend("cpu");
    const definition = mmCnn();
    const model = await createModel(definition, initializeWeights(definition, 1));
    const prepared = await createTfjsEngine().prepare(model);
    expect(prepared.backend).toBe("cpu");
    expect(getBackend()).toBe("cpu");
    prepared.dispose();
  });

  it("refuses another backend than the one that is set", async () => {
    expect(await createTfjsEngine({ backend: "wasm" }).canRun(mmCnn())).toContain("expected wasm, got cpu");
    expect(getBackend()).toBe("cpu");
  });

  it("does not hide a network that cannot be", async () => {
    const definition = { ...mmCnn(), layers: [] };
    await expect(createTfjsEngine().canRun(definition)).rejects.toMatchObject({ code: "model-invalid" });
  });
});
