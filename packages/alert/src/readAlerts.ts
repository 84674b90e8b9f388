import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteWindow } from "./avro/ByteWindow.js";
import { readContainer } from "./avro/readContainer.js";
import { MAX_BLOCK_BYTES } from "./maxBlockBytes.js";
import { parseExactJson } from "./parseExactJson.js";
import { readFrame } from "./readFrame.js";
import { sniff } from "./sniff.js";
import { toAlert } from "./toAlert.js";
import type { Alert, ReadOptions } from "./types.js";

/**
 * Reads the alerts of an input one by one, each with its own outcome.
 *
 * The bytes are recognised by how they begin: an Avro object container (`Obj` 0x01), a
 * Confluent-framed message (0x00), or JSON text (a document, an array of them, or one a line).
 * A record that is not an alert gives its error and the others go on. Damage to the container gives
 * the alerts before it, then the error, and ends.
 *
 * @param bytes - the input
 * @param options - schemas of framed messages, limits
 * @returns the outcomes, in the input's order; at least one error where the input cannot be read
 *
 * @example
 * ```ts
 * import { encodeAlerts, readAlerts } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * for (const outcome of readAlerts(bytes)) {
 *   outcome.success; // => true
 * }
 * ```
 */
export function* readAlerts(bytes: Uint8Array, options: ReadOptions = {}): Generator<SafeResult<Alert>, void, void> {
  // A plain view, since the `slice` of Node's Buffer shares memory.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { maxBlockBytes = MAX_BLOCK_BYTES } = options;
  const format = toSafe(() => sniff(plain));
  if (!format.success) yield format;
  else if (format.data === "avro") yield* readAvro(plain, maxBlockBytes);
  else if (format.data === "confluent") yield toSafe(() => toAlert(readFrame(plain, options.schemas, maxBlockBytes)));
  else yield* readJson(plain);
}

function* readAvro(bytes: Uint8Array, maxBlockBytes: number): Generator<SafeResult<Alert>, void, void> {
  const steps = readContainer(new ByteWindow(bytes), maxBlockBytes);
  for (;;) {
    const step = toSafe(() => steps.next());
    if (!step.success) return yield step;
    const { value } = step.data;
    if (step.data.done || typeof value !== "object") return;
    yield toSafe(() => toAlert(value.record));
  }
}

function* readJson(bytes: Uint8Array): Generator<SafeResult<Alert>, void, void> {
  const decoded = toSafe(() => decodeText(bytes));
  if (!decoded.success) return yield decoded;
  const text = decoded.data;
  const whole = toSafe(() => parseExactJson(text));
  if (whole.success) {
    for (const document of Array.isArray(whole.data) ? whole.data : [whole.data]) yield toSafe(() => toAlert(document));
    return;
  }
  const lines = [...text.split("\n").entries()].filter(([, line]) => line.trim() !== "");
  // Only where the first line is a document of its own are the others meant to be.
  if (lines.length < 2 || !toSafe(() => parseExactJson(lines[0][1])).success) return yield whole;
  for (const [i, line] of lines) yield toSafe(() => toAlert(parseExactJson(line, `line ${i + 1}`)));
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BtsbotError("json-invalid", "the text is not UTF-8", { cause });
  }
}

