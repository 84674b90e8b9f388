import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { findPublished, importPublished } from "@btsbot/weights";

/** Packets of one alert, each from its own file: about 76 kB, stamps of 63 x 63 pixels. */
const FEWEST_BYTES = 55_000;
const MOST_BYTES = 100_000;

/** Folder of real packets, published models and reference scores. */
export const dataFolder =
  process.env.BTSBOT_TEST_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** The real packets and the production model, or a clear end where they are absent. */
export async function readInputs() {
  if (!existsSync(`${dataFolder}/alerts`)) {
    throw new Error(
      `Benchmarks need real packets and the published models, and ${dataFolder} is absent: set BTSBOT_TEST_DATA.`,
    );
  }
  const packets = packetFiles()
    .map((file) => new Uint8Array(readFileSync(file)))
    .filter(({ length }) => length > FEWEST_BYTES && length < MOST_BYTES);
  return { packets, model: await readModel("btsbot-v1.0.1") };
}

/** One packet of a supernova: SN 2020bcq. */
export function readPacket() {
  return new Uint8Array(readFileSync(`${dataFolder}/alerts/1127495406315015005.avro`));
}

/** A published model, from its authors' files. */
export function readModel(name) {
  const published = findPublished(name);
  return importPublished(
    published,
    published.files.map(({ mirrorPath }) => readFileSync(`${dataFolder}/models/${mirrorPath}`)),
  );
}

function packetFiles() {
  return readdirSync(`${dataFolder}/alerts`)
    .filter((file) => file.endsWith(".avro") && !file.startsWith("ipac") && !file.startsWith("2019"))
    .map((file) => `${dataFolder}/alerts/${file}`);
}

/** What the figures were taken on. */
export function describeMachine() {
  const [{ model }] = cpus();
  return `Node ${process.versions.node}, ${cpus().length} x ${model.trim()}`;
}
