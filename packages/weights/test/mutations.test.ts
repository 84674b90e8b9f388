import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createRandom } from "@btsbot/chance";
import { BtsbotError } from "@btsbot/errors";
import {
  alerceStampClassifier,
  createKerasModel,
  inputLength,
  readLayersModel,
  toKerasConfig,
  writeLayersModel,
} from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import {
  exportModel,
  exportOnnx,
  importAlerceCheckpoint,
  openCache,
  readTfCheckpoint,
  readKerasArchive,
  readSavedModel,
  unpackArchive,
} from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { below, mutateBytes, mutateJson } from "../../../test/support/mutate.js";
import type { Random } from "../../../test/support/mutate.js";
import { crc32c } from "./support/crc32c.js";
import { smallModel } from "./support/smallModel.js";
import { savedModelFiles, tar, writeCheckpoint } from "./support/writeSavedModel.js";
import { kerasArchive } from "./support/writeKerasArchive.js";

/** Another seed makes other cases: `BTSBOT_SEED=7 npx vitest run mutations`. */
const SEED = Number(process.env.BTSBOT_SEED ?? 15);
const ROUNDS = Number(process.env.BTSBOT_ROUNDS ?? 1500);

/** Runs a reader on so many mutations. What it throws must be of the registry; how many it refused comes back. */
async function tryAll(
  rounds: number,
  mutate: (random: Random) => unknown,
  read: (input: never) => unknown,
): Promise<number> {
  const random = createRandom(SEED);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const input = mutate(random);
    try {
      await read(input as never);
    } catch (error) {
      const shown = input instanceof Uint8Array ? `${input.length} bytes` : JSON.stringify(input).slice(0, 3000);
      expect(error, `seed ${SEED}, round ${round}: ${(error as Error).stack}\n${shown}`).toBeInstanceOf(BtsbotError);
      refused += 1;
    }
  }
  return refused;
}

