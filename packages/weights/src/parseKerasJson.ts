import { BtsbotError } from "@btsbot/errors";

/** Characters of the longest configuration that is read: networks of a hundred layers have 100 kB, and what it unpacks to is some twenty times as much. */
const MAX_LENGTH = 2 ** 19;

/**
 * Parses a configuration that Keras wrote.
 *
 * @throws BtsbotError with the code given if it is not JSON, or too long
 *
 * @internal
 */
export function parseKerasJson(text: string, path: string, code: "hdf5-invalid" | "keras-invalid"): unknown {
  if (text.length > MAX_LENGTH) {
    const [expected, got] = [`at most ${MAX_LENGTH} characters`, String(text.length)];
    throw new BtsbotError(code, "longer than any network's of this field", { path, expected, got });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BtsbotError(code, "not JSON", { path, got: (cause as Error).message, cause });
  }
}
