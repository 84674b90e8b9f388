import type { AlertInput, ScoreOutcome } from "@btsbot/core";
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
export async function* scoreInOrder(
  crew: Crew,
  batches: AsyncGenerator<PlacedBatch, void, undefined>,
): AsyncGenerator<ScoreOutcome, void, undefined> {
  const running: Promise<ScoreOutcome[]>[] = [];
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
        const job = scoreBatch(crew, came.batch);
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

async function scoreBatch(crew: Crew, { inputs, places, errors }: PlacedBatch): Promise<ScoreOutcome[]> {
  const sent = inputs.flatMap((_, place) => (errors.has(place) ? [] : [place]));
  const scored = sent.length === 0 ? [] : await crew.score(sent.map((place) => detach(inputs[place])));
  const unread = [...errors].map(([place, error]): [number, ScoreOutcome] => [place, { ...places[place], success: false, error }]);
  const read = scored.map((outcome): [number, ScoreOutcome] => {
    const place = sent[outcome.input];
    // A file that its worker reads counts its alerts itself; an alert of one read here is sent alone.
    return [place, { ...outcome, input: places[place].input, index: places[place].index + outcome.index }];
  });
  return [...unread, ...read].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
}

/** Bytes of their own: the clone of a view takes all of its buffer along. */
function detach(input: AlertInput): AlertInput {
  return input instanceof Uint8Array && input.byteLength < input.buffer.byteLength ? new Uint8Array(input) : input;
}
