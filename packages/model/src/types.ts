import type { ImagePreprocessing } from "@btsbot/cutout";
import type { FeatureProfile, ProfileData } from "@btsbot/features";

/** What follows a layer's linear part. */
export type Activation = "linear" | "relu" | "sigmoid" | "softmax" | "tanh";

/** How a convolution or pooling treats the border: zeros so that the size is kept, or no padding. */
export type Padding = "same" | "valid";

/** What every layer has. */
export interface LayerBase {
  /** The layer's name, unique in its network; its weights are named after it. */
  readonly name: string;
  /** The layers, or inputs of the network, that it reads. */
  readonly inputs: readonly string[];
}

/** 2-D convolution over (height, width, channels). Weights `kernel` (h, w, in, out) and `bias` (out). */
export interface Conv2d extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "conv2d";
  /** Channels of the output. */
  readonly filters: number;
  /** Height and width of the window, pixels. */
  readonly kernelSize: readonly [number, number];
  /** Steps of the window down and right, pixels. */
  readonly strides: readonly [number, number];
  /** What happens at the border. */
  readonly padding: Padding;
  /** What follows the sum. */
  readonly activation: Activation;
  /** Whether a bias is added. */
  readonly useBias: boolean;
}

/** Depthwise then pointwise convolution. Weights `depthwise_kernel` (h, w, in, m), `pointwise_kernel` (1, 1, in*m, out), `bias`. */
export interface SeparableConv2d extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "separableConv2d";
  /** Channels of the output. */
  readonly filters: number;
  /** Height and width of the window, pixels. */
  readonly kernelSize: readonly [number, number];
  /** Steps of the window down and right, pixels. */
  readonly strides: readonly [number, number];
  /** Depthwise channels for each channel of the input. */
  readonly depthMultiplier: number;
  /** What happens at the border. */
  readonly padding: Padding;
  /** What follows the sum. */
  readonly activation: Activation;
  /** Whether a bias is added. */
  readonly useBias: boolean;
}

/** Largest value of each window. */
export interface MaxPooling2d extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "maxPooling2d";
  /** Height and width of the window, pixels. */
  readonly poolSize: readonly [number, number];
  /** Steps of the window down and right, pixels. */
  readonly strides: readonly [number, number];
  /** What happens at the border. */
  readonly padding: Padding;
}

/** Mean over height and width: (h, w, c) to (c). */
export interface GlobalAveragePooling2d extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "globalAveragePooling2d";
}

/** (h, w, c) to (h*w*c), row by row, channels last. */
export interface Flatten extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "flatten";
}

/** Fully connected. Weights `kernel` (in, out) and `bias` (out). */
export interface Dense extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "dense";
  /** Length of the output. */
  readonly units: number;
  /** What follows the sum. */
  readonly activation: Activation;
  /** Whether a bias is added. */
  readonly useBias: boolean;
}

/** An activation on its own. */
export interface ActivationLayer extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "activation";
  /** What follows the sum. */
  readonly activation: Activation;
}

/** Dropped in training with probability `rate`; does nothing at inference. */
export interface Dropout extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "dropout";
  /** Share of the values that training drops, 0 to 1. */
  readonly rate: number;
}

/** Normalises the last axis with moving statistics. Weights `gamma`, `beta`, `moving_mean`, `moving_variance`. */
export interface BatchNormalization extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "batchNormalization";
  /** Added to the variance before its root. */
  readonly epsilon: number;
  /** Weight of the old moving statistics in training. */
  readonly momentum: number;
}

/** Joins vectors end to end. */
export interface Concatenate extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "concatenate";
}

/** Zeros around an image: (h, w, c) to (top + h + bottom, left + w + right, c). */
export interface ZeroPadding2d extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "zeroPadding2d";
  /** Rows above and below, then columns left and right; whole numbers, 0 or more. */
  readonly padding: readonly [rows: readonly [number, number], columns: readonly [number, number]];
}

/** Keeps each value of a vector within bounds of its own. */
export interface Clip extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "clip";
  /** For each value the least and the greatest that it may have; null where there is no bound. */
  readonly bounds: readonly (readonly [least: number | null, greatest: number | null])[];
}

/** Subtracts a fixed mean and divides by a fixed deviation, along the last axis. Weights `mean`, `deviation`, both (channels). */
export interface Standardize extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "standardize";
}

