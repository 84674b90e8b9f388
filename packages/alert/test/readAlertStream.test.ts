import { encodeAlerts, readAlerts, readAlertStream, toJson, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import type { SafeResult } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { ByteWindow } from "../src/avro/ByteWindow.js";
import { Budget } from "../src/inputs/Budget.js";
import { toBounds } from "../src/inputs/readLimits.js";
import { NEED_BYTES, readContainer } from "../src/avro/readContainer.js";
import { makeAlert } from "./support/makeAlert.js";

type Outcomes = (bigint | string)[];

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: Parameters<typeof readAlertStream>[0], options?: ReadOptions): Promise<Outcomes> {
  const found: Outcomes = [];
  for await (const outcome of readAlertStream(source, options))
    found.push(outcome.success ? outcome.data.candid : outcome.error.code);
  return found;
}

/** All of an outcome that can be compared. */
const describeOutcome = (outcome: SafeResult<Alert>): unknown =>
  outcome.success ? outcome.data : outcome.error.problems;

const alerts = [1, 2, 3].map((seed) => makeAlert(seed, 3000));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const line = (seed: number): string => JSON.stringify(toJson(makeAlert(seed)));

describe("readAlertStream", () => {
  const damaged = encodeAlerts([1, 2, 3].map((seed) => makeAlert(seed, 40_000)));
  damaged[damaged.length - 1] ^= 1;
  const spaces = " \n".repeat(100);
  const bad = (...parts: (string | number)[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...text(part)] : part)));
  const short = (id: number): string => `{"objectId":"ZTF1","candid":${id},"candidate":{"jd":1,"fid":1}}`;
  const inputs: [string, Uint8Array, ReadOptions?][] = [
    ["an empty stream", new Uint8Array(0)],
    ["another kind of file", text("SIMPLE  = T")],
    ["codec null", encodeAlerts(alerts)],
    ["codec deflate", encodeAlerts(alerts, { codec: "deflate" })],
    ["codec snappy", encodeAlerts(alerts, { codec: "snappy" })],
    ["a container without records", encodeAlerts([])],
    ["a container that is cut short", encodeAlerts(alerts).slice(0, -7)],
    ["a head that is cut short", encodeAlerts(alerts).slice(0, 700)],
    ["a container whose last marker is wrong", damaged],
    ["JSON Lines", text(`${line(1)}\n\n{\n${line(2)}`)],
    ["an array", text(`[${line(1)},\n${line(2)}]`)],
    ["one document over several lines", text(JSON.stringify(toJson(makeAlert(1)), null, 2))],
    ["one document on one line", text(line(1))],
    ["bad JSON", text("{]\n{]")],
    ["a framed message", Uint8Array.of(0, 0, 0, 0, 1, 2)],
    ["a small container", encodeAlerts([makeAlert(1, 10)])],
    ["a magic that is cut short", text("Ob")],
    ["a framed message above the limit", new Uint8Array(1501), { maxBlockBytes: 1500 }],
    ["a framed message at the limit", new Uint8Array(1500), { maxBlockBytes: 1500 }],
    ["an array on one line and blank lines", text(`[${short(1)}, ${short(2)}]\n\n`)],
    ["an array on each line", text(`[${short(1)}, ${short(2)}]\n[]\n[7]\n${short(3)}`)],
    ["white space in front", text(`${spaces}${short(1)}\n{\n${short(2)}`)],
    ["a byte order mark and white space in front", bad(0xef, 0xbb, 0xbf, spaces, short(1), "\n", short(2))],
    ["nothing but white space", text(spaces)],
    ["white space above the limit", text(`${spaces}${short(1)}`), { maxBlockBytes: 150 }],
    ["a line that is not UTF-8", bad(`${short(1)}\n{"objectId":"ZTF`, 0xff, `"}\n${short(2)}`)],
    ["a first line that is not UTF-8", bad(`{"objectId":"ZTF`, 0xff, `"}\n${short(2)}`)],
    ["a document that is not UTF-8", bad(`{"objectId":\n"ZTF`, 0xff, `"}\n`)],
    ["a bad first line", text(`\n{"objectId": "ZT\n${short(1)}\n\n{"a":\n${short(2)}\n`)],
    ["a bad first line, and the good one far behind", text(`{\n${"{]\n".repeat(98)}${short(1)}\n`)],
    ["a bad first line, and the good one too far behind", text(`{\n${"{]\n".repeat(100)}${short(1)}\n`)],
    [
      "a document with documents on its lines",
      text(`{"objectId":"ZTF1","candid":5,"candidate":{"jd":1,"fid":1},"other":[\n${short(1)}\n]}`),
    ],
    ["an array with a document on each line", text(`[\n${short(1)},\n${short(2)}\n]\n`)],
    ["the same, cut short", text(`[\n${short(1)},\n${short(2)}`)],
    [
      "a line above the limit among others",
      text(`${short(1)}\n{"a":"${"x".repeat(200)}"}\n${short(2)}\n`),
      { maxBlockBytes: 100 },
    ],
    ["a last line above the limit", text(`${short(1)}\n{"a":"${"x".repeat(200)}`), { maxBlockBytes: 100 }],
    ["lines of the limit", text(`${short(1)}\n${short(2)}\n${short(3)}`), { maxBlockBytes: short(1).length + 1 }],
    [
      "lines one byte above the limit",
      text(`${short(1)}\n${short(2)}\n${short(3)}`),
      { maxBlockBytes: short(1).length },
    ],
    ["a first line above the limit", text(`{"a":"${"x".repeat(200)}"}\n${short(2)}\n`), { maxBlockBytes: 100 }],
    [
      "a bad first line, and more than the limit behind",
      text(`{\n${`${short(1)}\n`.repeat(10)}`),
      { maxBlockBytes: 200 },
    ],
    [
      "a document of the limit over several lines",
      text(`{\n${short(1).slice(1)}`),
      { maxBlockBytes: short(1).length + 1 },
    ],
    [
      "a document above the limit over several lines",
      text(`{\n${short(1).slice(1)}`),
      { maxBlockBytes: short(1).length },
    ],
    ["an array above the limit", text(`[\n${short(1)},\n${short(2)}\n]`), { maxBlockBytes: 100 }],
  ];

  it.each(inputs)("has the outcomes of readAlerts, whatever the chunks: %s", async (_, bytes, options) => {
    const expected = [...readAlerts(bytes, options)];
    for (const size of [1, 7, 64, 1021, 65_536, 1e9]) {
      if (bytes.length / size > 20_000) continue;
      const found: typeof expected = [];
      for await (const outcome of readAlertStream(chunked(bytes, size), options)) found.push(outcome);
      expect(found.map(describeOutcome)).toEqual(expected.map(describeOutcome));
    }
  });

  it("does not hold or wait for the end of a line that never ends", async () => {
    let pulled = 0;
    async function* endless(start: string): AsyncGenerator<Uint8Array> {
      yield text(start);
      for (pulled = 0; ; pulled += 1000) yield new Uint8Array(1000).fill(0x61);
    }
    expect(await collect(endless('{"a":"'), { maxBlockBytes: 5000 })).toEqual(["input-too-large"]);
    expect(pulled).toBeLessThan(7000);
    const lines = readAlertStream(endless(`${short(1)}\n{"a":"`), { maxBlockBytes: 5000 });
    expect(await lines.next()).toMatchObject({ value: { success: true } });
    expect(await lines.next()).toMatchObject({
      value: { success: false, error: { code: "input-too-large", path: "line 2" } },
    });
    expect(pulled).toBeLessThan(7000);
    await lines.return();
  });

  it("reads a ReadableStream, and a framed message with its schema", async () => {
    const bytes = encodeAlerts(alerts);
    expect(await collect(new Blob([new Uint8Array(bytes)]).stream())).toEqual(alerts.map(({ candid }) => candid));
    expect(await collect(chunked(Uint8Array.of(0, 0, 0, 0, 1, 2), 2), { schemas: ZTF_SCHEMA })).toEqual([
      "avro-truncated",
    ]);
    expect(await collect(chunked(new Uint8Array(3000), 1000), { maxBlockBytes: 1500 })).toEqual([
      "avro-length-invalid",
    ]);
  });

  it("ends its source when the loop is left, and lets through what the source throws", async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield encodeAlerts(alerts);
      } finally {
        ended = true;
      }
    }
    for await (const outcome of readAlertStream(source())) {
      expect(outcome.success).toBe(true);
      break;
    }
    expect(ended).toBe(true);
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield encodeAlerts(alerts).subarray(0, 100);
      throw new Error("the line went dead");
    }
    await expect(collect(failing())).rejects.toThrow("the line went dead");
  });

  it("reads no further ahead than a block and a chunk", async () => {
    // Every block is one alert: what was pulled beyond the blocks given is what is held.
    const chunk = 4096;
    const count = 100;
    const bytes = encodeAlerts(Array.from({ length: count }, (_, i) => makeAlert(i, 40_000)));
    const blockBytes = bytes.length / count;
    let pulled = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for await (const piece of chunked(bytes, chunk)) {
        pulled += piece.length;
        yield piece;
      }
    }
    let [given, ahead] = [0, 0];
    for await (const outcome of readAlertStream(source())) {
      expect(outcome.success).toBe(true);
      ahead = Math.max(ahead, pulled - given * blockBytes);
      given += 1;
    }
    expect(given).toBe(count);
    // The head of the file, 12 kB of schema, is spread over `blockBytes` here.
    expect(ahead).toBeLessThan(blockBytes + 2 * chunk + 16_384);
  });

  it("holds one block: the buffer does not grow with the file", () => {
    const chunk = 4096;
    const peaks = [20, 200].map((count) => {
      const bytes = encodeAlerts(Array.from({ length: count }, (_, i) => makeAlert(i, 40_000)));
      const window = new ByteWindow();
      let [at, peak, capacity, records] = [0, 0, 0, 0];
      for (const step of readContainer(window, new Budget(toBounds({ maxBlockBytes: 1e6 })))) {
        if (step !== NEED_BYTES) records += 1;
        else if (at >= bytes.length) window.ended = true;
        else window.append(bytes.subarray(at, (at += chunk)));
        peak = Math.max(peak, window.length);
        capacity = Math.max(capacity, window.capacity);
      }
      expect(records).toBe(count);
      return { peak, capacity };
    });
    // A block is 81 kB.
    expect(peaks[0].peak).toBeLessThan(82_000 + chunk);
    expect(peaks[1].peak).toBeLessThan(82_000 + chunk);
    expect(peaks[1].capacity).toBeLessThan(1.5 * (82_000 + 2 * chunk));
  });
});
