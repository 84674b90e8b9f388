import { createTfjsEngine } from "@btsbot/tfjs";
import { memory } from "@tensorflow/tfjs-core";
import { describeEngine } from "../support/engineConformance.js";

describeEngine(
  "tfjs on wasm",
  () => createTfjsEngine({ backend: "wasm" }),
  () => memory().numTensors,
);
