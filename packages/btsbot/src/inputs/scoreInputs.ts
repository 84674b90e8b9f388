import type { Alert } from "@btsbot/alert";
import type { AlertInput, AlertOutcome, ScoredAlert, ScoringOptions } from "@btsbot/core";
import type { SourcedAlert, SourceFailure } from "@btsbot/decide";
import type { BtsbotError } from "@btsbot/errors";
import { isContainer } from "./isContainer.js";
import type { AlertFile } from "./listInputs.js";
import { readAhead } from "./readAhead.js";

/** Alerts in one run of the network: more gain nothing on one core. */
export const DEFAULT_BATCH = 32;
/** Alerts are held until their batch is full: 4096 of the survey's are a few hundred megabytes. */
export const MAX_BATCH = 4096;

/**
 * What has been read and waits for its batch. The index is absent where the file as a whole cannot be read.
 *
 * @internal
 */
export type InputPlace = Required<SourcedAlert> | SourceFailure;

/**
 * A scored alert and where it stood.
 *
 * @internal
 */
export interface ScoredFile<T = ScoredAlert> {
  readonly success: true;
  readonly file: string;
  readonly index: number;
  readonly data: T;
  readonly alert: Alert;
}

/**
 * What became of one alert, or of a file that cannot be read.
 *
 * @internal
 */
export type FileOutcome<T = ScoredAlert> =
  | ScoredFile<T>
  | { readonly success: false; readonly file: string; readonly index?: number; readonly error: BtsbotError };

/**
 * What answers alerts in order: a scorer, or what else is asked as one is.
 *
 * @internal
 */
export interface AlertAnswerer<T> {
  readonly scoreAlerts: (
    inputs: AsyncIterable<AlertInput>,
    options?: ScoringOptions,
  ) => AsyncGenerator<AlertOutcome<T>, void, undefined>;
}

/**
 * How the alerts of files are scored.
 *
 * @internal
 */
export interface ScoreInputsOptions extends ScoringOptions {
  /** Called when a file is opened. */
  readonly onFile: (file: string) => void;
  /** Whether the scorer is given whole files where it can be: other threads read them faster than they take their alerts. */
  readonly sendsFiles?: boolean;
}

/** What takes the place of an input that cannot be read, so that outcomes come in the order of the inputs. */
const UNREADABLE = new Uint8Array(0);
/**
 * Scores the alerts of files, in order, in batches that go across files; what cannot be read takes its
 * place in between. Small files are read ahead; of the others one is open at a time.
 *
 * @internal
 */
export async function* scoreInputs<T>(
  scorer: AlertAnswerer<T>,
  files: Iterable<AlertFile>,
  { onFile, sendsFiles = false, ...scoring }: ScoreInputsOptions,
): AsyncGenerator<FileOutcome<T>, void, undefined> {
  const sent: InputPlace[] = [];
  async function* inputs(): AsyncGenerator<AlertInput, void, undefined> {
    for await (const { file, bytes } of readAhead(files)) {
      onFile(file.name);
      const isWhole = sendsFiles && bytes !== undefined && isContainer(bytes);
      const places = isWhole ? await collect(readPlaces(file, bytes)) : readPlaces(file, bytes);
      for await (const place of places) {
        sent.push(place);
        if ("error" in place) yield UNREADABLE;
        // A packet of one alert: nothing else is in its bytes. Other surveys than ZTF are functions, which no thread can be sent.
        else {
          const isAlone = isWhole && Array.isArray(places) && places.length === 1 && place.index === 0;
          yield isAlone && place.alert.survey === undefined ? bytes : place.alert;
        }
      }
    }
  }
  // Each input is one place: their outcomes come in the same order.
  for await (const outcome of scorer.scoreAlerts(inputs(), scoring)) {
    const place = sent.shift()!;
    if ("error" in place) {
      yield { success: false, ...place };
      continue;
    }
    const { file, index, alert } = place;
    if (outcome.success) yield { success: true, file, index, data: outcome.data, alert };
    else yield { success: false, file, index, error: outcome.error };
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/**
 * Reads a file, each alert with its place; what cannot be read is a place with an error.
 *
 * @param bytes - all its bytes, where they were loaded
 * @param skip - how many outcomes of a file or member are done, and left out
 *
 * @internal
 */
export async function* readPlaces(
  { read }: AlertFile,
  bytes?: Uint8Array,
  skip?: Parameters<AlertFile["read"]>[1],
): AsyncGenerator<InputPlace, void, undefined> {
  for await (const { file, index, result } of read(bytes, skip)) {
    if (!result.success) yield { file, ...(index !== undefined && { index }), error: result.error };
    else yield { file, index: index!, alert: result.data };
  }
}
