import type { Source, SourceBatch, SourceItem } from "@btsbot/decide";
import { describe, expect, it } from "vitest";

/** Items of a batch at most: they are held in memory together. */
const MOST = 5000;

/**
 * The suite that a source passes.
 *
 * @param name - whose source it is
 * @param open - opens it anew; each holds the same alerts, some of which cannot be read, in several batches
 * @param expected - how many items there are
 */
export function describeSource(name: string, open: () => Promise<Source> | Source, expected: number): void {
  const nameOf = (item: SourceItem): string =>
    `${item.file.split("/").at(-1)}[${item.index ?? ""}] ${"alert" in item ? item.alert.candid : item.error.code}`;
  const readAll = async (source: Source, after?: string): Promise<SourceBatch[]> => {
    const batches: SourceBatch[] = [];
    for await (const batch of source.batches(after === undefined ? {} : { after })) batches.push(batch);
    return batches;
  };

  describe(`the source ${name}`, () => {
    it("gives every item once, in batches that are bounded, the same each time", async () => {
      const first = await readAll(await open());
      expect(first.length).toBeGreaterThan(1);
      const names = first.flatMap(({ items }) => items.map(nameOf));
      expect(names).toHaveLength(expected);
      expect(Math.max(...first.map(({ items }) => items.length))).toBeLessThanOrEqual(MOST);
      expect((await readAll(await open())).flatMap(({ items }) => items.map(nameOf))).toEqual(names);
    });

    it("goes on after each of its cursors with what is left", async () => {
      const batches = await readAll(await open());
      for (const [place, { cursor }] of batches.entries()) {
        if (cursor === undefined) continue;
        const rest = await readAll(await open(), cursor);
        const left = batches.slice(place + 1);
        expect(rest.flatMap(({ items }) => items.map(nameOf))).toEqual(left.flatMap(({ items }) => items.map(nameOf)));
      }
    });

    it("has a name that stays", async () => {
      const source = await open();
      expect(source.name).not.toBe("");
      expect((await open()).name).toBe(source.name);
    });

    it("ends before the next batch when it is told to", async () => {
      const stop = new AbortController();
      let batches = 0;
      for await (const { items } of (await open()).batches({ signal: stop.signal })) {
        batches += 1;
        expect(items.length).toBeGreaterThan(0);
        stop.abort();
      }
      expect(batches).toBe(1);
    });

    it("can be left in the middle", async () => {
      for await (const { items } of (await open()).batches()) {
        expect(items.length).toBeGreaterThan(0);
        break;
      }
      expect((await readAll(await open())).flatMap(({ items }) => items)).toHaveLength(expected);
    });
  });
}
