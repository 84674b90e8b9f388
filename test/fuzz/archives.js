import { gzipSync } from "node:zlib";
import { BROKER_FORMS, encodeAlerts, LSST, toJson } from "@btsbot/alert";
import { readArchive } from "@btsbot/archive";
import { zipSync } from "fflate";
import { packParquet } from "../support/packParquet.js";
import { mutateBytes } from "./mutate.js";
import { tarHeader } from "./tarHeader.js";

/** Codecs of Parquet's pages that the writer has by itself. */
const PARQUET_CODECS = ["UNCOMPRESSED", "SNAPPY"];

/**
 * Archives of a few alerts in every way in which they are packed.
 *
 * @param {readonly object[]} alerts - by the small schema
 * @param {object} schema - that schema
 * @param {readonly object[]} simulated - by the survey's schema, which Parquet's columns follow
 * @param {ReturnType<import("./random.js").makeRandom>} random
 * @returns {Uint8Array[]}
 */
export function makeArchives(alerts, schema, simulated, random) {
  const packet = () =>
    encodeAlerts([random.pick(alerts)], { schema, codec: random.pick(["null", "deflate", "snappy"]) });
  const lines = () => Buffer.from(`${JSON.stringify(toJson(random.pick(alerts)))}\n`);
  const coded = () =>
    Buffer.from([packet(), packet()].map((bytes) => Buffer.from(bytes).toString("base64")).join("\n"));
  const members = () => ({
    "a/1.avro": packet(),
    "a/2.json": lines(),
    "a/3.txt": coded(),
    "4.avro.gz": gzipSync(packet()),
  });
  const tar = () => packTar(members());
  const parquet = (codec) =>
    packParquet([random.pick(simulated), random.pick(simulated)], { codec, rowGroupSize: random.integer(1, 2) });
  const made = [];
  for (let i = 0; i < 4; i += 1) {
    made.push(tar(), gzipSync(tar()), new Uint8Array(zipSync(members(), { level: i % 2 })), gzipSync(packet()));
    made.push(coded(), gzipSync(coded()), parquet(PARQUET_CODECS[i % 2]));
    made.push(new Uint8Array(zipSync({ "n.tar.gz": gzipSync(tar()), "n.parquet": parquet("SNAPPY") })));
  }
  return made;
}

function packTar(members) {
  const parts = Object.entries(members).flatMap(([name, bytes]) => [
    tarHeader(name, bytes.length),
    bytes,
    Buffer.alloc(-bytes.length & 511),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/**
 * A case of a mutated archive, given whole or in pieces; its outcomes are typed.
 *
 * @returns {{ bytes: Uint8Array, run: () => Promise<string> }}
 */
export function makeArchiveCase(archives, random) {
  const bytes = mutateBytes(random.pick(archives), random);
  const piece = random.chance(0.5) ? random.magnitude(bytes.length) + 1 : 0;
  return { bytes, run: () => readAll(piece > 0 ? inPieces(bytes, piece) : bytes) };
}

async function readAll(source) {
  let last = "empty";
  const read = { forms: BROKER_FORMS, surveys: [LSST] };
  for await (const { result } of readArchive(source, { name: "n", read }))
    last = result.success ? "alert" : result.error.code;
  return last;
}

async function* inPieces(bytes, size) {
  // Pieces of a byte each would measure the pieces.
  const step = Math.max(size, bytes.length >> 8);
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}
