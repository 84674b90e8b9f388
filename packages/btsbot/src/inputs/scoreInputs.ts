import type { Alert } from "@btsbot/alert";
import type { AlertInput, AlertOutcome, ReadOutcome, ScoredAlert, ScoringOptions } from "@btsbot/core";
import type { SourcedAlert, SourceFailure } from "@btsbot/decide";
import type { BtsbotError } from "@btsbot/errors";
import type { AlertLine } from "./describeAlert.js";
import { isContainer } from "./isContainer.js";
import type { AlertFile } from "./listInputs.js";
import { readAhead } from "./readAhead.js";
import type { LoadedFile } from "./readAhead.js";

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
  /** Where a thread has read it, it is read here when it is first asked for. */
  readonly alert: Alert;
  /** What a thread said of it; absent where it was not asked. */
  readonly described?: AlertLine;
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
  /**
   * Whether the scorer is given whole files where it can be, to be read by other threads, in the same way as here: they do so
   * faster than they take alerts.
   */
  readonly sendsFiles?: boolean;
}

/** What takes the place of an input that cannot be read, so that outcomes come in the order of the inputs. */
const UNREADABLE = new Uint8Array(0);

/** What a scorer was given: an alert, what cannot be read, or a file as a whole, which other threads read. */
type Sent = InputPlace | LoadedFile;

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
  const sent: Sent[] = [];
  async function* inputs(): AsyncGenerator<AlertInput, void, undefined> {
    for await (const loaded of readAhead(files)) {
      const { file, bytes } = loaded;
      onFile(file.name);
      // Which survey's packets they are, and how many, their reader finds out.
      if (sendsFiles && file.isResumed !== true && bytes !== undefined && isContainer(bytes)) {
        sent.push(loaded);
        yield bytes;
      } else
        for await (const place of readPlaces(file, bytes)) {
          sent.push(place);
          yield "error" in place ? UNREADABLE : place.alert;
        }
    }
  }
  let [input, own]: [number, AlertOutcome<T>[]] = [0, []];
  const finish = (): AsyncIterable<FileOutcome<T>> | Iterable<FileOutcome<T>> => {
    const outcomes = own;
    [input, own] = [input + 1, []];
    return toOutcomes(sent.shift()!, outcomes);
  };
  for await (const outcome of scorer.scoreAlerts(inputs(), scoring)) {
    // A file has as many outcomes as alerts, or none.
    while (input < outcome.input) yield* finish();
    own.push(outcome);
    if (!("bytes" in sent[0]) || "error" in sent[0]) yield* finish();
  }
  while (sent.length > 0) yield* finish();
}

/** What became of what a scorer was given. */
function toOutcomes<T>(
  sent: Sent,
  outcomes: readonly AlertOutcome<T>[],
): AsyncIterable<FileOutcome<T>> | Iterable<FileOutcome<T>> {
  if ("error" in sent) return [{ success: false, ...sent }];
  if ("alert" in sent) {
    const [outcome] = outcomes;
    const { file, index, alert } = sent;
    return [
      outcome.success
        ? { success: true, file, index, data: outcome.data, alert }
        : { success: false, file, index, error: outcome.error },
    ];
  }
  if (outcomes.length === 0 || !outcomes.every((each) => each.success)) return readAgain(sent, outcomes);
  return outcomes.map((outcome) => toScored(sent.file.name, outcome));
}

function toScored<T>(file: string, outcome: ReadOutcome<T> & { readonly described?: unknown }): ScoredFile<T> {
  const { index, data, described } = outcome;
  return {
    success: true,
    file,
    index,
    data,
    ...(described !== undefined && { described: described as AlertLine }),
    get alert() {
      return outcome.alert;
    },
  };
}

/** A file with which something is wrong: what, and where, is said as of any other. */
async function* readAgain<T>(
  { file, bytes }: LoadedFile,
  outcomes: readonly AlertOutcome<T>[],
): AsyncGenerator<FileOutcome<T>, void, undefined> {
  for await (const place of readPlaces(file, bytes)) {
    if ("error" in place) {
      yield { success: false, ...place };
      continue;
    }
    const { index, file: name } = place;
    // What killed the threads that were to score them is wrong with all of them.
    const outcome = outcomes.find((each) => each.index === index) ?? outcomes.find((each) => !each.success)!;
    if (outcome.success) yield toScored(name, outcome);
    else yield { success: false, file: name, index, error: outcome.error };
  }
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