/**
 * A square image to its four rotations by 0, 90, 180 and 270 degrees, counter-clockwise with row 0 at
 * the top. From here on each alert has four copies, up to a `cyclicPooling`; the network cannot join
 * them with what has one, nor end among them.
 */
export interface Rotations extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "rotations";
}

/** The mean over an alert's four copies. */
export interface CyclicPooling extends LayerBase {
  /** Tells this layer from the others. */
  readonly type: "cyclicPooling";
}

/** A layer of a network, as data. */
export type Layer =
  | Conv2d
  | SeparableConv2d
  | MaxPooling2d
  | GlobalAveragePooling2d
  | Flatten
  | Dense
  | ActivationLayer
  | Dropout
  | BatchNormalization
  | Concatenate
  | ZeroPadding2d
  | Clip
  | Standardize
  | Rotations
  | CyclicPooling;

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

/** One array of weights. */
export interface Weight {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The values, last axis fastest. */
  readonly values: Float32Array;
}

/** The weights of a network by `layer/weight`, such as `"conv1/kernel"`. */
export type Weights = ReadonlyMap<string, Weight>;

/** A file that a model's weights come from. */
export interface SourceFile {
  /** Public address of the authors' file. */
  readonly url?: string;
  /** SHA-256 of that file, hexadecimal. */
  readonly sha256?: string;
}

/** Where a model's weights come from: the authors' file, or `files` if they are several. */
export interface ModelSource extends SourceFile {
  /** The authors' files, if there are several. */
  readonly files?: readonly SourceFile[];
  /** Licence of the weights. */
  readonly license?: string;
  /** How to cite the model. */
  readonly citation?: string;
}

/** A network with its weights. */
export interface Model {
  /** The network. */
  readonly definition: ModelDefinition;
  /** Its weights; empty where the network is an ONNX file, which holds its own. */
  readonly weights: Weights;
  /** SHA-256 of the weights (see `hashWeights`), or of the ONNX file; hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of the definition (see `hashDefinition`); hexadecimal. */
  readonly definitionSha256: string;
  /** Where the weights come from. */
  readonly source?: ModelSource;
  /** The bytes of the file, where the network is an ONNX file. */
  readonly onnx?: Uint8Array;
}

/** The inputs of a batch by name: one Float32Array each, alert after alert. */
export type Batch = Readonly<Record<string, Float32Array>>;

/** Weights made ready on an engine. */
export interface PreparedModel {
  /** What the engine runs on at this moment, such as `"wasm"`. */
  readonly backend: string;
  /**
   * Runs the network on `count` alerts.
   *
   * @param batch - one array for each input of the definition, `count` alerts long
   * @param count - how many alerts
   * @returns `count` times the length of the output, alert after alert
   */
  predict(batch: Batch, count: number): Promise<Float32Array>;
  /** What other threads can run this model on, to be posted to them; absent if it was prepared for this thread alone, and after `dispose`. */
  readonly shared?: unknown;
  /** Frees what the engine holds for this model. */
  dispose(): void;
}

/** A thread's place among those that run the same models, so that they need one copy of the weights. */
export interface Seat {
  /** Which place, from 0. Two threads that run at once never have the same. */
  readonly index: number;
  /** How many places there are. */
  readonly count: number;
  /**
   * By name of the model, what `PreparedModel.shared` of the first thread was, which prepared the same models for as many threads; absent
   * for that one, which makes it. A model that has none here, or another's, is prepared for this thread alone.
   */
  readonly shared?: ReadonlyMap<string, unknown>;
}

/** What runs networks: given to a scorer, never grabbed. */
export interface Engine {
  /** The engine's name, such as `"tfjs"`. */
  readonly name: string;
  /**
   * Whether this engine can run a definition here.
   *
   * @param definition - the network
   * @returns true, or why not
   */
  canRun(definition: ModelDefinition): Promise<true | string>;
  /**
   * Makes a model's weights ready.
   *
   * @param model - the network with its weights
   * @param seat - the place of this thread among others with the same models; an engine may do without
   * @returns the model, ready to predict
   */
  prepare(model: Model, seat?: Seat): Promise<PreparedModel>;
}

/** Where models are found by name. */
export interface ModelStore {
  /**
   * Loads a model.
   *
   * @param name - the model's name, such as `"btsbot-v1.0.1"`
   * @returns the network with its weights
   */
  load(name: string): Promise<Model>;
  /**
   * Lists what can be loaded; absent where the store cannot tell.
   *
   * @returns the models' names
   */
  names?(): Promise<readonly string[]>;
}
