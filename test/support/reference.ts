import { readFileSync } from "node:fs";

/** What an independent implementation found for one packet of the data folder, in float64. */
export interface Reference {
  readonly file: string;
  readonly index: number;
  readonly objectId: string;
  readonly candid: string;
  /** Set for the one packet that has no FITS stamps; then nothing else is. */
  readonly error?: string;
  readonly cutouts: readonly { readonly shape: readonly number[]; readonly nan: number; readonly norm: number }[];
  readonly custom: Readonly<Record<string, number>>;
  readonly triplet: Readonly<Record<"sum" | "center" | "last", readonly number[]>>;
  readonly features_btsbot: Readonly<Record<string, number | null>>;
  readonly scores: Readonly<Record<string, number | null>>;
}

/**
 * Reads the reference scores.
 *
 * @param folder - the data folder
 * @returns one entry for each alert, in the order of the file
 */
export function readReference(folder: string): Reference[] {
  return JSON.parse(readFileSync(`${folder}/reference/scores.json`, "utf8")) as Reference[];
}
