import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { gatherBatches, scoreAlerts } from "@btsbot/core";
import type { GatherOptions } from "@btsbot/core";

afterEach(() => {
  vi.useRealTimers();
});

/** Numbers that come when they are pushed; it says how many were asked for, and whether it was ended. */
function createLive() {
  const waiting: ((result: IteratorResult<number>) => void)[] = [];
  const state = { asked: 0, ended: false };
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise((resolve) => ((state.asked += 1), waiting.push(resolve))),
      return: () => ((state.ended = true), Promise.resolve({ done: true, value: undefined })),
    }),
  };
  const push = async (value: number): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    waiting.shift()!({ done: false, value });
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  };
  return { items, push, state };
}

async function collect<T>(items: Iterable<T> | AsyncIterable<T>, options: GatherOptions): Promise<T[][]> {
  const batches: T[][] = [];
  for await (const batch of gatherBatches(items, options)) batches.push(batch);
  return batches;
}

it("keeps all items, in order, in batches that are full but for the last", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer()),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.option(fc.integer({ min: 50, max: 1e4 }), { nil: undefined }),
      async (items, size, isAsync, maxWaitMs) => {
        async function* asynchronous() {
          for (const item of items) yield await Promise.resolve(item);
        }
        const batches = await collect(isAsync ? asynchronous() : items, {
          size,
          ...(maxWaitMs !== undefined && { maxWaitMs }),
        });
        expect(batches.flat()).toEqual(items);
        expect(batches.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(batches.every(({ length }) => length > 0)).toBe(true);
      },
    ),
  );
});

describe("items that come slowly", () => {
  it("go once the first has waited so long, not the last", async () => {
    vi.useFakeTimers();
    const { items, push } = createLive();
    const batches = gatherBatches(items, { size: 10, maxWaitMs: 200 });
    let given: readonly number[] | undefined;
    const first = batches.next().then(({ value }) => (given = value as number[]));
    await push(1);
    await vi.advanceTimersByTimeAsync(150);
    await push(2);
    await vi.advanceTimersByTimeAsync(49);
    expect(given).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(given).toEqual([1, 2]);
    await first;
    // The wait of the next batch begins with its own first item.
    given = undefined;
    const second = batches.next().then(({ value }) => (given = value as number[]));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(given).toBeUndefined();
    await push(3);
    await vi.advanceTimersByTimeAsync(199);
    expect(given).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(given).toEqual([3]);
    await second;
  });

  it("wait for a full batch where no wait is stated", async () => {
    vi.useFakeTimers();
    const { items, push } = createLive();
    let given: readonly number[] | undefined;
    const first = gatherBatches(items, { size: 2 })
      .next()
      .then(({ value }) => (given = value as number[]));
    await push(1);
    await vi.advanceTimersByTimeAsync(1e9);
    expect(given).toBeUndefined();
    await push(2);
    await first;
    expect(given).toEqual([1, 2]);
  });

  it("may wait for longer than a timer can", async () => {
    const { items, push } = createLive();
    const first = gatherBatches(items, { size: 2, maxWaitMs: 2 ** 40 }).next();
    await push(1);
    await pause(30);
    await push(2);
    expect((await first).value).toEqual([1, 2]);
  });
});

describe("an end before the end", () => {
  it("gives what came before a failure, then the failure", async () => {
    function* failing() {
      yield 1;
      throw new Error("the disk is gone");
    }
    const batches = gatherBatches(failing(), { size: 5 });
    expect((await batches.next()).value).toEqual([1]);
    await expect(batches.next()).rejects.toThrow("the disk is gone");
  });

  it("heeds a signal while nothing comes, leaves the source and its item alone", async () => {
    const { items, push, state } = createLive();
    const stop = new AbortController();
    const batches = gatherBatches(items, { size: 5, signal: stop.signal });
    const first = batches.next();
    await push(1);
    stop.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect(state.ended).toBe(true);
  });

  it("asks for nothing where the signal was aborted before", async () => {
    const { items, state } = createLive();
    await expect(
      gatherBatches(items, { size: 5, signal: AbortSignal.abort(new Error("never")) }).next(),
    ).rejects.toThrow("never");
    expect(state.asked).toBe(0);
  });

  it("ends the source when its reader leaves, also where an item is still to come", async () => {
    const { items, push, state } = createLive();
    const batches = gatherBatches(items, { size: 5, maxWaitMs: 1 });
    const first = batches.next();
    await push(1);
    await first;
    await batches.return();
    expect(state.ended).toBe(true);
  });

  it("asks for no more than its batch needs", async () => {
    const { items, push, state } = createLive();
    const first = gatherBatches(items, { size: 2 }).next();
    await push(1);
    await push(2);
    await first;
    expect(state.asked).toBe(2);
  });
});

it("refuses a size and a wait that are none", () => {
  for (const size of [0, 1.5, NaN]) expect(() => gatherBatches([], { size })).toThrow(RangeError);
  for (const maxWaitMs of [-1, NaN]) expect(() => gatherBatches([], { size: 1, maxWaitMs })).toThrow(RangeError);
});

describe("scoreAlerts", () => {
  it("answers what comes live without waiting for more", async () => {
    const stop = new AbortController();
    async function* five() {
      for (let place = 0; place < 5; place++) yield new Uint8Array(0);
      await new Promise(() => undefined);
    }
    let answered = 0;
    const scored = (async () => {
      for await (const outcome of scoreAlerts(five(), { maxWaitMs: 20, signal: stop.signal })) {
        expect(outcome.success).toBe(false);
        answered += 1;
        if (answered === 5) stop.abort(new Error("seen"));
      }
    })();
    await expect(scored).rejects.toThrow("seen");
    expect(answered).toBe(5);
  });

  it("refuses a wait that is none before it does anything", () => {
    expect(() => scoreAlerts([], { maxWaitMs: -1 })).toThrow("maxWaitMs: expected a number of milliseconds");
  });
});
