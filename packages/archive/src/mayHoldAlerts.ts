import { AVRO_MAGIC } from "./sniffArchive.js";

/** Endings of alerts, and of archives. */
const ALERTS = /\.(avro|b64|base64|json|jsonl|ndjson|parquet|tar|tgz|zip)$/i;
const GZIP = /\.gz$/i;
/** How alerts in base64 begin: containers, JSON, and messages whose schema has a number below 2^16. */
const BASE64 = /^(T2Jq|eyJ.|AAAA)/;

/**
 * Whether a file of a folder or an archive is taken for alerts: its ending says so, in any case (`.avro`, `.b64`,
 * `.base64`, `.json`, `.jsonl`, `.ndjson`, `.parquet`, `.tar`, `.tgz`, `.zip`, each also with `.gz`), or its first bytes are those of an
 * Avro container, or of an alert in base64.
 *
 * @param name - the file's name
 * @param head - its first four bytes; without them the name alone decides
 *
 * @example
 * ```ts
 * import { mayHoldAlerts } from "@btsbot/archive";
 *
 * mayHoldAlerts("night/B.AVRO.gz"); // => true
 * mayHoldAlerts("truth.csv"); // => false
 * mayHoldAlerts("packet", new TextEncoder().encode("Obj\u0001")); // => true
 * ```
 */
export function mayHoldAlerts(name: string, head?: Uint8Array): boolean {
  const plain = name.replace(GZIP, "");
  if (ALERTS.test(plain)) return true;
  // alerts.gz says no more than that it is packed.
  if (plain !== name && !/\.[^./]*$/.test(plain)) return true;
  if (head === undefined) return false;
  return (
    AVRO_MAGIC.every((byte, place) => head[place] === byte) || BASE64.test(String.fromCharCode(...head.subarray(0, 4)))
  );
}
