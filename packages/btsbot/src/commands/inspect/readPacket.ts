import type { Alert } from "@btsbot/alert";
import { readMember } from "@btsbot/archive";
import { BtsbotError } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { toFileError } from "@btsbot/tables";
import { openMembers } from "../../inputs/listInputs.js";
import { readOptionsOf } from "../../inputs/readInputOptions.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";
import type { SkipTally } from "../../inputs/skipTally.js";
import { inCommandWords } from "../../terminal/inCommandWords.js";
import { placeMessage } from "../../terminal/placeMessage.js";

/** Bytes kept from the beginning of a file: the head of a survey's packet, schema and all, has a fifth. */
const HEAD_BYTES = 65_536;
/** Alerts of a file that are named; of the others only their number is told. */
const MAX_LISTED = 10;

/** An alert in one line. */
export interface Listed {
  readonly index: number;
  readonly result: SafeResult<Pick<Alert, "objectId" | "candid" | "candidate">>;
}

/** A file of alerts, or an archive of such files, one alert in full. */
export interface Packet {
  /** The file; of an archive, the member that holds the alert. */
  readonly file: string;
  /** Its bytes, unpacked. */
  readonly bytes: number;
  /** `Avro, snappy`, `JSON`, `Confluent`, `Parquet`. */
  readonly encoding: string;
  readonly alerts: number;
  readonly listed: readonly Listed[];
  /** The outcome of the alert asked for; undefined where there are fewer. */
  readonly chosen: SafeResult<Alert> | undefined;
}

/**
 * Reads a file, or an archive, and keeps one of its alerts.
 *
 * @throws BtsbotError `file-unreadable`, or what is wrong with an archive
 *
 * @internal
 */
export async function readPacket(
  path: string,
  options: InputOptions & { readonly index?: number },
  stdin: AsyncIterable<Uint8Array>,
  skipped: SkipTally,
): Promise<Packet> {
  const { index = 0 } = options;
  const read = await readOptionsOf(options);
  const listed: Listed[] = [];
  let [alerts, shown] = [0, { file: path, bytes: 0, encoding: "" }];
  let chosen: SafeResult<Alert> | undefined;
  try {
    for await (const { name, bytes, file } of openMembers(path, { stdin, skipped })) {
      const counted = countBytes(bytes);
      const member = { name, bytes: counted.bytes, ...(file && { file }) };
      const first = alerts;
      for await (const result of contain(readMember(member, { read }))) {
        if (alerts === index) chosen = result;
        if (alerts < MAX_LISTED) listed.push({ index: alerts, result: brief(result) });
        alerts += 1;
      }
      if (first === 0 || (first <= index && index < alerts))
        shown = { file: name, bytes: file?.size ?? counted.total(), encoding: nameEncoding(counted.head()) };
    }
  } catch (cause) {
    if (cause instanceof BtsbotError) {
      const error = inCommandWords(cause);
      const message = placeMessage({ file: path }, error);
      throw Object.assign(new BtsbotError([{ ...error.problems[0], message }]), { cause });
    }
    throw toFileError(cause, path, { doing: "read" });
  }
  return { ...shown, alerts, listed, chosen };
}

/** Bytes that pass through, counted, the first of them kept. */
function countBytes(chunks: AsyncIterable<Uint8Array>): {
  readonly bytes: AsyncGenerator<Uint8Array, void, void>;
  readonly total: () => number;
  readonly head: () => Uint8Array;
} {
  const head = new Uint8Array(HEAD_BYTES);
  let total = 0;
  async function* count(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of chunks) {
      // A pipe may give a few bytes at a time.
      if (total < HEAD_BYTES) head.set(chunk.subarray(0, HEAD_BYTES - total), total);
      total += chunk.length;
      yield chunk;
    }
  }
  return { bytes: count(), total: () => total, head: () => head.subarray(0, total) };
}

/** Damage of an archive around a member is an outcome of the member. */
async function* contain(results: AsyncGenerator<SafeResult<Alert>>): AsyncGenerator<SafeResult<Alert>, void, void> {
  try {
    for await (const each of results) yield each.success ? each : { success: false, error: inCommandWords(each.error) };
  } catch (error) {
    if (!(error instanceof BtsbotError)) throw error;
    yield { success: false, error: inCommandWords(error) };
  }
}

/** Without its stamps, so that a long file is not held. */
function brief(result: SafeResult<Alert>): Listed["result"] {
  if (!result.success) return result;
  const { objectId, candid, candidate } = result.data;
  return { success: true, data: { objectId, candid, candidate } };
}

function nameEncoding(head: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(head);
  if (text.startsWith("Obj\x01")) {
    // A map entry of the head: the key, then the length of the value, zigzag, in one byte.
    const at = text.indexOf("avro.codec") + "avro.codec".length;
    const codec = at < "avro.codec".length ? "null" : text.slice(at + 1, at + 1 + text.charCodeAt(at) / 2);
    return codec === "null" ? "Avro, not compressed" : `Avro, ${codec}`;
  }
  if (text.startsWith("PAR1")) return "Parquet";
  if (text.startsWith("\0")) return "Confluent frame";
  return /^(?:\u00ef\u00bb\u00bf)?\s*[[{]/.test(text) ? "JSON" : "lines of base64";
}
