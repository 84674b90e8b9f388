import { readFileSync } from "node:fs";
import { parseAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import type { ModelResult, Scorer } from "@btsbot/core";

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
  /** By model; null where it has none. */
  readonly scores?: Readonly<Record<string, number | null>>;
  /** The probabilities of ALeRCE's models, by model; null where it has none. */
  readonly classes: Readonly<Record<string, Readonly<Record<string, number>> | null>>;
}

/** ALeRCE's models of images alone, by the names of their checkpoints. */
const IMAGE_MODELS = { best_model_new_bogus: "alerce-images", best_model_new_bogus_reg: "alerce-images-reg" } as const;

type Classes = Reference["classes"][string];

interface StoredReference extends Omit<Reference, "scores" | "classes"> {
  readonly scores?: Readonly<Record<string, number | null>> & { readonly alerce_stamp?: Classes };
}

interface StoredImages {
  readonly file: string;
  readonly index: number;
  readonly scores: Readonly<Record<keyof typeof IMAGE_MODELS, Classes>>;
}

/**
 * Reads the reference.
 *
 * @param folder - the data folder
 * @returns one entry for each alert, in the order of the file
 */
export function readReference(folder: string): Reference[] {
  const read = <T>(name: string) => JSON.parse(readFileSync(`${folder}/reference/${name}`, "utf8")) as T[];
  const images = new Map(read<StoredImages>("alerce-images.json").map((entry) => [keyOf(entry), entry.scores]));
  return read<StoredReference>("scores.json").map((entry) => {
    const { alerce_stamp: stamp = null, ...scores } = entry.scores ?? {};
    const found = images.get(keyOf(entry));
    const classes = Object.entries(IMAGE_MODELS).map(([checkpoint, name]) => [
      name,
      found?.[checkpoint as keyof typeof IMAGE_MODELS] ?? null,
    ]);
    return {
      ...entry,
      ...(entry.scores && { scores }),
      classes: { "alerce-stamp": stamp, ...(Object.fromEntries(classes) as Record<string, Classes>) },
    };
  });
}

/**
 * Scores every packet of the reference, from its bytes.
 *
 * @param folder - the data folder
 * @param scorer - what scores them; disposed of at the end
 * @param model - the model's name
 * @returns each alert's result of a model, with what the reference has
 */
export async function* scoreReference(
  folder: string,
  scorer: Scorer,
  model: string,
): AsyncGenerator<{ readonly entry: Reference; readonly result: ModelResult }> {
  const reference = readReference(folder);
  const files = [...new Set(reference.map(({ file }) => file))];
  const packets = files.map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`)));
  for await (const outcome of scorer.scoreAlerts(packets)) {
    if (!outcome.success) throw outcome.error;
    const entry = reference.find(({ file, index }) => file === files[outcome.input] && index === outcome.index)!;
    yield { entry, result: outcome.data.scores[model] };
  }
  scorer.dispose();
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

function keyOf({ file, index }: { readonly file: string; readonly index: number }): string {
  return `${file} ${index}`;
}
