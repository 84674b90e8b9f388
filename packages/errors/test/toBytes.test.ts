import { runInNewContext } from "node:vm";
import { readBytes, toBytes } from "@btsbot/errors";
import { expect, it } from "vitest";

const BYTES = Uint8Array.of(1, 2, 3, 4);

it.each([
  ["Uint8Array", BYTES],
  ["a view in the middle of a buffer", Uint8Array.of(0, 1, 2, 3, 4, 5).subarray(1, 5)],
  ["Buffer", Buffer.from(BYTES)],
  ["DataView", new DataView(Uint8Array.of(9, 1, 2, 3, 4, 9).buffer, 1, 4)],
  ["ArrayBuffer", BYTES.slice().buffer],
  ["Uint8ClampedArray", Uint8ClampedArray.from(BYTES)],
  ["Int8Array", Int8Array.from(BYTES)],
  ["another realm's Uint8Array", runInNewContext("Uint8Array.of(1, 2, 3, 4)")],
  ["another realm's ArrayBuffer", runInNewContext("Uint8Array.of(1, 2, 3, 4).buffer")],
  ["another realm's DataView", runInNewContext("new DataView(Uint8Array.of(1, 2, 3, 4).buffer)")],
])("takes the bytes of %s", (_, input) => {
  const bytes = toBytes(input)!;
  expect(bytes.constructor).toBe(Uint8Array);
  expect([...bytes]).toEqual([...BYTES]);
});

it("copies nothing", () => {
  expect(toBytes(new DataView(BYTES.buffer))!.buffer).toBe(BYTES.buffer);
});

it.each([undefined, null, "text", 3, [1, 2], {}, new Float32Array(1), new Uint16Array(1), new Blob(["text"])])(
  "finds none in %s",
  (input) => {
    expect(toBytes(input)).toBeUndefined();
  },
);

it.each([
  ["an ArrayBuffer", (buffer: ArrayBuffer) => buffer],
  ["a Uint8Array", (buffer: ArrayBuffer) => new Uint8Array(buffer, 1, 2)],
  ["a DataView", (buffer: ArrayBuffer) => new DataView(buffer, 1, 2)],
])("finds no bytes in %s that was transferred elsewhere", (_, viewOf) => {
  const buffer = new ArrayBuffer(4);
  const input = viewOf(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  expect(toBytes(input)).toEqual(new Uint8Array(0));
});

it("reads a Blob, a file, and what toBytes takes", async () => {
  expect(await readBytes(new Blob([BYTES]))).toEqual(BYTES);
  expect(await readBytes(new File([BYTES], "alert.avro"))).toEqual(BYTES);
  expect(await readBytes(new DataView(BYTES.buffer))).toEqual(BYTES);
  expect(await readBytes({})).toBeUndefined();
});

it("calls a file that is gone what it is", async () => {
  const gone = new Blob([BYTES]);
  gone.arrayBuffer = () => Promise.reject(new DOMException("A requested file could not be found", "NotFoundError"));
  await expect(readBytes(gone)).rejects.toMatchObject({ code: "file-unreadable" });
});
