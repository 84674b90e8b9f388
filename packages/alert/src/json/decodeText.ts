import { BtsbotError, countOf } from "@btsbot/errors";

// A byte order mark is the caller's: one within a text is a character like any other.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8.
 *
 * @param path - the place of the text in its input, for errors
 */
export function decodeText(bytes: Uint8Array, path?: string): string {
  const place = path === undefined ? {} : { path };
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    // What the standard throws for bytes that are not UTF-8. For more than a string holds, engines throw a different error.
    if (cause instanceof TypeError) throw new BtsbotError("json-invalid", "the text is not UTF-8", { ...place, cause });
    throw new BtsbotError("input-too-large", "the text is longer than a string can be", {
      ...place,
      got: countOf(bytes.length, "byte"),
      cause,
    });
  }
}
