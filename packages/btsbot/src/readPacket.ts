import { createReadStream } from "node:fs";
import { readAlertStream } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";

/** The name that stands for standard input. */
const STDIN = "-";
/** Bytes kept from the beginning of a file: the head of a survey's packet, schema and all, has a fifth. */
const HEAD_BYTES = 65_536;
/** Alerts of a file that are named; of the others only their number is told. */
const MAX_LISTED = 10;

/** An alert in one line. */
export interface Listed {
  readonly index: number;
  readonly result: SafeResult<Pick<Alert, "objectId" | "candid" | "candidate">>;
}

/** A file of alerts, one of them in full. */
export interface Packet {
  readonly file: string;
  readonly bytes: number;
  /** `Avro, snappy`, `JSON`, `Confluent`. */
  readonly encoding: string;
  readonly alerts: number;
  readonly listed: readonly Listed[];
  /** The outcome of the alert asked for; undefined where there are fewer. */
  readonly chosen: SafeResult<Alert> | undefined;
}

/**
 * Reads a file and keeps one of its alerts.
 *
 * @throws BtsbotError `file-unreadable`
 *
 * @internal
 */
export async function readPacket(file: string, index: number, stdin: AsyncIterable<Uint8Array>): Promise<Packet> {
  const head = new Uint8Array(HEAD_BYTES);
  let bytes = 0;
  async function* count(): AsyncGenerator<Uint8Array> {
    const chunks: AsyncIterable<Uint8Array> = file === STDIN ? stdin : createReadStream(file);
    for await (const chunk of chunks) {
      // A pipe may give a few bytes at a time.
      if (bytes < HEAD_BYTES) head.set(chunk.subarray(0, HEAD_BYTES - bytes), bytes);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const listed: Listed[] = [];
  let alerts = 0;
  let chosen: SafeResult<Alert> | undefined;
  try {
    for await (const result of readAlertStream(count())) {
      if (alerts === index) chosen = result;
      if (alerts < MAX_LISTED) listed.push({ index: alerts, result: brief(result) });
      alerts += 1;
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof BtsbotError || code === undefined) throw cause;
    throw new BtsbotError("file-unreadable", "cannot be read", { path: file, got: describeSystemError(code), cause });
  }
  return { file, bytes, encoding: nameEncoding(head.subarray(0, bytes)), alerts, listed, chosen };
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
  return text.startsWith("\0") ? "Confluent frame" : "JSON";
}
