/**
 * Reads inputs and says what each took: a process of its own, so that its memory is theirs.
 *
 *     node test/fuzz/measureHostile.js FILE...
 *
 * Beside each FILE a FILE.json may say how it is to be read: `as` a stamp, a text or an archive, or by which `schemas`. Prints one
 * line of JSON: for each input what came out of it, its processor time in ms, and the greatest memory of the process
 * so far over what it took before the first, in MB.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { encodeAlerts, LSST, parseAlertJson, parseAlerts, toJson } from "@btsbot/alert";
import { readArchive } from "@btsbot/archive";
import { readStamp, writeFits } from "@btsbot/cutout";
import { BtsbotError } from "@btsbot/errors";
import { zipSync } from "fflate";
import { concat } from "./avroBytes.js";
import { tarHeader } from "./tarHeader.js";

/** Bytes of the longest input. */
const MOST_BYTES = 70_000_000;

/** The code of the error, "read" if there is none, or what is no error of ours. */
async function read(bytes, { as, schemas, survey }, text) {
  try {
    if (as === "archive") return await readLast(bytes);
    if (as === "stamp") readStamp(bytes);
    else if (as === "text") parseAlertJson(text ?? new TextDecoder().decode(bytes));
    else parseAlerts(bytes, { schemas, ...(survey && { surveys: [LSST] }) });
    return "read";
  } catch (error) {
    return error instanceof BtsbotError ? error.code : `untyped: ${error?.stack ?? error}`;
  }
}

/** What the last outcome of an archive was. */
async function readLast(bytes) {
  let last = "read";
  for await (const { result } of readArchive(bytes)) last = result.success ? "read" : result.error.code;
  return last;
}

/** What every reader of packets has loaded and compiled: the base is that of a process at work. */
async function warmUp() {
  const alert = { objectId: "ZTF1", candid: 1n, candidate: { jd: 1, fid: 1 }, prv_candidates: [{ jd: 0, fid: 1 }] };
  const stamp = gzipSync(writeFits({ width: 63, height: 63, pixels: new Float32Array(3969) }));
  const text = new TextEncoder().encode(JSON.stringify(toJson(alert)));
  const rubin = { ...alert, objectId: "1", fp_hists: [{ jd: 0, fid: 12, forcediffimfluxunc: 1 }] };
  const end = new Uint8Array(1024);
  // As long as the survey's packets are.
  const packet = new TextEncoder().encode(JSON.stringify({ ...toJson(alert), cutoutScience: "QUJD".repeat(15_000) }));
  const archives = [
    gzipSync(text),
    gzipSync(packet),
    concat([gzipSync(text), gzipSync("")]),
    gzipSync(concat([tarHeader("a.avro", 0), end])),
    concat([...Array.from({ length: 10 }, () => [tarHeader("a.avro", 100), new Uint8Array(512)]).flat(), end]),
    zipSync({ "a.json": text, "b.avro": new Uint8Array(100) }),
    gzipSync(zipSync({ "a.json.gz": gzipSync(text), "b.avro": new Uint8Array(100) })),
  ].map((bytes) => new Uint8Array(bytes));
  for (let i = 0; i < 200; i++) {
    await read(encodeAlerts([rubin], { survey: LSST }), { survey: "lsst" });
    for (const codec of ["null", "deflate", "snappy"]) await read(encodeAlerts([alert], { codec }), {});
    await read(text, {});
    await read(text, { as: "text" });
    await read(text.subarray(1), {});
    await read(stamp, { as: "stamp" });
    for (const bytes of archives) await read(bytes, { as: "archive" });
  }
}

/**
 * The most memory that this process has had, bytes. Not `maxRSS` where there is better: on Linux a process inherits
 * that of the one which started it.
 */
function peakMemory() {
  const status = "/proc/self/status";
  const line = existsSync(status) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, "utf8")) : null;
  return 1024 * (line === null ? process.resourceUsage().maxRSS : Number(line[1]));
}

/** Where inputs are read to: their own memory is part of the base. */
const buffer = new Uint8Array(MOST_BYTES).fill(1);

function readInput(file) {
  const descriptor = openSync(file, "r");
  const length = readSync(descriptor, buffer, 0, MOST_BYTES, 0);
  closeSync(descriptor);
  return buffer.subarray(0, length);
}

await warmUp();
const inputs = process.argv.slice(2).map((file) => {
  const how = existsSync(`${file}.json`) ? JSON.parse(readFileSync(`${file}.json`, "utf8")) : {};
  // A text is its caller's, as bytes are: part of the base, and kept as they are.
  return { file, how, text: how.as === "text" ? new TextDecoder().decode(readInput(file)) : undefined };
});
const base = process.memoryUsage.rss();
const results = [];
for (const { file, how, text } of inputs) {
  const bytes = readInput(file);
  const before = process.cpuUsage();
  const got = await read(bytes, how, text);
  const { user, system } = process.cpuUsage(before);
  const mb = (peakMemory() - base) / 1e6;
  results.push({ what: how.what ?? file, length: bytes.length, got, ms: (user + system) / 1000, mb });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
