import { openTable } from "@btsbot/tables";
import type { Row } from "@btsbot/tables";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";

async function* chunksOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === "string" ? new TextEncoder().encode(text) : text;
}

async function collect(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function read(text: string | Uint8Array, needed?: readonly string[]): Promise<Row[]> {
  const { rows } = await openTable("a.csv", { chunks: chunksOf(text), ...(needed && { needed }) });
  return collect(rows);
}

describe("what is not such a table is called what it is", () => {
  it.each([
    ["a;b\n1;2\n", "separated by semicolons"],
    ["objectId;jd;label\nA;2459300,5;1\n", "separated by semicolons"],
    ["a\tb\n1\t2\n", "separated by tabs"],
    ["a|b\n1|2\n", "separated by vertical bars"],
    ["a b\n1 2\n", "separated by spaces"],
    ["a,b\n1,2,3\n", "a.csv:2: the row does not have as many cells as the header (expected 2, got 3)"],
    ['a,b\n1,"2\n', "a quote is opened and not closed"],
    ['a,b\n1,2"3"\n', "a quote stands within a cell"],
    ["a,b,a\n", "the header names the column twice"],
    ["", "the file is empty"],
    ["[{}]", "the file is one JSON array"],
    ['{"a":1}\n{"a":', "a.csv:2: the line is not a JSON object"],
  ])("%j: %s", async (text, words) => {
    const error = await read(text).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "table-invalid", message: expect.stringContaining(words) as string });
  });

  it.each([
    [[0xff, 0xfe, 0x61, 0], "in UTF-16"],
    [[0x1f, 0x8b, 8], "compressed by gzip"],
    [[0x50, 0x4b, 3, 4], "a zip archive"],
    [[0x50, 0x41, 0x52, 0x31], "Parquet"],
  ])("%j: %s", async (bytes, words) => {
    await expect(read(Uint8Array.from(bytes))).rejects.toThrow(words);
  });

  it("takes a name with a blank, or with another mark, where commas separate", async () => {
    const [row] = await read("source name,mag;err,label\nA,1,0\n");
    expect([row.get("source name"), row.get("mag;err"), row.has("jd"), row.get("jd")]).toEqual([
      "A",
      "1",
      false,
      undefined,
    ]);
    expect(await read("source name\nA b\n", ["source name"])).toHaveLength(1);
  });

  it("names every column that is missing", async () => {
    await expect(read("a,b\n", ["a", "c", "d"])).rejects.toMatchObject({ expected: "c, d", got: "a, b" });
  });
});

it("reads what was written, whatever the cells hold", async () => {
  const cell = fc.string({ unit: "binary" }).map((text) => text.replaceAll(/[\uD800-\uDFFF\uFEFF]/g, "").trim());
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
      const text = ["x,y", ...rows.map((row) => row.map(quote).join(","))].join("\n");
      const read1 = await read(text);
      expect(read1.map((row) => [row.get("x"), row.get("y")])).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});

it("gives JSON Lines as they are, a name that every object has being no column", async () => {
  const [row] = await read('\uFEFF{"objectId":"A","scores":{"m":1}}\n');
  expect([row.get("scores"), row.has("toString"), row.get("toString"), row.columns]).toEqual([
    { m: 1 },
    false,
    undefined,
    ["objectId", "scores"],
  ]);
});

describeWithData("tables that people have", (data) => {
  it("names the separator of one with semicolons", async () => {
    const { rows } = await openTable(`${data}/cases/tables/semicolon.csv`);
    await expect(collect(rows)).rejects.toThrow(/the columns are separated by semicolons \(expected commas/);
  });
});
