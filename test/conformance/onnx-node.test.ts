import * as ort from "onnxruntime-node";
import { describeEngine } from "../support/engineConformance.js";
import { onnxLayersEngine } from "../support/onnxLayersEngine.js";

describeEngine("onnx on onnxruntime-node", () => onnxLayersEngine({ ort }), undefined, true);
