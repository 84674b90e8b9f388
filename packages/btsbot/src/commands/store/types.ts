import type { ExportedTable } from "@btsbot/store";

/**
 * Options of `btsbot store info`.
 *
 * @internal
 */
export interface StoreInfoOptions {
  readonly format?: "text" | "json";
}

/**
 * Options of `btsbot store export`.
 *
 * @internal
 */
export interface StoreTableOptions {
  readonly table: ExportedTable;
  readonly nonPublic?: boolean;
}

/**
 * Options of `btsbot store prune`.
 *
 * @internal
 */
export interface StorePruneOptions {
  /** JD, days UTC. */
  readonly before: number;
}

/**
 * Options of `btsbot store import`.
 *
 * @internal
 */
export interface StoreImportOptions {
  readonly from?: string;
}
