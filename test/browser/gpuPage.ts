/**
 * Runs in the browser: predicts the same inputs on the backend that the address names, and leaves the
 * outcome in `window.outcome`.
 */
import { createModel, initializeWeights, inputLength, mmCnn } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { memory } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import { noise, noisyWeights, SMALL_NETWORKS } from "../support/networks.js";

/** What the page found. */
export interface GpuOutcome {
  readonly backend?: string;
  readonly scores?: readonly number[];
  /** What the small network of each name gives for one alert, and the tensors that all of them leave. */
  readonly small?: Readonly<Record<string, readonly number[]>>;
  readonly smallLeaked?: number;
  /** Tensors held more after a second prediction than after the first. */
  readonly leaked?: number;
  readonly error?: string;
}

async function run(): Promise<GpuOutcome> {
  const definition = mmCnn();
  const model = await createModel(definition, initializeWeights(definition, 4));
  const backend = new URLSearchParams(location.search).get("backend") ?? "cpu";
  const prepared = await createTfjsEngine({ backend }).prepare(model);
  const batch = { triplet: noise(2 * 11907, 1), metadata: noise(2 * 25, 2) };
  const scores = await prepared.predict(batch, 2);
  const held = memory().numTensors;
  await prepared.predict(batch, 2);
  const leaked = memory().numTensors - held;
  const small = await runSmall(backend);
  return { backend: prepared.backend, scores: [...scores], leaked, small, smallLeaked: memory().numTensors - held };
}

async function runSmall(backend: string): Promise<Record<string, number[]>> {
  const outputs: Record<string, number[]> = {};
  for (const [name, definition] of Object.entries(SMALL_NETWORKS)) {
    const prepared = await createTfjsEngine({ backend }).prepare(
      await createModel(definition, noisyWeights(definition, 5)),
    );
    const batch = Object.fromEntries(
      definition.inputs.map((input, place) => [input.name, noise(inputLength(input), place)]),
    );
    outputs[name] = [...(await prepared.predict(batch, 1))];
    prepared.dispose();
  }
  return outputs;
}

declare global {
  interface Window {
    gpuOutcome?: GpuOutcome;
  }
}

run()
  .catch((error: unknown): GpuOutcome => ({ error: String(error) }))
  .then((outcome) => {
    window.gpuOutcome = outcome;
  });
