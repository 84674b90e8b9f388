import type { AlertFile } from "../../inputs/listInputs.js";
import { readPlaces } from "../../inputs/scoreInputs.js";
import type { InputPlace } from "../../inputs/scoreInputs.js";

/** Alerts that are held at once. */
const BATCH = 32;

/**
 * Reads the alerts of files in batches that go across files, in order, errors in between.
 *
 * @internal
 */
export async function* readParityBatches(
  files: Iterable<AlertFile>,
  onFile: () => void,
  size = BATCH,
): AsyncGenerator<readonly InputPlace[], void, undefined> {
  let batch: InputPlace[] = [];
  for (const file of files) {
    onFile();
    for await (const place of readPlaces(file)) {
      batch.push(place);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
