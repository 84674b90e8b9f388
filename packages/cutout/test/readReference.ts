import { readFileSync } from "node:fs";
import type { Alert } from "@btsbot/alert";
import { parseAlerts } from "@btsbot/alert";

/** What the reference says of one packet's stamps; absent where its stamps cannot be read. */
export interface StampReference {
  readonly file: string;
  readonly index: number;
  readonly candid: string;
  readonly cutouts?: readonly { readonly shape: readonly [number, number]; readonly nan: number; readonly inf: number; readonly norm: number }[];
  readonly triplet?: { readonly sum: readonly number[]; readonly center: readonly number[]; readonly last: readonly number[] };
}

/**
 * The packets of the data folder, each with what the reference says of its stamps.
 *
 * @param folder - the data folder
 * @returns one entry for each packet of the reference
 */
export function readReference(folder: string): { readonly alert: Alert; readonly reference: StampReference }[] {
  const entries = JSON.parse(readFileSync(`${folder}/reference/scores.json`, "utf8")) as readonly StampReference[];
  const files = new Map<string, Alert[]>();
  return entries.map((reference) => {
    const { file, index } = reference;
    if (!files.has(file)) files.set(file, parseAlerts(readFileSync(`${folder}/alerts/${file}`)));
    return { alert: files.get(file)![index], reference };
  });
}
