import type { PublishedModel } from "@btsbot/weights";
import { PRODUCTION_MODEL } from "../../models/defaultModel.js";

/** What the model is that ships with this program. */
export const SHIPPED_TITLE = `a small stand-in for ${PRODUCTION_MODEL}, which ships with btsbot`;

/**
 * Bytes of all files of a published model.
 *
 * @internal
 */
export function sizeOf({ files }: PublishedModel): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Bytes as megabytes for people.
 *
 * @internal
 */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
