import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { findPublished, importPublished } from "@btsbot/weights";

/** Packets of one alert, each from its own file: about 76 kB, stamps of 63 x 63 pixels. */
const FEWEST_BYTES = 55_000;
const MOST_BYTES = 100_000;

/** Folder of real packets, published models and reference scores. */
export const dataFolder = process.env.BTSBOT_TEST_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** The real packets and the published model, or a clear end where they are absent. */
export async function readInputs() {
  const folder = dataFolder;
  if (!existsSync(`${folder}/alerts`)) {
    throw new Error(`Benchmarks need real packets and the published model, and ${folder} is absent: set BTSBOT_TEST_DATA.`);
  }
  const packets = readdirSync(`${folder}/alerts`)
    .filter((file) => file.endsWith(".avro") && !file.startsWith("ipac") && !file.startsWith("2019"))
    .map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`)))
    .filter(({ length }) => length > FEWEST_BYTES && length < MOST_BYTES);
  const published = findPublished("btsbot-v1.0.1");
  const files = published.files.map(({ mirrorPath }) => readFileSync(`${folder}/models/${mirrorPath}`));
  return { packets, model: await importPublished(published, files) };
}

/** What the figures were taken on. */
export function describeMachine() {
  const [{ model }] = cpus();
  return `Node ${process.versions.node}, ${cpus().length} x ${model.trim()}`;
}
