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
export interface PullOptions {
  readonly from?: string;
  readonly force?: boolean;
}

/**
 * Options of `btsbot models export`.
 *
 * @internal
 */
export interface ExportOptions {
  readonly to: string;
  readonly format: ExportFormat | "all";
}
