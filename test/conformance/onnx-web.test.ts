import * as ort from "onnxruntime-web";
import { describeEngine } from "../support/engineConformance.js";
import { onnxLayersEngine } from "../support/onnxLayersEngine.js";

ort.env.wasm.numThreads = 1;

describeEngine("onnx on onnxruntime-web", () => onnxLayersEngine({ ort }), undefined, true);
