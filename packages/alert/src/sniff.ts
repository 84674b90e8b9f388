import { BtsbotError } from "@btsbot/errors";
import { AVRO_MAGIC } from "./avro/readContainer.js";

/** What the bytes of an input are. */
export type InputFormat = "avro" | "confluent" | "json";

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];

/** Recognises an input by how it begins. */
export function sniff(bytes: Uint8Array): InputFormat {
  if (bytes.length === 0) throw new BtsbotError("input-empty", "the input holds no bytes");
  // A container cut inside its magic is a container that was cut.
  if (startsWith(bytes, AVRO_MAGIC.slice(0, Math.min(bytes.length, AVRO_MAGIC.length)))) return "avro";
  if (bytes[0] === 0) return "confluent";
  const at = skipBlank(bytes, 0);
  // { or [
  if (bytes[at] === 0x7b || bytes[at] === 0x5b) return "json";
  throw new BtsbotError("input-unrecognized", "this is no alert packet", {
    path: "byte 0",
    expected: "an Avro container (Obj 0x01), a framed message (0x00) or JSON",
    got: [...bytes.subarray(0, 4)].map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(" "),
  });
}

/** Where the first byte from `from` on is that is no white space; the length of the bytes if none is. At 0 there may be a byte order mark. */
export function skipBlank(bytes: Uint8Array, from: number): number {
  let at = from === 0 && startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : from;
  while (WHITE_SPACE.includes(bytes[at])) at += 1;
  return at;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
