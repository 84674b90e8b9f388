import { AVRO_MAGIC } from "./sniffArchive.js";

/** Endings of alerts, and of archives. */
const ALERTS = /\.(avro|json|jsonl|ndjson|parquet|tar|tgz|zip)$/i;
const GZIP = /\.gz$/i;

/**
 * Whether a file of a folder or an archive is taken for alerts: its ending says so, in any case (`.avro`, `.json`,
 * `.jsonl`, `.ndjson`, `.parquet`, `.tar`, `.tgz`, `.zip`, each also with `.gz`), or its first bytes are those of an Avro container.
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
  return head !== undefined && AVRO_MAGIC.every((byte, place) => head[place] === byte);
}
