/**
 * Reads files of models and says what each took: a process of its own, so that its memory is theirs.
 *
 *     node test/fuzz/measureModels.js FILE...
 *
 * Prints one line of JSON: for each file what came out of it, its processor time in ms (for HDF5 over that of a good
 * file, which starts the same thread and library), and the greatest memory of the process so far over its base, in MB.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { BtsbotError } from "@btsbot/errors";
import { readLayersModel } from "@btsbot/model";
import { importKeras, readTfCheckpoint, unpackArchive } from "@btsbot/weights";

const DETAILS = { name: "hostile", version: "1", profile: "acai" };

/** By the end of a file's name, what reads it. */
const READERS = {
  "tar.gz": (bytes) => unpackArchive(bytes),
  keras: (bytes) => importKeras(bytes, DETAILS),
  h5: (bytes) => importKeras(bytes, DETAILS),
  "model.json": (bytes) =>
    readLayersModel((file) => Promise.resolve(file === "model.json" ? bytes : new Uint8Array(4000)), DETAILS),
  index: (bytes) => {
    const checkpoint = readTfCheckpoint(bytes, [new Uint8Array(4000)]);
    for (const name of checkpoint.tensors.keys()) checkpoint.read(name);
  },
};

/** Every file is read into the same room, which is part of the base: what counts is what reading it takes. */
const room = Buffer.alloc(8 << 20, 1);

function load(file) {
  const descriptor = openSync(file);
  const length = readSync(descriptor, room);
  closeSync(descriptor);
  if (length === room.length) throw new Error(`${file} is larger than the room for it`);
  return room.subarray(0, length);
}

/** The code of the error, "read" if there is none, or what is no error of ours. */
async function read(file, bytes) {
  try {
    const ending = Object.keys(READERS).find((each) => file.endsWith(`.${each}`));
    await READERS[ending](bytes);
    return "read";
  } catch (error) {
    return error instanceof BtsbotError ? error.code : `untyped: ${error?.stack ?? error}`;
  }
}

/** The most memory that this process has had, bytes; `maxRSS` is on Linux that of who started it, too. */
function peakMemory() {
  const status = "/proc/self/status";
  const line = existsSync(status) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, "utf8")) : null;
  return 1024 * (line === null ? process.resourceUsage().maxRSS : Number(line[1]));
}

async function timed(file, bytes) {
  const before = process.cpuUsage();
  const got = await read(file, bytes);
  const { user, system } = process.cpuUsage(before);
  return { got, ms: (user + system) / 1000 };
}

const [good, ...files] = process.argv.slice(2);
const isThreaded = (file) => file.endsWith(".h5");
// What every reader has loaded and compiled is the base: of HDF5, a thread with the library in it.
const goodBytes = readFileSync(good);
let base = 0;
for (let round = 0; round < 3; round++) base = Math.max(base, (await timed(good, goodBytes)).ms);
for (let round = 0; round < 100; round++) {
  for (const [file, bytes] of [
    ["a.tar.gz", new Uint8Array(1024)],
    ["a.keras", new Uint8Array(100)],
    ["a.index", new Uint8Array(100)],
  ])
    if (file !== "a.keras") await read(file, bytes);
  await read("model.json", Buffer.from('{"modelTopology":{},"weightsManifest":[]}'));
}
const start = Math.max(process.memoryUsage.rss(), isThreaded(files[0] ?? "") ? peakMemory() : 0);
const results = [];
for (const file of files) {
  const bytes = load(file);
  const { got, ms } = await timed(file, bytes);
  results.push({
    file,
    length: bytes.length,
    got,
    ms: ms - (isThreaded(file) ? base : 0),
    mb: (peakMemory() - start) / 1e6,
  });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
