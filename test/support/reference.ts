import { readFileSync } from "node:fs";
import { parseAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";

/** What an independent implementation found for one packet of the data folder, in float64. */
export interface Reference {
  readonly file: string;
  readonly index: number;
  readonly objectId: string;
  readonly candid: string;
  /** Absent, as what follows, for the one packet that has no FITS stamps. */
  readonly cutouts?: readonly {
    readonly shape: readonly [number, number];
    readonly nan: number;
    readonly inf: number;
    readonly norm: number;
  }[];
  readonly triplet?: Readonly<Record<"sum" | "center" | "last", readonly number[]>>;
  readonly custom?: Readonly<Record<string, number>>;
  readonly features_btsbot?: Readonly<Record<string, number | null>>;
  readonly features_alerce?: Readonly<Record<string, number | null>>;
  readonly scores?: Readonly<Record<string, number | null>> & {
    readonly alerce_stamp?: Readonly<Record<string, number>> | null;
  };
}

/**
 * Reads the reference.
 *
 * @param folder - the data folder
 * @returns one entry for each alert, in the order of the file
 */
export function readReference(folder: string): Reference[] {
  return JSON.parse(readFileSync(`${folder}/reference/scores.json`, "utf8")) as Reference[];
}

/**
 * Reads the packets of the data folder, each with what the reference says of it.
 *
 * @param folder - the data folder
 * @returns one entry for each alert, in the order of the reference
 */
export function readReferenceAlerts(folder: string): { readonly alert: Alert; readonly reference: Reference }[] {
  const files = new Map<string, Alert[]>();
  return readReference(folder).map((reference) => {
    const { file, index } = reference;
    if (!files.has(file)) files.set(file, parseAlerts(readFileSync(`${folder}/alerts/${file}`)));
    return { alert: files.get(file)![index], reference };
  });
}
