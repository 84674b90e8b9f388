import type { ImagePlanes, ImagePreprocessing, StampPadding } from "@btsbot/cutout";
import type { OptionNames } from "@btsbot/errors";
import type { GivenProfile } from "./types/definition.js";

/** How stamps become an image whose size the network says. */
export interface KerasPreprocessing extends ImagePlanes {
  /** How the stamps are normalised. */
  readonly normalization: ImagePreprocessing["normalization"];
  /** How small stamps are padded, for `l2`. */
  readonly padding?: StampPadding;
  /** Pixels on a side; the network's by default, and no other. */
  readonly size?: number;
}

/** What one input of a network is given. */
export interface KerasInput {
  /** Feature profile of a vector. */
  readonly profile?: GivenProfile;
  /** Preprocessing of an image. */
  readonly preprocessing?: KerasPreprocessing;
}

/** What a Keras configuration does not say about a model. */
export interface KerasImport {
  /** The model's name, such as `"btsbot-v1.0.1"`. */
  readonly name: string;
  /** The model's version. */
  readonly version: string;
  /** Feature profile of the vector input; needed if there is one. */
  readonly profile?: GivenProfile;
  /** Preprocessing of the image input, at the input's size unless another is given, which is refused; L2 by default. Needed if its planes are not science, template, difference. */
  readonly preprocessing?: KerasPreprocessing;
  /**
   * What inputs are given by their names in the network, where it reads several images or vectors that differ; an input
   * that is not named here gets `profile` or `preprocessing`.
   */
  readonly inputs?: Readonly<Record<string, KerasInput>>;
  /** The survey whose alerts the network reads, where no profile says it; ZTF by default. */
  readonly survey?: string;
  /** Names of the classes, in order, for a network that gives a probability for each; without them it gives one score. */
  readonly classes?: readonly string[];
  /**
   * What is still to be applied to the output, for a network that gives logits: `"sigmoid"` for a score,
   * `"softmax"` for classes.
   */
  readonly activation?: "sigmoid" | "softmax";
}

/**
 * The names of {@link KerasImport}, for what hands them on: see `checkOptions` of `@btsbot/errors`.
 *
 * @example
 * ```ts
 * import { KERAS_IMPORT } from "@btsbot/model";
 *
 * Object.keys(KERAS_IMPORT).includes("profile"); // => true
 * ```
 */
export const KERAS_IMPORT: OptionNames<KerasImport> = {
  name: "string!",
  version: "string!",
  profile: "string|object",
  preprocessing: "object",
  inputs: "object",
  survey: "string",
  classes: "list",
  activation: "string",
};
