import { BtsbotError, countOf } from "@btsbot/errors";

/** Fields of a ModelProto. */
const IR_VERSION = 1;
const GRAPH = 7;

/** Protobuf's ways of writing a value, and the bytes of those of fixed length. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** How many bytes of what is not an ONNX file are shown. */
const SHOWN = 16;

/**
 * Checks that bytes are an ONNX ModelProto, whole: its fields are walked to the end, and not entered.
 * What stands in its graph is the runtime's to judge.
 *
 * Source: onnx/onnx.proto3 (the fields of ModelProto), https://protobuf.dev/programming-guides/encoding/.
 *
 * @internal
 */
export function checkOnnxFile(name: string, bytes: Uint8Array): void {
  const fields = new Set<number>();
  for (let offset = 0; offset < bytes.length;) {
    const tag = readVarint(bytes, offset);
    const end = tag && skipValue(bytes, tag.end, tag.value % 8);
    // Every writer begins with the version; that other bytes pass for fields is chance.
    if (end === undefined || (offset === 0 && tag!.value !== 8 * IR_VERSION)) throw notOnnx(name, bytes, offset);
    if (end > bytes.length) {
      throw new BtsbotError("onnx-invalid", "the file ends before it should", {
        path: name,
        expected: `at least ${countOf(end, "byte")}`,
        got: countOf(bytes.length, "byte"),
      });
    }
    fields.add(Math.floor(tag!.value / 8));
    offset = end;
  }
  if (!fields.has(GRAPH)) throw notOnnx(name, bytes, 0);
}

/** Where a value ends, which may be behind the end of the bytes; undefined if it is not a value. */
function skipValue(bytes: Uint8Array, offset: number, wireType: number): number | undefined {
  if (wireType === VARINT) return readVarint(bytes, offset)?.end;
  if (wireType !== LENGTH_DELIMITED) return wireType in FIXED_BYTES ? offset + FIXED_BYTES[wireType] : undefined;
  const length = readVarint(bytes, offset);
  return length && length.end + length.value;
}

/** A number of seven bits a byte, the least first; undefined if it does not end. */
function readVarint(bytes: Uint8Array, offset: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10 && offset + i < bytes.length; i++) {
    const byte = bytes[offset + i];
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: offset + i + 1 };
  }
  return undefined;
}

function notOnnx(name: string, bytes: Uint8Array, offset: number): BtsbotError {
  const shown = bytes.subarray(0, SHOWN);
  const isText = shown.every((byte) => byte >= 0x20 && byte < 0x7f);
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return new BtsbotError(
    "onnx-invalid",
    offset === 0 ? "the bytes are not an ONNX file" : `the file is damaged at byte ${offset}`,
    {
      path: name,
      expected: "a ModelProto with a graph",
      got:
        bytes.length === 0
          ? "no bytes"
          : isText
            ? `text that begins with "${String.fromCharCode(...shown)}"`
            : `bytes ${hex}`,
      ...(isText &&
        bytes.length > 0 && { hint: "A page or a Git LFS pointer may have been saved in place of the file." }),
    },
  );
}
