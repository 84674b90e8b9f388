import { BtsbotError } from "@btsbot/errors";
import { AVRO_MAGIC } from "../avro/readContainer.js";
import { decodeLine } from "../json/base64.js";
import { nameInput } from "./nameInput.js";

/** What the bytes of an input are. */
export type InputFormat = "avro" | "confluent" | "json" | "base64";

/** Bytes that may be needed to say what an input is: a tar archive has its mark at 257. */
export const SNIFF_BYTES = 262;

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/** A frame has five bytes before its record: fewer characters of base64 are a word. */
const FEWEST_LETTERS = 8;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Recognises an input by how it begins. */
export function sniff(bytes: Uint8Array): InputFormat {
  if (bytes.length === 0) throw new BtsbotError("input-empty", "the input holds no bytes");
  // A container cut inside its magic is a container that was cut.
  if (startsWith(bytes, AVRO_MAGIC.slice(0, Math.min(bytes.length, AVRO_MAGIC.length)))) return "avro";
  // { or [
  const first = bytes[skipBlank(bytes, 0)];
  if (first === 0x7b || first === 0x5b) return "json";
  if (isBase64Line(bytes.subarray(skipBlank(bytes, 0)))) return "base64";
  const got = [...bytes.subarray(0, 4)].map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(" ");
  const other = nameInput(bytes);
  if (other !== undefined) {
    throw new BtsbotError("input-unrecognized", `this is ${other.what}, not an alert packet`, {
      path: "byte 0",
      ...(!other.isText && { got }),
      ...(other.hint !== undefined && { hint: other.hint }),
    });
  }
  if (bytes[0] === 0) return "confluent";
  throw new BtsbotError("input-unrecognized", "this is not an alert packet", {
    path: "byte 0",
    expected: "an Avro container (Obj 0x01), a framed message (0x00), JSON, or either in base64 on each line",
    got,
  });
}

/**
 * Whether the first line is an alert in base64: of its beginning every character is one, and it stands for that of a container, of
 * JSON or of a framed message.
 */
export function isBase64Line(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, SNIFF_BYTES);
  const end = head.findIndex((byte) => byte === LINE_FEED || byte === CARRIAGE_RETURN);
  const line = head.subarray(0, end < 0 ? undefined : end);
  if (line.length < FEWEST_LETTERS) return false;
  // The last four may be padded, or cut.
  const letters = decodeLine(line.subarray(0, (line.length - 1) & ~3));
  if (letters === undefined) return false;
  const first = letters[countBlank(letters)];
  return letters[0] === 0 || first === 0x7b || first === 0x5b || startsWith(letters, AVRO_MAGIC);
}

/** The place of the first byte, from `from` on, that is not white space; the length of the bytes if there is none. At 0 there may be a byte order mark. */
export function skipBlank(bytes: Uint8Array, from: number): number {
  const start = from === 0 && startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : from;
  return start + countBlank(bytes.subarray(start));
}

/** How many bytes of white space the bytes begin with, by RFC 8259, section 2. */
export function countBlank(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return at;
  }
  return bytes.length;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
