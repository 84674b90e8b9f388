import { enableProdMode, getKernel, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { fitModel } from "@btsbot/train";
import type { FitOptions } from "@btsbot/train";
import { afterEach, expect, it } from "vitest";
import { makeData, SETTINGS, startModel } from "./support/smallData.js";

const data = { train: makeData(120, 3), validation: makeData(50, 4) };

async function fit(backend: string, options: Partial<FitOptions> = {}): ReturnType<typeof fitModel> {
  enableProdMode();
  await setBackend(backend);
  return fitModel(await startModel(), { settings: { ...SETTINGS, epochs: 3 }, ...data, ...options });
}

afterEach(() => setBackend("cpu"));

it("trains a network with images on the wasm backend as on the cpu backend, and takes the kernels back", async () => {
  const before = getKernel("Conv2DBackpropFilter", "wasm");
  const [wasm, cpu] = [await fit("wasm"), await fit("cpu")];
  expect([wasm.backend, cpu.backend]).toEqual(["wasm", "cpu"]);
  for (const [epoch, { trainLoss, validationLoss }] of wasm.state.history.entries()) {
    expect(trainLoss).toBeCloseTo(cpu.state.history[epoch].trainLoss, 3);
    expect(validationLoss).toBeCloseTo(cpu.state.history[epoch].validationLoss, 3);
  }
  expect(getKernel("Conv2DBackpropFilter", "wasm")).toBe(before);
});

it("leaves the backend to a caller who prepares it", async () => {
  await expect(fit("wasm", { prepareBackend: async () => undefined })).rejects.toMatchObject({
    code: "backend-unavailable",
  });
});
