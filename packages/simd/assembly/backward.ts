/** What the plug-in for tfjs needs: convolutions forward where nothing faster applies, and all gradients. */
export { sumRows } from "./backwardReduce";
export { allFinite, clear, makePlane, packFilter, resizeRows, sumGroups, transposeMatrix } from "./backwardShape";
export { addFilterGradient } from "./backwardFilter";
export { convolve } from "./backwardConvolve";
export { addDepthwiseFilterGradient, convolveDepthwise } from "./backwardDepthwise";
export { addMaxPoolGradient, maxPool, relu } from "./backwardPool";
export { addTileGradients, collectGradient, transformFilter } from "./backwardWinograd";
