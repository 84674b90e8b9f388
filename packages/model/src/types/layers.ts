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
