import { readAlerts } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError, toSafe } from "@btsbot/errors";
import { gatherBatches } from "./gatherBatches.js";
import type { GatherOptions } from "./gatherBatches.js";
import { checkAlert, readInput } from "./takeAlert.js";
import type { AlertInput, AlertOutcome, OutcomePlace } from "./types.js";

/** What is asked of the alerts of a batch: one answer for each, in order. */
type Answer<T> = (alerts: readonly Alert[]) => Promise<readonly T[]>;

/**
 * Reads inputs, gathers their alerts in batches and gives the answers in order, errors in between.
 *
 * @internal
 */
export async function* answerInBatches<T>(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  gathering: GatherOptions,
  options: ReadOptions | undefined,
  answer: Answer<T>,
): AsyncGenerator<AlertOutcome<T>, void, undefined> {
  // Errors count too: they must not wait for good alerts that may never come.
  for await (const batch of gatherBatches(readInputs(inputs, options), gathering)) yield* await flush(batch, answer);
}

/** An alert that waits for its batch, or an input that cannot be read. */
type Waiting = OutcomePlace & ({ readonly alert: Alert } | { readonly error: BtsbotError });

/** Answers what waits and gives all of it in order. */
async function flush<T>(waiting: readonly Waiting[], answer: Answer<T>): Promise<AlertOutcome<T>[]> {
  const alerts = waiting.flatMap((outcome) => ("alert" in outcome ? [outcome.alert] : []));
  const answers = (await answer(alerts)).values();
  return waiting.map(({ input, index, ...rest }) =>
    "alert" in rest
      ? { input, index, success: true, data: answers.next().value!, alert: rest.alert }
      : { input, index, success: false, error: rest.error },
  );
}

async function* readInputs(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  options: ReadOptions | undefined,
): AsyncGenerator<Waiting> {
  let input = 0;
  for await (const item of inputs) {
    const given = await readInput(item).catch(toKnown);
    if (given instanceof BtsbotError) yield { input, index: 0, error: given };
    else if (given instanceof Uint8Array) {
      let index = 0;
      for (const result of readAlerts(given, options)) {
        yield result.success ? { input, index, alert: result.data } : { input, index, error: result.error };
        index += 1;
      }
    } else {
      const checked = toSafe(() => checkAlert(given));
      yield checked.success ? { input, index: 0, alert: checked.data } : { input, index: 0, error: checked.error };
    }
    input += 1;
  }
}

/** An error of an input is the input's; anything else is a bug. */
function toKnown(error: unknown): BtsbotError {
  if (error instanceof BtsbotError) return error;
  throw error;
}
