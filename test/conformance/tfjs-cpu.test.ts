import { createTfjsEngine } from "@btsbot/tfjs";
import { memory } from "@tensorflow/tfjs-core";
import { describeEngine } from "../support/engineConformance.js";

describeEngine(
  "tfjs on cpu",
  () => createTfjsEngine({ backend: "cpu" }),
  () => memory().numTensors,
);
