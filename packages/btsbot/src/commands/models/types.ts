import type { ImagePreprocessing } from "@btsbot/cutout";
import type { Stamps } from "@btsbot/cutout";
import type { ExportFormat } from "@btsbot/weights";

/**
 * Options of `btsbot models list`.
 *
 * @internal
 */
export interface ListOptions {
  readonly format?: "table" | "jsonl";
}

/**
 * Options of `btsbot models pull`.
 *
 * @internal
 */
export interface ModelsPullOptions {
  readonly from?: string;
  readonly force?: boolean;
}

/**
 * Options of `btsbot models export`.
 *
 * @internal
 */
export interface ModelsExportOptions {
  readonly to: string;
  readonly format: ExportFormat | "all";
}

/**
 * One input of a network: the name of its profile or its file, or how its image is made of stamps.
 *
 * @internal
 */
export interface NamedInput {
  readonly name: string;
  readonly profile?: string;
  readonly preprocessing?: Pick<ImagePreprocessing, "normalization" | "planes">;
}

/**
 * Options of `btsbot models import`.
 *
 * @internal
 */
export interface ImportOptions {
  readonly name: string;
  readonly modelVersion?: string;
  readonly profile?: string;
  readonly preprocessing?: ImagePreprocessing["normalization"];
  /** The stamps of its image, in order. */
  readonly planes?: readonly (keyof Stamps)[];
  /** What inputs are given that are not as the others, by their names in the network. */
  readonly input: readonly NamedInput[];
  /** The survey whose alerts it reads. */
  readonly survey?: string;
  readonly classes?: readonly string[];
  readonly activation?: "sigmoid" | "softmax";
  readonly force?: boolean;
}
