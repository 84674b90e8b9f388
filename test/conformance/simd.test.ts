import { createSimdEngine } from "@btsbot/simd";
import { describeEngine } from "../support/engineConformance.js";

describeEngine("simd", createSimdEngine);
