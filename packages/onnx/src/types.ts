import type { OptionNames } from "@btsbot/errors";
import type { ModelDefinition, ModelSource, OnnxNetwork } from "@btsbot/model";

/** What stands beside the file to make it a model: what goes in, what comes out, and how. */
export interface OnnxModelOptions extends Pick<ModelDefinition, "name" | "version" | "inputs" | "output">, OnnxNetwork {
  /** Where the file comes from. */
  readonly source?: ModelSource;
}

/**
 * The names of {@link OnnxModelOptions}.
 *
 * @internal
 */
export const ONNX_MODEL_OPTIONS: OptionNames<OnnxModelOptions> = {
  name: "string!",
  version: "string!",
  inputs: "list!",
  output: "object!",
  layout: "string!",
  activation: "string!",
  source: "object",
};

/** What the engine reads and makes of onnxruntime's Tensor. */
export interface OnnxTensor {
  /** Type of its elements, such as `"float32"`. */
  readonly type: string;
  /** Length of each axis. */
  readonly dims: readonly number[];
  /** Its elements, last axis fastest. */
  readonly data: ArrayLike<unknown>;
}

/** What the engine reads of onnxruntime's description of an input or output. */
export interface OnnxValue {
  /** Its name in the file. */
  readonly name: string;
  /** Type of its elements, such as `"float32"`; absent where it is not a tensor. */
  readonly type?: string;
  /** Length of each axis, or a name where any length does. */
  readonly shape?: readonly (number | string)[];
}

/** What the engine uses of onnxruntime's InferenceSession. */
export interface OnnxSession {
  /** Names of the inputs. */
  readonly inputNames: readonly string[];
  /** Names of the outputs. */
  readonly outputNames: readonly string[];
  /** Types and shapes of the inputs; absent in older onnxruntimes. */
  readonly inputMetadata?: readonly OnnxValue[];
  /** Types and shapes of the outputs; absent in older onnxruntimes. */
  readonly outputMetadata?: readonly OnnxValue[];
  /** Runs the network, and gives the outputs asked for. */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, OnnxTensor>>>;
  /** Frees what the session holds. */
  release(): Promise<void>;
}

/** What the engine uses of onnxruntime: `import * as ort from "onnxruntime-node"`, or `"onnxruntime-web"`, is one. */
export interface OnnxRuntime {
  /** Makes sessions. */
  readonly InferenceSession: {
    /** Loads a file. */
    create(file: Uint8Array, options?: Readonly<Record<string, unknown>>): Promise<OnnxSession>;
  };
  /** Makes tensors. */
  readonly Tensor: {
    /** Makes one of float32. */
    new (type: "float32", values: Float32Array, dims: readonly number[]): OnnxTensor;
  };
  /** Says which onnxruntime it is. */
  readonly env?: {
    /** Versions by part, such as `common` and `node`. */
    readonly versions?: Readonly<Record<string, string | undefined>>;
  };
}
