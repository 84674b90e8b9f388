import type { EntryKind, PendingEntry, Sink } from "@btsbot/decide";
import { describe, expect, it } from "vitest";

/** A sink, and what its reader has. */
export interface OpenSink {
  readonly sink: Sink;
  /** The keys of what arrived, in the order in which it did. */
  read(): Promise<readonly string[]> | readonly string[];
  /** The same destination for another run. */
  reopen(): Promise<Sink> | Sink;
}

/**
 * The suite that a sink passes.
 *
 * @param name - whose sink it is
 * @param open - makes a sink with nothing in it
 * @param entryOf - an entry that it takes, by its number
 */
export function describeSink(
  name: string,
  open: () => Promise<OpenSink> | OpenSink,
  entryOf: (number: number) => PendingEntry,
): void {
  const entries = (from: number, to: number): PendingEntry[] =>
    Array.from({ length: to - from }, (_, place) => entryOf(from + place));

  describe(`the sink ${name}`, () => {
    it("takes a kind of entries that there is", async () => {
      const kinds: readonly EntryKind[] = ["decision", "action"];
      expect(kinds).toContain((await open()).sink.kind);
    });

    it("answers for each entry, and hands them on in order", async () => {
      const { sink, read } = await open();
      const first = await sink.take(entries(1, 4));
      expect(first.map(({ state }) => state)).toEqual(["done", "done", "done"]);
      expect(await sink.take([entryOf(4)])).toHaveLength(1);
      expect(await read()).toEqual(entries(1, 5).map(({ key }) => key));
    });

    it("changes no entry that it is given", async () => {
      const { sink } = await open();
      const given = entries(1, 3);
      await sink.take(given);
      expect(given).toEqual(entries(1, 3));
    });

    it("tells another run what arrived, and nothing else, if it can tell", async () => {
      const { sink, read, reopen } = await open();
      await sink.take(entries(1, 6));
      const again = await reopen();
      const arrived = await again.recall?.(entries(4, 9));
      if (arrived !== undefined) expect([...arrived].sort()).toEqual(entries(4, 6).map(({ key }) => key));
      expect(await read()).toEqual(entries(1, 6).map(({ key }) => key));
    });
  });
}
