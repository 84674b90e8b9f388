import type { OptionNames, Platform, PlatformFunction } from "@btsbot/errors";
import { KERAS_IMPORT } from "@btsbot/model";
import type { KerasContent, KerasImport, Weight } from "@btsbot/model";

/** How far an archive may be unpacked. */
export interface UnpackOptions {
  /** The largest number of bytes that a compressed archive may unpack to; 4 MB and four times its length by default. */
  readonly maxBytes?: number;
}

/**
 * The names of {@link UnpackOptions}.
 *
 * @internal
 */
export const UNPACK_OPTIONS: OptionNames<UnpackOptions> = { maxBytes: "number" };

/** What a checkpoint says of one of its tensors. */
export interface CheckpointTensor {
  /** The tensor's name in the checkpoint. */
  readonly name: string;
  /** The type of its values, such as `"float32"`; `"string"` holds TensorFlow's own bookkeeping. */
  readonly dtype: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** A TensorFlow checkpoint, its tensors not read yet. */
export interface Checkpoint {
  /** Every tensor by name, in the order of the names' bytes. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /**
   * Reads one tensor and verifies its checksum.
   *
   * @param name - the tensor's name
   * @returns its shape and values
   */
  read(name: string): Weight;
}

/** A Keras model as its authors' file holds it (SavedModel, HDF5, `.keras`), for `createKerasModel` of `@btsbot/model`. */
export type KerasModel = KerasContent;

/** What a Keras file does not say about its model. */
export interface KerasFileImport extends KerasImport {
  /** The file's name, for messages. */
  readonly file?: string;
}

/**
 * The names of {@link KerasFileImport}.
 *
 * @internal
 */
export const KERAS_FILE_IMPORT: OptionNames<KerasFileImport> = { ...KERAS_IMPORT, file: "string" };

/** A file of a published model: where it is, and what it must be. */
export interface PublishedFile {
  /** Public address, pinned to a commit; absent for a file that only a local mirror has. */
  readonly url?: string;
  /** Where a local mirror has the file, below its top folder. */
  readonly mirrorPath: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** Length in bytes. */
  readonly bytes: number;
}

/**
 * What a published model's files are: an archive with a SavedModel; a Keras HDF5 file; or ALeRCE's
 * `model.index`, data file and, if the model reads features, their statistics (see `importAlerceCheckpoint`).
 */
export type PublishedFormat = "keras-savedmodel" | "keras-hdf5" | "alerce-checkpoint";

/** The hashes of a model: together they say what is computed. */
export interface ModelHashes {
  /** SHA-256 of the weights (`hashWeights` of `@btsbot/model`), hexadecimal. */
  readonly weights: string;
  /** SHA-256 of the definition (`hashDefinition` of `@btsbot/model`), hexadecimal. */
  readonly definition: string;
}

/** A model that its authors have published: where it is, and what it must be. */
export interface PublishedModel {
  /** The model's name, such as `"btsbot-v1.0.1"`. */
  readonly name: string;
  /** The model's version. */
  readonly version: string;
  /** What it is, in one line. */
  readonly title: string;
  /** Its files, in the order in which its format reads them. */
  readonly files: readonly PublishedFile[];
  /** What the files are. */
  readonly format: PublishedFormat;
  /** What its files give, as this version of the library reads them; without it only the files are checked. */
  readonly hashes?: ModelHashes;
  /** The feature profile of its vector input; absent for a model that reads images alone. */
  readonly profile?: string;
  /** What whoever uses its scores must know first, in whole sentences; absent where nothing of the kind is known. */
  readonly caution?: string;
  /** What the network reads, by name of the input, in words. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Licence of the weights. */
  readonly license: string;
  /** How to cite the model. */
  readonly citation: string;
  /** DOI of the paper. */
  readonly doi: string;
}

/** Where the cache is. */
export interface CacheOptions {
  /** The cache folder; `cacheFolder()` by default. */
  readonly cache?: string;
}

/**
 * The names of {@link CacheOptions}.
 *
 * @internal
 */
export const CACHE_OPTIONS: OptionNames<CacheOptions> = { cache: "string" };

/** How a model of your own is put into the cache. */
export interface CacheModelOptions extends CacheOptions {
  /** Whether a model of the same name in the cache is replaced; by default it is an error. */
  readonly replace?: boolean;
}

/**
 * The names of {@link CacheModelOptions}.
 *
 * @internal
 */
export const CACHE_MODEL_OPTIONS: OptionNames<CacheModelOptions> = { ...CACHE_OPTIONS, replace: "boolean" };

/** How far a pull is. */
export interface PullProgress {
  /** The model's name. */
  readonly name: string;
  /** `cached`: it was there already, and nothing is done. */
  readonly stage: "cached" | "download" | "convert" | "done";
  /** Bytes of the model's files received so far. */
  readonly received: number;
  /** Bytes of all its files. */
  readonly total: number;
}

/** How a model is pulled. */
export interface PullOptions extends CacheOptions {
  /**
   * Folder of a local mirror, read instead of the public address: each file at its `mirrorPath`
   * (`btsbot/v1.0.1.tar.gz`), or with all files flat in it (`v1.0.1.tar.gz`).
   */
  readonly from?: string;
  /** Pull even what is in the cache already. */
  readonly force?: boolean;
  /** What fetches; the platform's `fetch` by default. */
  readonly fetch?: PlatformFunction<"fetch">;
  /** Called as the pull goes on. */
  readonly onProgress?: (progress: PullProgress) => void;
  /** Stops the pull; what was downloaded is kept, and the next pull goes on from there. */
  readonly signal?: Platform<"AbortSignal">;
}

/**
 * The names of {@link PullOptions}.
 *
 * @internal
 */
export const PULL_OPTIONS: OptionNames<PullOptions> = {
  ...CACHE_OPTIONS,
  from: "string",
  force: "boolean",
  fetch: "function",
  onProgress: "function",
  signal: "object",
};

/** A model in the cache. */
export interface PulledModel {
  /** The model's name. */
  readonly name: string;
  /** The folder that holds it, in the tfjs layers format. */
  readonly folder: string;
}

/** A format that models are exported in: tfjs layers (`model.json`, `weights.bin`), or ONNX. */
export type ExportFormat = "tfjs" | "onnx";

/** What is exported. */
export interface ExportOptions {
  /** The formats; both by default. */
  readonly formats?: readonly ExportFormat[];
}

/**
 * The names of {@link ExportOptions}.
 *
 * @internal
 */
export const EXPORT_OPTIONS: OptionNames<ExportOptions> = { formats: "list" };
