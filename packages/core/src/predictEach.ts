import type { Reason } from "@btsbot/errors";

/**
 * Runs a network on a batch; where that fails, on each alert alone, so that none takes another's answer with it.
 *
 * @param count - how many alerts wait
 * @param run - runs the network on `count` of them, from `start` on
 * @returns for each alert its numbers, or why there are none
 *
 * @internal
 */
export async function predictEach(
  count: number,
  run: (start: number, count: number) => Promise<Float32Array>,
): Promise<(Float32Array | Reason)[]> {
  if (count === 0) return [];
  try {
    const answers = await run(0, count);
    // Another number of values than `count` answers have: nobody's is to be told from another's.
    const length = answers.length % count === 0 ? answers.length / count : 0;
    return Array.from({ length: count }, (_, place) => answers.subarray(place * length, (place + 1) * length));
  } catch (error) {
    if (count === 1) return [toFailure(error)];
    const answers: (Float32Array | Reason)[] = [];
    for (let place = 0; place < count; place += 1) answers.push(await run(place, 1).catch(toFailure));
    return answers;
  }
}

/** One model's engine that breaks must not take the other models' scores with it. */
function toFailure(error: unknown): Reason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: "engine-failed", message: `the engine failed: ${message}` };
}
