import { createModel, featuresNn, initializeWeights, mmCnn } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { createTfjsEngine, createTfjsTrainer } from "@btsbot/tfjs";
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

  it("leaves the program's handling of stray errors alone", async () => {
    const events = ["uncaughtException", "unhandledRejection"] as const;
    const before = events.map((event) => process.listeners(event as "uncaughtException"));
    expect(await createTfjsEngine({ backend: "wasm" }).canRun(mmCnn())).toBe(true);
    expect(events.map((event) => process.listeners(event as "uncaughtException"))).toEqual(before);
  });

  it("runs more alerts than the wasm backend's memory holds at once", async () => {
    const definition: ModelDefinition = {
      name: "sum",
      version: "0",
      inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 2 }],
      layers: [{ type: "dense", name: "out", inputs: ["metadata"], units: 1, activation: "linear", useBias: false }],
      output: { kind: "score", layer: "out" },
    };
    const model = await createModel(
      definition,
      new Map([["out/kernel", { shape: [2, 1], values: Float32Array.of(1, 1) }]]),
    );
    const prepared = await createTfjsEngine().prepare(model);
    const metadata = Float32Array.from({ length: 2 * 700 }, (_, i) => i);
    expect(await prepared.predict({ metadata }, 700)).toEqual(Float32Array.from({ length: 700 }, (_, i) => 4 * i + 1));
    prepared.dispose();
  });

  it("sets the fastest that works, once, for all who ask at the same time", async () => {
    const definition = mmCnn();
    const model = await createModel(definition, initializeWeights(definition, 1));
    const prepared = await Promise.all([1, 2, 3].map(() => createTfjsEngine().prepare(model)));
    expect(prepared.map(({ backend }) => backend)).toEqual(["wasm", "wasm", "wasm"]);
    for (const { dispose } of prepared) dispose();
    expect(getBackend()).toBe("wasm");
  });

  it("is chosen the same way to train", async () => {
    const definition = featuresNn();
    const trainer = await createTfjsTrainer(await createModel(definition, initializeWeights(definition, 1)));
    expect([trainer.backend, getBackend()]).toEqual(["wasm", "wasm"]);
    trainer.dispose();
  });

  it("keeps the backend that the caller has set, and says which", async () => {
    const definition = mmCnn();
    const model = await createModel(definition, initializeWeights(definition, 1));
    const earlier = await createTfjsEngine().prepare(model);
    expect(earlier.backend).toBe("wasm");
    await setBackend("cpu");
    expect(earlier.backend).toBe("cpu");
    earlier.dispose();
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
