import { registerSimdKernels } from "@btsbot/simd";
import { createTfjsEngine } from "@btsbot/tfjs";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll } from "vitest";
import { describeEngine } from "../support/engineConformance.js";

beforeAll(async () => {
  await registerSimdKernels();
});

describeEngine(
  "tfjs on wasm with the plug-in",
  () => createTfjsEngine({ backend: "wasm" }),
  () => memory().numTensors,
);
