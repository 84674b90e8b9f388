import type { ImagePreprocessing } from "@btsbot/cutout";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import type { Activation, Layer } from "./layers.js";

/** An image input: (size, size, planes), by default science, template, difference. */
export interface ImageInput {
  /** Tells this input from the others. */
  readonly kind: "image";
  /** The input's name in the network. */
  readonly name: string;
  /** How stamps become this input. */
  readonly preprocessing: ImagePreprocessing;
}

/** A feature profile by its name, itself, or as data. */
export type GivenProfile = string | FeatureProfile | ProfileData;

/** A vector of features. */
export interface FeaturesInput {
  /** Tells this input from the others. */
  readonly kind: "features";
  /** The input's name in the network. */
  readonly name: string;
  /**
   * The feature profile: the name of a ready one of `@btsbot/features`, or of one that is given to the scorer; a profile
   * itself; or one as data, which a model's file can hold.
   */
  readonly profile: GivenProfile;
  /** How many features the profile has. */
  readonly length: number;
}

/** An input of a network. */
export type ModelInput = ImageInput | FeaturesInput;

/** What comes out: one score between 0 and 1. */
export interface ScoreOutput {
  /** Tells this output from others to come. */
  readonly kind: "score";
  /** The layer, or the output of an ONNX file, that gives it: of layers, one that ends in a sigmoid. */
  readonly layer: string;
}

/** What comes out: a probability for each of several classes, their sum 1. */
export interface ClassesOutput {
  /** Tells this output from a score. */
  readonly kind: "classes";
  /** The layer, or the output of an ONNX file, that gives them: of layers, one that ends in a softmax. */
  readonly layer: string;
  /** The classes' names, in the order of the layer's values. */
  readonly classes: readonly string[];
}

/** What comes out of a network. */
export type ModelOutput = ScoreOutput | ClassesOutput;

/**
 * What must be known of a network that is an ONNX file, beside its inputs and its output: those are the
 * file's own, by name.
 */
export interface OnnxNetwork {
  /**
   * The order of an image's axes in the file: channels first (N, planes, size, size), as PyTorch has them, or
   * last (N, size, size, planes), as Keras has them. A batch has them last; the engine turns them.
   */
  readonly layout: "nchw" | "nhwc";
  /**
   * What is still to be applied to the file's output: `"sigmoid"` to a logit, `"softmax"` to the logits
   * of classes, `"linear"` where the file gives probabilities itself.
   */
  readonly activation: Extract<Activation, "linear" | "sigmoid" | "softmax">;
}

/** A network as data: what goes in, the layers, what comes out. */
export interface ModelDefinition {
  /** The model's name, such as `"btsbot-v1.0.1"`. */
  readonly name: string;
  /** The version of the model, not of this library. */
  readonly version: string;
  /** What goes in. */
  readonly inputs: readonly ModelInput[];
  /** The layers, each after those that it reads. */
  readonly layers: readonly Layer[];
  /** What comes out. */
  readonly output: ModelOutput;
  /** The survey whose alerts it reads, such as `"lsst"`, where no profile says it; ZTF by default. */
  readonly survey?: string;
  /** Given where the network is an ONNX file; `layers` is empty then, and the model carries the file. */
  readonly onnx?: OnnxNetwork;
}
