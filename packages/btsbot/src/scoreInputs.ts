import type { Alert } from "@btsbot/alert";
import type { ScoredAlert, Scorer } from "@btsbot/core";
import type { BtsbotError } from "@btsbot/errors";
import type { AlertFile } from "./listInputs.js";

/**
 * What has been read and waits for its turn.
 *
 * @internal
 */
export interface Place {
  readonly file: string;
  /** Place of the alert in its file; absent where the file as a whole cannot be read. */
  readonly index?: number;
  readonly error?: BtsbotError;
}

/**
 * A scored alert and where it stood.
 *
 * @internal
 */
export interface ScoredFile {
  readonly success: true;
  readonly file: string;
  readonly index: number;
  readonly data: ScoredAlert;
  readonly alert: Alert;
}

/**
 * What became of one alert, or of a file that cannot be read.
 *
 * @internal
 */
export type FileOutcome =
  | ScoredFile
  | { readonly success: false; readonly file: string; readonly index?: number; readonly error: BtsbotError };

/**
 * Scores the alerts of files, in order, in batches that go across files; what cannot be read takes its
 * place in between. One file is open at a time.
 *
 * @internal
 */
export async function* scoreInputs(
  scorer: Pick<Scorer, "scoreAlerts">,
  files: Iterable<AlertFile>,
  onFile: (file: string) => void,
): AsyncGenerator<FileOutcome, void, undefined> {
  const places: Place[] = [];
  async function* alerts(): AsyncGenerator<Alert> {
    for (const file of files) {
      onFile(file.name);
      for await (const [place, alert] of readPlaces(file)) {
        places.push(place);
        if (alert !== undefined) yield alert;
      }
    }
  }
  for await (const outcome of scorer.scoreAlerts(alerts())) {
    yield* takeErrors(places);
    const { file, index } = places.shift()!;
    if (outcome.success) yield { success: true, file, index: index!, data: outcome.data, alert: outcome.alert };
    else yield { success: false, file, index: index!, error: outcome.error };
  }
  yield* takeErrors(places);
}

function* takeErrors(places: Place[]): Generator<FileOutcome> {
  while (places[0]?.error !== undefined) {
    const { file, index, error } = places.shift()!;
    yield index === undefined ? { success: false, file, error: error! } : { success: false, file, index, error: error! };
  }
}

/**
 * Reads a file, each alert with its place; what cannot be read is a place with an error.
 *
 * @internal
 */
export async function* readPlaces({ name, read }: AlertFile): AsyncGenerator<[Place, Alert?]> {
  let index = 0;
  let first: BtsbotError | undefined;
  for await (const result of read()) {
    // An error that is all there is concerns the file, not its first alert.
    if (first !== undefined) yield [{ file: name, index: 0, error: first }];
    first = undefined;
    if (result.success) yield [{ file: name, index }, result.data];
    else if (index === 0) first = result.error;
    else yield [{ file: name, index, error: result.error }];
    index += 1;
  }
  if (first !== undefined) yield [{ file: name, error: first }];
}
