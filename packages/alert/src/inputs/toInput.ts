import { BtsbotError, toBytes } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";

/** The bytes of an input, not copied; whatever the types say, anything else is refused with what to do. */
export function toInput(input: Bytes): Uint8Array {
  const bytes = toBytes(input);
  if (bytes !== undefined) return bytes;
  const kind = Object.prototype.toString.call(input).slice(8, -1);
  throw new BtsbotError("input-invalid", "these are not bytes", {
    expected: "a Uint8Array, a DataView or an ArrayBuffer",
    got: kind === "String" ? "a string" : kind,
    hint: HINTS[kind],
  });
}

const HINTS: Readonly<Record<string, string>> = {
  String: "Give JSON text to parseAlertJson, and the content of a file rather than its name.",
  Blob: "Give a Blob to readAlertStream.",
  File: "Give a File to readAlertStream.",
};
