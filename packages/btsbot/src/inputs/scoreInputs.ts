import type { Alert } from "@btsbot/alert";
import type { ScoredAlert, Scorer } from "@btsbot/core";
import type { BtsbotError } from "@btsbot/errors";
import type { AlertFile } from "./listInputs.js";

/** Alerts in one run of the network: more gain nothing on one core. */
export const DEFAULT_BATCH = 32;
/** Alerts are held until their batch is full: 4096 of the survey's are a few hundred megabytes. */
export const MAX_BATCH = 4096;

/**
 * What has been read and waits for its batch. The index is absent where the file as a whole cannot be read.
 *
 * @internal
 */
export type InputPlace = ReadPlace | UnreadPlace;

/**
 * An alert and where it stands.
 *
 * @internal
 */
export interface ReadPlace {
  readonly file: string;
  readonly index: number;
  readonly alert: Alert;
}

/**
 * What stands where an alert could not be read.
 *
 * @internal
 */
export interface UnreadPlace {
  readonly file: string;
  readonly index?: number;
  readonly error: BtsbotError;
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
  ScoredFile | { readonly success: false; readonly file: string; readonly index?: number; readonly error: BtsbotError };

/**
 * How the alerts of files are scored.
 *
 * @internal
 */
export interface ScoreInputsOptions {
  /** Outcomes that wait for each other: those of alerts, which are scored together, and errors. */
  readonly batchSize: number;
  /** Called when a file is opened. */
  readonly onFile: (file: string) => void;
}

/**
 * Scores the alerts of files, in order, in batches that go across files; what cannot be read takes its
 * place in between. One file is open at a time.
 *
 * @internal
 */
export async function* scoreInputs(
  scorer: Pick<Scorer, "scoreAlerts">,
  files: Iterable<AlertFile>,
  { batchSize, onFile }: ScoreInputsOptions,
): AsyncGenerator<FileOutcome, void, undefined> {
  let waiting: InputPlace[] = [];
  for (const file of files) {
    onFile(file.name);
    for await (const place of readPlaces(file)) {
      waiting.push(place);
      // Errors count too: they must not wait for good alerts that may never come.
      if (waiting.length < batchSize) continue;
      yield* scorePlaces(scorer, waiting);
      waiting = [];
    }
  }
  yield* scorePlaces(scorer, waiting);
}

async function* scorePlaces(
  scorer: Pick<Scorer, "scoreAlerts">,
  places: readonly InputPlace[],
): AsyncGenerator<FileOutcome, void, undefined> {
  const outcomes = scorer.scoreAlerts(places.flatMap((place) => ("alert" in place ? [place.alert] : [])));
  for (const place of places) {
    if ("error" in place) {
      yield { success: false, ...place };
      continue;
    }
    const { file, index } = place;
    const outcome = (await outcomes.next()).value!;
    if (outcome.success) yield { success: true, file, index, data: outcome.data, alert: outcome.alert };
    else yield { success: false, file, index, error: outcome.error };
  }
}

/**
 * Reads a file, each alert with its place; what cannot be read is a place with an error.
 *
 * @internal
 */
export async function* readPlaces({ read }: AlertFile): AsyncGenerator<InputPlace, void, undefined> {
  for await (const { file, index, result } of read()) {
    if (!result.success) yield { file, ...(index !== undefined && { index }), error: result.error };
    else yield { file, index: index!, alert: result.data };
  }
}