/** What can be read can be run, written and exported. */
async function useModel(model: Model): Promise<void> {
  const prepared = await createSimdEngine().prepare(model);
  const { inputs } = model.definition;
  const batch = Object.fromEntries(inputs.map((input) => [input.name, new Float32Array(inputLength(input)).fill(0.5)]));
  await prepared.predict(batch, 1);
  prepared.dispose();
  exportOnnx(model);
  writeLayersModel(model);
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("a reader of a file of ours, damaged in any way", () => {
  it("model.json: another value anywhere gives a model that runs, or an error of the registry", async () => {
    const files = writeLayersModel(await smallModel());
    const json = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as {
      userDefinedMetadata: { btsbot: { sha256?: string; definitionSha256?: string } };
    };
    // Without hashes: they would refuse nearly everything, and the reader below them is what is tried.
    const { sha256: _, definitionSha256: __, ...stated } = json.userDefinedMetadata.btsbot;
    const plain = { ...json, userDefinedMetadata: { btsbot: stated } };
    const refused = await tryAll(
      2 * ROUNDS,
      (random) => mutateJson(plain, random),
      async (mutated) => {
        const read = async (file: string) =>
          file === "model.json" ? text(mutated) : file === "weights.bin" ? files.get(file)! : missing(file);
        await useModel(await readLayersModel(read));
      },
    );
    expect(refused).toBeGreaterThan(ROUNDS);
    expect(refused).toBeLessThan(2 * ROUNDS);
  });

  it("model.json and weights.bin: other bytes", async () => {
    const files = writeLayersModel(await smallModel());
    const accepted: string[] = [];
    await tryAll(
      ROUNDS,
      (random) =>
        [...files].map(([name, bytes]) => [name, below(random, 2) === 0 ? bytes : mutateBytes(bytes, random)]),
      async (mutated) => {
        const now = new Map<string, Uint8Array>(mutated as [string, Uint8Array][]);
        const { sha256, definitionSha256 } = await readLayersModel(async (file) => now.get(file) ?? missing(file));
        accepted.push(`${sha256} ${definitionSha256}`);
      },
    );
    // What is accepted is the same network with the same weights.
    const { sha256, definitionSha256 } = await smallModel();
    expect(new Set(accepted)).toEqual(new Set([`${sha256} ${definitionSha256}`]));
  });

  it("a configuration of Keras", async () => {
    const { definition, weights } = await smallModel();
    const details = { name: "small", version: "1", profile: "btsbot-v1" };
    const config = JSON.parse(JSON.stringify(toKerasConfig(definition))) as unknown;
    await tryAll(
      2 * ROUNDS,
      (random) => mutateJson(config, random),
      async (kerasConfig) => useModel(await createKerasModel({ kerasConfig, weights }, details)),
    );
  });

  it("a .keras file", async () => {
    const bytes = await kerasArchive(await smallModel());
    await tryAll(
      20,
      (random) => mutateBytes(bytes, random),
      (mutated) => readKerasArchive(mutated),
    );
  });

  it("a checkpoint, its checksums made right again", async () => {
    const { weights } = await smallModel();
    const { index, shards } = writeCheckpoint(weights);
    const readAll = ([mutated, data]: [Uint8Array, Uint8Array[]]) => {
      const checkpoint = readTfCheckpoint(mutated, data);
      for (const name of checkpoint.tensors.keys()) checkpoint.read(name);
    };
    const refused = await tryAll(
      2 * ROUNDS,
      (random) => {
        const changed = below(random, 2) === 0 ? mutateBytes(index, random) : index.slice();
        for (let times = below(random, 6); times > 0 && changed.length > 0; times--)
          changed[below(random, changed.length)] = below(random, 256);
        return [reseal(changed), below(random, 4) === 0 ? shards.map((shard) => mutateBytes(shard, random)) : shards];
      },
      readAll,
    );
    expect(refused).toBeGreaterThan(ROUNDS / 2);
  });

  it("a SavedModel", async () => {
    const files = savedModelFiles(await smallModel());
    await tryAll(
      ROUNDS,
      (random) =>
        new Map([...files].map(([name, bytes]) => [name, below(random, 3) === 0 ? mutateBytes(bytes, random) : bytes])),
      (mutated) => readSavedModel(mutated),
    );
  });

  it("an archive", async () => {
    const archive = tar(savedModelFiles(await smallModel()));
    const packed = gzipSync(archive);
    await tryAll(
      ROUNDS,
      (random) => resealTar(mutateHeaders(archive, random)),
      (mutated) => unpackArchive(mutated),
    );
    await tryAll(
      ROUNDS,
      (random) => mutateBytes(packed, random),
      (mutated) => unpackArchive(mutated),
    );
  });

  it("ALeRCE's statistics", async () => {
    const definition = alerceStampClassifier();
    const statistics = Array.from({ length: 26 }, (_, place) => ({ name: `f${place}`, mean: place, std: 1 }));
    const { index, shards } = writeCheckpoint(new Map());
    await tryAll(
      200,
      (random) => mutateJson(statistics, random),
      (mutated) => importAlerceCheckpoint({ index, shards, statistics: text(mutated) }, definition),
    );
  });

  it("a folder of the cache, and says how to repair it", async () => {
    const cache = await mkdtemp(join(tmpdir(), "btsbot-mutations-"));
    try {
      await exportModel(await smallModel(), join(cache, "small"), { formats: ["tfjs"] });
      const path = join(cache, "small", "model.json");
      const whole: unknown = JSON.parse(await readFile(path, "utf8"));
      await tryAll(
        200,
        (random) => mutateJson(whole, random),
        async (mutated) => {
          await writeFile(path, text(mutated));
          await openCache({ cache })
            .load("small")
            .catch((error: Error) => {
              expect(error.message).toContain("btsbot models pull small");
              throw error;
            });
        },
      );
    } finally {
      await rm(cache, { recursive: true, force: true });
    }
  });
});

function missing(file: string): never {
  throw new BtsbotError("model-invalid", "no such file", { path: file });
}

/** The blocks of a table with the checksums that their bytes have now, where they can be found. */
function reseal(index: Uint8Array): Uint8Array {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const varint = (at: number): [number, number] => {
    let value = 0;
    for (let scale = 1, place = at; place < index.length && scale < 2 ** 42; scale *= 128, place++) {
      value += (index[place] & 127) * scale;
      if (index[place] < 128) return [value, place + 1];
    }
    return [0, index.length];
  };
  const seal = (offset: number, size: number) => {
    if (offset + size + 5 > index.length) return;
    index[offset + size] = 0;
    const crc = crc32c(index.subarray(offset, offset + size + 1));
    view.setUint32(offset + size + 1, (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, true);
  };
  // The data blocks stand one behind the other; each is ended by its trailer. The footer says where the index is.
  const footer = index.length - 48;
  if (footer < 0) return index;
  let [, at] = varint(footer);
  [, at] = varint(at);
  const [offset, next] = varint(at);
  const [size] = varint(next);
  for (let place = offset, end = Math.min(offset + size, index.length); place < end;) {
    const [, one] = varint(place);
    const [added, two] = varint(one);
    const [length, three] = varint(two);
    const [from, second] = varint(three + added);
    seal(from, varint(second)[0]);
    place = three + added + Math.max(1, length);
  }
  seal(offset, size);
  return index;
}

/** Bytes of an archive's headers changed: names, sizes, types. */
function mutateHeaders(archive: Uint8Array, random: Random): Uint8Array {
  const changed = archive.slice();
  const starts = headersOf(archive);
  for (let times = 1 + below(random, 5); times > 0; times--) {
    const start = starts[below(random, starts.length)];
    changed[start + below(random, 512)] = [0, 32, 48, 49, 55, 53, 103, 120, 76, 255][below(random, 10)];
  }
  return changed;
}

function headersOf(archive: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    starts.push(at);
    const size = Number.parseInt(new TextDecoder().decode(archive.subarray(at + 124, at + 136)), 8);
    at += 512 + Math.ceil((size || 0) / 512) * 512;
  }
  return starts;
}

/** The headers with the checksums that their bytes have now. */
function resealTar(archive: Uint8Array): Uint8Array {
  for (const at of headersOf(archive)) {
    const header = archive.subarray(at, at + 512);
    header.fill(32, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  }
  return archive;
}
