import type { Alert } from "@btsbot/alert";
import type { AlertFile } from "./listInputs.js";
import { readPlaces } from "./scoreInputs.js";
import type { Place } from "./scoreInputs.js";

/** Alerts that are held at once. */
const BATCH = 32;

/**
 * An alert with its place, or a place with the error that stands there.
 *
 * @internal
 */
export interface ReadAlert {
  readonly place: Place;
  readonly alert?: Alert;
}

/**
 * Reads the alerts of files in batches that go across files, in order, errors in between.
 *
 * @internal
 */
export async function* readBatches(
  files: Iterable<AlertFile>,
  onFile: () => void,
  size = BATCH,
): AsyncGenerator<readonly ReadAlert[], void, undefined> {
  let batch: ReadAlert[] = [];
  for (const file of files) {
    onFile();
    for await (const [place, alert] of readPlaces(file)) {
      batch.push(alert === undefined ? { place } : { place, alert });
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
