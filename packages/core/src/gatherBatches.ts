import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { checkMaxWait } from "./checkMaxWait.js";
import type { ScoringOptions } from "./types.js";

/** How items are gathered. */
export interface GatherOptions extends ScoringOptions {
  /** Items in a full batch, 1 or more. */
  readonly size: number;
}

const GATHER_OPTIONS: OptionNames<GatherOptions> = { size: "number!", maxWaitMs: "number", signal: "object" };

/** What asking for the next item came to. */
type Pulled<T> = { readonly item: T } | { readonly failure?: { readonly error: unknown } };

/**
 * Gathers items in batches, in order. A batch goes when it is full; where items come slower than that, once its first
 * one has waited for `maxWaitMs`; and what is left at the end. What the items' source throws is thrown on once all
 * that came before is given. The next item is asked for when its batch is: a reader that is slow is not run ahead of.
 *
 * @param items - the items, at once or as they come
 * @param options - how many make a batch, how long one waits for others, and what ends it
 * @returns batches of at least one item
 * @throws RangeError for a size that is not a whole number of 1 or more, or a wait that is not a number of 0 or more; the signal's reason where it
 * is aborted, with what waited then left out
 *
 * @example
 * ```ts
 * import { gatherBatches } from "@btsbot/core";
 *
 * const sizes: number[] = [];
 * for await (const batch of gatherBatches([1, 2, 3, 4, 5], { size: 2, maxWaitMs: 200 })) sizes.push(batch.length);
 * sizes; // => [2, 2, 1]
 * ```
 */
export function gatherBatches<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: GatherOptions,
): AsyncGenerator<T[], void, undefined> {
  checkOptions("gatherBatches", options, GATHER_OPTIONS);
  checkArgument("gatherBatches", "items", items, "iterable");
  const { size, maxWaitMs } = options;
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`size: expected a whole number, 1 or more, got ${size}`);
  return gather(items, { ...options, maxWaitMs: checkMaxWait(maxWaitMs) });
}

async function* gather<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { size, maxWaitMs, signal }: Omit<GatherOptions, "maxWaitMs"> & { readonly maxWaitMs: number | undefined },
): AsyncGenerator<T[], void, undefined> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let batch: T[] = [];
  let next: Promise<Pulled<T>> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  let wake = (): void => undefined;
  const onAbort = (): void => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      signal?.throwIfAborted();
      next ??= pull(iterator);
      const pulled: Pulled<T> | undefined = await Promise.race([
        next,
        // One promise for each wait: reactions would pile up on one that outlives it.
        new Promise<undefined>((resolve) => (wake = () => resolve(undefined))),
      ]);
      signal?.throwIfAborted();
      if (pulled !== undefined) next = undefined;
      if (pulled !== undefined && !("item" in pulled)) {
        clearTimeout(timer);
        if (batch.length > 0) yield batch;
        if (pulled.failure !== undefined) throw pulled.failure.error;
        return;
      }
      if (pulled !== undefined) batch.push(pulled.item);
      if (batch.length === 1 && timer === undefined && maxWaitMs !== undefined)
        timer = setTimeout(() => {
          isDue = true;
          wake();
        }, maxWaitMs);
      if (batch.length < size && !isDue) continue;
      clearTimeout(timer);
      [timer, isDue] = [undefined, false];
      const full = batch;
      batch = [];
      yield full;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    const returned = Promise.resolve(iterator.return?.()).catch(() => undefined);
    // An item that is still to come may never do so.
    if (next === undefined) await returned;
  }
}

async function pull<T>(iterator: Iterator<T> | AsyncIterator<T>): Promise<Pulled<T>> {
  try {
    const next = await iterator.next();
    return next.done === true ? {} : { item: await next.value };
  } catch (error) {
    return { failure: { error } };
  }
}
