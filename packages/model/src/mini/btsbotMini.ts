// Made by packages/model/embed.js from a trained model; docs/models.md says how it was trained. SHA-256 7123b22e52d0fedbc522d9b003cfa037bd971c4166530fdd70f7d733ee54421f.
import type { ShippedModel } from "../shippedModel.js";
import { weights1 } from "./weights1.js";

/*! btsbot-mini: its branch for features and its last layer are those of BTSbot v1.0.1 (https://github.com/nabeelre/BTSbot),
 * Copyright (c) 2022 Nabeel Rehemtulla, under the MIT licence, whose text stands in the LICENSE of @btsbot/model. */
/** 42,501 weights in 85,924 bytes. */
export const btsbotMini: ShippedModel = {
  sha256: "7123b22e52d0fedbc522d9b003cfa037bd971c4166530fdd70f7d733ee54421f",
  source: { license: "MIT", citation: "docs/models.md of btsbot, after Rehemtulla et al. 2024, ApJ 972, 7" },
  definition: {
    name: "btsbot-mini",
    version: "1.1",
    inputs: [{"kind":"image","name":"triplet","preprocessing":{"normalization":"l2","size":63}},{"kind":"features","name":"metadata","profile":"btsbot-v1","length":25}],
    output: {"kind":"score","layer":"fc_out"},
    layers: [
      {"type":"conv2d","name":"conv1","inputs":["triplet"],"kernelSize":[5,5],"filters":16,"strides":[2,2],"padding":"same","activation":"relu","useBias":true},
      {"type":"conv2d","name":"conv2","inputs":["conv1"],"kernelSize":[3,3],"filters":16,"strides":[1,1],"padding":"same","activation":"relu","useBias":true},
      {"type":"maxPooling2d","name":"pool1","inputs":["conv2"],"poolSize":[2,2],"strides":[2,2],"padding":"valid"},
      {"type":"conv2d","name":"conv3","inputs":["pool1"],"kernelSize":[3,3],"filters":32,"strides":[1,1],"padding":"same","activation":"relu","useBias":true},
      {"type":"conv2d","name":"conv4","inputs":["conv3"],"kernelSize":[3,3],"filters":32,"strides":[1,1],"padding":"same","activation":"relu","useBias":true},
      {"type":"maxPooling2d","name":"pool2","inputs":["conv4"],"poolSize":[4,4],"strides":[4,4],"padding":"valid"},
      {"type":"flatten","name":"flatten","inputs":["pool2"]},
      {"type":"batchNormalization","name":"batch_normalization","inputs":["metadata"],"epsilon":0.001,"momentum":0.99},
      {"type":"dense","name":"meta_fc1","inputs":["batch_normalization"],"units":128,"activation":"relu","useBias":true},
      {"type":"dense","name":"meta_fc2","inputs":["meta_fc1"],"units":128,"activation":"relu","useBias":true},
      {"type":"concatenate","name":"concatenate","inputs":["flatten","meta_fc2"]},
      {"type":"dense","name":"comb_fc","inputs":["concatenate"],"units":8,"activation":"relu","useBias":true},
      {"type":"dense","name":"fc_out","inputs":["comb_fc"],"units":1,"activation":"sigmoid","useBias":true},
    ],
  },
  weights: [weights1],
};
