import { readFileSync } from "node:fs";
import type { Alert } from "@btsbot/alert";
import { parseAlerts } from "@btsbot/alert";

/** What the reference says of one packet's features; absent where it gives none. */
export interface FeatureReference {
  readonly file: string;
  readonly index: number;
  readonly candid: string;
  readonly custom?: Readonly<Record<string, number>>;
  readonly features_btsbot?: Readonly<Record<string, number | null>>;
}

/**
 * The packets of the data folder, each with what the reference says of its features.
 *
 * @param folder - the data folder
 * @returns one entry for each packet of the reference
 */
export function readReference(folder: string): { readonly alert: Alert; readonly reference: FeatureReference }[] {
  const entries = JSON.parse(readFileSync(`${folder}/reference/scores.json`, "utf8")) as readonly FeatureReference[];
  const files = new Map<string, Alert[]>();
  return entries.map((reference) => {
    const { file, index } = reference;
    if (!files.has(file)) files.set(file, parseAlerts(readFileSync(`${folder}/alerts/${file}`)));
    return { alert: files.get(file)![index], reference };
  });
}
