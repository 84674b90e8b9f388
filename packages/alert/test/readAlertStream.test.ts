import { encodeAlerts, readAlerts, readAlertStream, toJson, ZTF_SCHEMA } from "@btsbot/alert";
import type { ReadOptions } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { ByteWindow } from "../src/avro/ByteWindow.js";
import { NEED_BYTES, readContainer } from "../src/avro/readContainer.js";
import { makeAlert } from "./support/makeAlert.js";

type Outcomes = (bigint | string)[];

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: Parameters<typeof readAlertStream>[0], options?: ReadOptions): Promise<Outcomes> {
  const found: Outcomes = [];
  for await (const outcome of readAlertStream(source, options)) found.push(outcome.success ? outcome.data.candid : outcome.error.code);
  return found;
}

const inMemory = (bytes: Uint8Array, options?: ReadOptions): Outcomes =>
  [...readAlerts(bytes, options)].map((outcome) => (outcome.success ? outcome.data.candid : outcome.error.code));

const alerts = [1, 2, 3].map((seed) => makeAlert(seed, 3000));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const line = (seed: number): string => JSON.stringify(toJson(makeAlert(seed)));

describe("readAlertStream", () => {
  const damaged = encodeAlerts([1, 2, 3].map((seed) => makeAlert(seed, 40_000)));
  damaged[damaged.length - 1] ^= 1;
  const inputs: [string, Uint8Array][] = [
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
  ];

  it.each(inputs)("has the outcomes of readAlerts: %s", async (_, bytes) => {
    for (const size of [1021, 65_536, 1e9]) expect(await collect(chunked(bytes, size))).toEqual(inMemory(bytes));
  });

  it("reads chunks of one byte", async () => {
    const bytes = encodeAlerts([makeAlert(1, 10)]);
    expect(await collect(chunked(bytes, 1))).toEqual(inMemory(bytes));
  });

  it("reads a ReadableStream, and a framed message with its schema", async () => {
    const bytes = encodeAlerts(alerts);
    expect(await collect(new Blob([new Uint8Array(bytes)]).stream())).toEqual(alerts.map(({ candid }) => candid));
    expect(await collect(chunked(Uint8Array.of(0, 0, 0, 0, 1, 2), 2), { schemas: ZTF_SCHEMA })).toEqual(["avro-truncated"]);
    expect(await collect(chunked(new Uint8Array(3000), 1000), { maxBlockBytes: 1500 })).toEqual(["avro-length-invalid"]);
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
      for (const step of readContainer(window, 1e6)) {
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
