import {
  concat,
  div,
  maximum,
  mean,
  minimum,
  reshape,
  reverse,
  serialization,
  sub,
  tensor1d,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { initializers, layers } from "@tensorflow/tfjs-layers";

/** The greatest float32: a bound that no finite number passes. */
const GREATEST_FLOAT32 = 3.4028234663852886e38;

/** Rotations of a square. */
const ROTATIONS = 4;

type LayerArgs = ConstructorParameters<typeof layers.Layer>[0];
type TensorShape = Parameters<layers.Layer["computeOutputShape"]>[0];
type ClipBounds = readonly (readonly [number | null, number | null])[];

/** tfjs gives a layer's inputs as an array or, of one, alone. */
function only(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}

class ClipLayer extends layers.Layer {
  static className = "BtsbotClip";
  readonly #bounds: ClipBounds;

  constructor(config: LayerArgs & { readonly bounds: ClipBounds }) {
    super(config);
    this.#bounds = config.bounds;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const least = tensor1d(this.#bounds.map(([bound]) => bound ?? -GREATEST_FLOAT32));
      const greatest = tensor1d(this.#bounds.map(([, bound]) => bound ?? GREATEST_FLOAT32));
      return minimum(maximum(only(inputs), least), greatest);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), bounds: this.#bounds.map((bound) => [...bound]) };
  }
}

class StandardizeLayer extends layers.Layer {
  static className = "BtsbotStandardize";
  #mean: ReturnType<layers.Layer["addWeight"]> | undefined;
  #deviation: ReturnType<layers.Layer["addWeight"]> | undefined;

  override build(inputShape: TensorShape): void {
    const channels = (inputShape as readonly number[])[inputShape.length - 1];
    this.#mean = this.addWeight("mean", [channels], "float32", initializers.zeros(), undefined, false);
    this.#deviation = this.addWeight("deviation", [channels], "float32", initializers.ones(), undefined, false);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => div(sub(only(inputs), this.#mean!.read()), this.#deviation!.read()));
  }
}

/** Rotations counter-clockwise, row 0 at the top, one after the other along the batch. */
class RotationsLayer extends layers.Layer {
  static className = "BtsbotRotations";

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const image = only(inputs) as Tensor4D;
      const transposed = transpose(image, [0, 2, 1, 3]);
      return concat([image, reverse(transposed, 1), reverse(image, [1, 2]), reverse(transposed, 2)], 0);
    });
  }
}

/** The mean over the four copies that `Rotations` laid along the batch. */
class CyclicPoolingLayer extends layers.Layer {
  static className = "BtsbotCyclicPooling";

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const copies = only(inputs);
      return mean(reshape(copies, [ROTATIONS, copies.shape[0] / ROTATIONS, ...copies.shape.slice(1)]), 0);
    });
  }
}

/**
 * Makes tfjs know the layers that it does not have itself: `BtsbotClip`, `BtsbotStandardize`,
 * `BtsbotRotations` and `BtsbotCyclicPooling`. The engine calls it; call it yourself before
 * `tf.loadLayersModel` reads an exported `model.json` that names one of them. Nothing is registered when
 * this package is imported; calling it again does no harm.
 *
 * @example
 * ```ts
 * import { registerLayers } from "@btsbot/tfjs";
 *
 * registerLayers(); // => undefined
 * ```
 */
export function registerLayers(): void {
  for (const layer of [ClipLayer, StandardizeLayer, RotationsLayer, CyclicPoolingLayer])
    serialization.registerClass(layer);
}
