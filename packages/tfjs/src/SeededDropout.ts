import { createRandom } from "@btsbot/chance";
import { mul, tensor, tidy } from "@tensorflow/tfjs-core";
import type { serialization, Tensor } from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";

/**
 * Dropout whose mask is a function of a seed alone, on every backend: training that was interrupted
 * goes on with the masks that it would have had. What is kept is divided by 1 - rate, as in Keras.
 *
 * @internal
 */
export class SeededDropout extends layers.Layer {
  static className = "BtsbotSeededDropout";
  /** Tells this step's mask from the others'; set before each step. */
  seed = 0;
  readonly #rate: number;

  constructor(config: ConstructorParameters<typeof layers.Layer>[0] & { readonly rate: number }) {
    super(config);
    this.#rate = config.rate;
  }

  override call(inputs: Tensor | Tensor[], kwargs: { readonly training?: boolean }): Tensor {
    const input = Array.isArray(inputs) ? inputs[0] : inputs;
    if (kwargs.training !== true || this.#rate === 0) return input;
    return tidy(() => mul(input, tensor(makeMask(input.size, this.#rate, this.seed), input.shape)));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate };
  }
}

/** 0 with probability `rate`, else 1 / (1 - rate). */
function makeMask(length: number, rate: number, seed: number): Float32Array {
  const mask = new Float32Array(length);
  const kept = 1 / (1 - rate);
  const random = createRandom(seed, "dropout");
  for (let place = 0; place < length; place += 1) if (random() >= rate) mask[place] = kept;
  return mask;
}
