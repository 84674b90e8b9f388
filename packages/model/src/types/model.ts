import type { ModelDefinition } from "./definition.js";

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
