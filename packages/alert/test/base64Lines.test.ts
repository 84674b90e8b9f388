import { encodeAlerts, LSST, readAlerts, readAlertStream, toAlert, toJson } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameRubin, makeRubinPacket } from "../../../test/support/rubin.js";

const alertOf = (candid: bigint): Alert => ({
  objectId: "ZTF20aajcdad",
  candid,
  candidate: { jd: 2458881, fid: 1 },
});
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
/** Bytes as a line: in either alphabet, with or without padding. */
const toLine = (bytes: Uint8Array, kind: "base64" | "base64url" = "base64"): string =>
  Buffer.from(bytes).toString(kind);
const bytesOf = (lines: readonly string[], end = "\n"): Uint8Array => new TextEncoder().encode(lines.join(end));

/** The id of what was read, code and place of what was not. */
function describeAll(bytes: Uint8Array, options: ReadOptions = {}): string[] {
  return [...readAlerts(bytes, options)].map((result) =>
    result.success ? `${result.data.candid}` : `${result.error.code} ${result.error.path ?? ""}`,
  );
}

async function describeStream(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const found: string[] = [];
  for await (const result of readAlertStream(chunks))
    found.push(result.success ? `${result.data.candid}` : `${result.error.code} ${result.error.path ?? ""}`);
  return found;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const container = encodeAlerts([alertOf(1n)]);
const several = encodeAlerts([alertOf(2n), alertOf(3n)]);
const json = text(toJson(alertOf(4n)));

describe("lines of base64", () => {
  it("are containers, JSON and arrays of it, in order, whatever ends a line", () => {
    const lines = [toLine(container), toLine(several), toLine(json), toLine(text([toJson(alertOf(5n))]))];
    for (const end of ["\n", "\r\n", "\n\n", " \n\t"])
      for (const tail of ["", end]) {
        const found = describeAll(new TextEncoder().encode(lines.join(end) + tail));
        expect(found).toEqual(["1", "2", "3", "4", "5"]);
      }
    expect(describeAll(new TextEncoder().encode(`\ufeff${lines.join("\n")}`))).toHaveLength(5);
  });

  it("may be of the alphabet for addresses, without padding", () => {
    for (let extra = 0; extra < 3; extra++) {
      const packet = encodeAlerts([{ ...alertOf(9n), objectId: `ZTF20aajcdad${"\u00ff\u00fe".repeat(extra)}` }]);
      expect(describeAll(bytesOf([toLine(packet, "base64url"), toLine(packet)]))).toEqual(["9", "9"]);
    }
  });

  it("are messages of Kafka with a schema's number, too", () => {
    const id = 170_032_890_044_678_150n;
    const packet = makeRubinPacket({ diaSourceId: id, diaObjectId: 7n, mjd: 61000.25, band: "i", flux: 5000 });
    const line = toLine(frameRubin(toAlert(packet, { surveys: [LSST] })));
    expect(describeAll(bytesOf([line, line]), { surveys: [LSST] })).toEqual(Array(2).fill(`${id}`));
    expect(describeAll(bytesOf([line]))).toEqual(["confluent-schema-unknown line 1, byte 1"]);
  });

  it("that are damaged are errors with their numbers, and the others go on", () => {
    const good = toLine(container);
    const cut = toLine(container.subarray(0, 200));
    const found = describeAll(bytesOf([good, "### not this", cut, "", toLine(text({ a: 1 })), `${good}A`, good]));
    expect(found).toEqual([
      "1",
      "base64-invalid line 2",
      expect.stringMatching(/^avro-\S+ line 3/),
      expect.stringMatching(/^alert-invalid line 5/),
      "base64-invalid line 6",
      "1",
    ]);
    const [, second] = [...readAlerts(bytesOf([good, "### not this"]))];
    expect(!second.success && second.error.message).toMatch(/^line 2: the line is not base64/);
  });

  it("are known by a later one if the first is damaged", () => {
    const good = toLine(container);
    expect(describeAll(bytesOf(["####", good, good]))).toEqual(["base64-invalid line 1", "1", "1"]);
    expect(describeAll(bytesOf(["####", "####"]))).toEqual(["input-unrecognized byte 0"]);
    // What is known to be something else is told as that.
    expect(describeAll(bytesOf(["<html>", good]))[0]).toBe("input-unrecognized byte 0");
  });

  it("in base64 once more are not alerts", () => {
    const twice = toLine(new TextEncoder().encode(toLine(container)));
    expect(describeAll(bytesOf([toLine(container), twice]))).toEqual(["1", "input-unrecognized line 2"]);
  });

  it("are answered as they come", async () => {
    const line = new TextEncoder().encode(`${toLine(container)}\n`);
    let sent = 0;
    const chunks = (async function* () {
      for (; sent < 3; sent += 1) yield line;
    })();
    const results = readAlertStream(chunks);
    await results.next();
    expect(sent).toBeLessThan(2);
    await results.return();
  });

  it("have the same outcomes from memory and from a stream, whatever the chunks and the damage", async () => {
    const lines = [container, several, json].map((bytes) => toLine(bytes));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...lines, "", "###", "{}", toLine(text([]))), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 3000 }),
        async (chosen, size) => {
          const bytes = bytesOf([lines[0], ...chosen]);
          expect(await describeStream(inPieces(bytes, size))).toEqual(describeAll(bytes));
        },
      ),
    );
  });

  it("that hold nothing end before they cost much", () => {
    const empty = toLine(text([])).replaceAll("=", "");
    const many = bytesOf([toLine(container), ...Array.from({ length: 50_000 }, () => `${empty}AAAAAAA`)]);
    const found = describeAll(many);
    expect(found.length).toBeLessThan(2000);
    expect(found.at(-1)).toMatch(/^limit-exceeded/);
  });
});
