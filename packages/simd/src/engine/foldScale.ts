import type { BatchNormalization, Conv2d, Dense, SeparableConv2d, Standardize, Weights } from "@btsbot/model";

/** Layers that multiply with weights. */
export type Weighted = Conv2d | SeparableConv2d | Dense;

/** What a normalisation does with each channel: (x - less) * factor + more. */
export interface Scale {
  readonly less: Float64Array;
  readonly factor: Float64Array;
  readonly more: Float64Array;
}

/**
 * The scale of a batch normalisation at inference, or of a standardisation, in float64.
 *
 * @param layer - the layer
 * @param weights - the network's weights
 */
export function readScale(layer: BatchNormalization | Standardize, weights: Weights): Scale {
  const values = (name: string): Float64Array => Float64Array.from(weights.get(`${layer.name}/${name}`)!.values);
  if (layer.type === "standardize") {
    const less = values("mean");
    return { less, factor: values("deviation").map((deviation) => 1 / deviation), more: less.map(() => 0) };
  }
  const variance = values("moving_variance");
  const factor = values("gamma").map((gamma, channel) => gamma / Math.sqrt(variance[channel] + layer.epsilon));
  return { less: values("moving_mean"), factor, more: values("beta") };
}

/** Multiplies the scale of `layer` into the weights of the linear layer `before` it. */
export function foldScale(
  own: Map<string, Float32Array>,
  before: Weighted,
  layer: BatchNormalization | Standardize,
  weights: Weights,
): void {
  const { less, factor, more } = readScale(layer, weights);
  const name = before.type === "separableConv2d" ? "pointwise_kernel" : "kernel";
  const bias = own.get("bias");
  own.set(
    name,
    own.get(name)!.map((value, index) => value * factor[index % factor.length]),
  );
  own.set(
    "bias",
    Float32Array.from(factor, (value, channel) => ((bias?.[channel] ?? 0) - less[channel]) * value + more[channel]),
  );
}
