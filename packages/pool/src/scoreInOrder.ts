import { readAlerts } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import type { AlertOutcome, ReadOutcome } from "@btsbot/core";
import type { SafeResult } from "@btsbot/errors";
import type { Crew } from "./Crew.js";
import type { PlacedBatch } from "./readBatches.js";

/** What pulling the next batch came to. */
type Pulled = { readonly batch: PlacedBatch } | { readonly failure?: { readonly error: unknown } };

/**
 * Keeps as many batches with the workers as they can hold, and gives the outcomes of the first. What the
 * inputs throw is thrown on once all that came before is given.
 *
 * @internal
 */
export async function* scoreInOrder<T>(
  crew: Crew<T>,
  batches: AsyncGenerator<PlacedBatch, void, undefined>,
  options: ReadOptions | undefined,
): AsyncGenerator<AlertOutcome<T>, void, undefined> {
  const running: Promise<AlertOutcome<T>[]>[] = [];
  let next: Promise<Pulled> | undefined = pull(batches);
  let failure: { readonly error: unknown } | undefined;
  try {
    while (next !== undefined || running.length > 0) {
      // A batch that is scored does not wait for inputs that are still to come.
      const came: Pulled | "scored" = await Promise.race([
        ...(next !== undefined && running.length < crew.capacity ? [next] : []),
        ...(running.length > 0 ? [running[0].then(() => "scored" as const)] : []),
      ]);
      if (came === "scored") yield* await running.shift()!;
      else if ("batch" in came) {
        const job = scoreBatch(crew, came.batch, options);
        // Its turn comes later: until then a failure is not yet anybody's.
        job.catch(() => undefined);
        running.push(job);
        next = pull(batches);
      } else {
        failure = came.failure;
        next = undefined;
      }
    }
  } finally {
    // Not waited for: inputs that are still to come may never do so.
    batches.return().catch(() => undefined);
  }
  if (failure !== undefined) throw failure.error;
}

async function pull(batches: AsyncGenerator<PlacedBatch, void, undefined>): Promise<Pulled> {
  try {
    const { done, value } = await batches.next();
    return done ? {} : { batch: value };
  } catch (error) {
    return { failure: { error } };
  }
}

async function scoreBatch<T>(
  crew: Crew<T>,
  { inputs, places, errors }: PlacedBatch,
  options: ReadOptions | undefined,
): Promise<AlertOutcome<T>[]> {
  const sent = inputs.flatMap((_, place) => (errors.has(place) ? [] : [place]));
  const scored = sent.length === 0 ? [] : await crew.score(sent.map((place) => inputs[place]));
  const unread = [...errors].map(([place, error]): [number, AlertOutcome<T>] => [
    place,
    { ...places[place], success: false, error },
  ]);
  const readers = inputs.map((input) => makeReader(input, options));
  const read = scored.map((outcome): [number, AlertOutcome<T>] => {
    const place = sent[outcome.input];
    // A file that its worker reads counts its alerts itself; an alert of one read here is sent alone.
    const own = { ...outcome, input: places[place].input, index: places[place].index + outcome.index };
    const reader = readers[place];
    return [place, own.success ? withAlert(own, () => reader(outcome.index)) : own];
  });
  return [...unread, ...read].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
}

/** The alerts of an input, read when first asked for. */
function makeReader(input: Uint8Array | Alert, options: ReadOptions | undefined): (index: number) => Alert {
  let alerts: readonly SafeResult<Alert>[] | undefined;
  return (index) => {
    if (!(input instanceof Uint8Array)) return input;
    alerts ??= [...readAlerts(input, options)];
    const alert = alerts[index];
    // The worker read the same bytes.
    if (!alert.success) throw alert.error;
    return alert.data;
  };
}

/** An outcome whose alert is read when first asked for: many ask for the scores alone. */
function withAlert<T>(outcome: Omit<ReadOutcome<T>, "alert">, read: () => Alert): ReadOutcome<T> {
  let alert: Alert | undefined;
  return {
    ...outcome,
    get alert() {
      return (alert ??= read());
    },
  };
}
