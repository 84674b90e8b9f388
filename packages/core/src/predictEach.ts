import type { Reason } from "@btsbot/errors";

/** Runs a network on `count` of the alerts that wait, from `start` on. */
type Run = (start: number, count: number) => Promise<unknown>;

/**
 * Runs a network on a batch; where the engine fails on it, on each alert alone, so that none takes another's answer
 * with it. An engine that answers another number of values is broken, and is asked no further.
 *
 * @param count - how many alerts wait
 * @param length - how many numbers the network gives for each
 * @param run - runs it
 * @returns for each alert its numbers, or why there are none
 *
 * @internal
 */
export async function predictEach(count: number, length: number, run: Run): Promise<(Float32Array | Reason)[]> {
  if (count === 0) return [];
  try {
    return split(await run(0, count), count, length);
  } catch (error) {
    if (count === 1) return [toFailure(error)];
  }
  const answers: (Float32Array | Reason)[] = [];
  for (let place = 0; place < count; place += 1) answers.push(...(await predictEach(1, length, () => run(place, 1))));
  return answers;
}

/** The numbers of each alert. */
function split(answers: unknown, count: number, length: number): (Float32Array | Reason)[] {
  const isArray = answers instanceof Float32Array;
  const isWhole = isArray && answers.length === count * length;
  const got = isArray ? `${answers.length}` : Object.prototype.toString.call(answers).slice(8, -1);
  return Array.from({ length: count }, (_, place) =>
    isWhole
      ? answers.subarray(place * length, (place + 1) * length)
      : toFailure(new Error(`it answered ${got}, not a Float32Array of ${count * length}`)),
  );
}

/** One model's engine that breaks must not take the other models' scores with it. */
function toFailure(error: unknown): Reason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: "engine-failed", message: `the engine failed: ${message}` };
}
