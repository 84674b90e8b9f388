import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { encodeAlerts, parseAlerts, toJson } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { readArchive } from "@btsbot/archive";
import type { ArchivedAlert, ArchiveOptions, ByteSource, SeekableBytes } from "@btsbot/archive";
import { simulateSurvey } from "@btsbot/simulate";
import fc from "fast-check";
import { zipSync } from "fflate";
import { parquetWriteBuffer } from "hyparquet-writer";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { packParquet } from "../../../test/support/packParquet.js";
import { describeWithData } from "../../../test/support/testData.js";

async function collect(source: ByteSource, options: ArchiveOptions = {}): Promise<ArchivedAlert[]> {
  const found: ArchivedAlert[] = [];
  for await (const each of readArchive(source, options)) found.push(each);
  return found;
}

/** `name index candid` of what was read, `name index code` of what was not. */
async function describeAll(source: ByteSource, options: ArchiveOptions = {}): Promise<string[]> {
  return (await collect(source, { name: "n.parquet", ...options })).map(({ file, index, result }) =>
    [file, index ?? "-", result.success ? result.data.candid : result.error.code].join(" "),
  );
}

async function messageOf(source: ByteSource, options: ArchiveOptions = {}): Promise<string> {
  const [{ result }] = await collect(source, options);
  return result.success ? "" : `${result.error.code}: ${result.error.message}`;
}

function concat(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

async function* inPieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** A file that notes how many bytes were read of it. */
function counted(bytes: Uint8Array): SeekableBytes & { readonly ranges: [number, number][] } {
  const ranges: [number, number][] = [];
  return {
    ranges,
    size: bytes.length,
    async read(start, end) {
      ranges.push([start, end]);
      return bytes.slice(start, end);
    },
  };
}

/** A frame of zstd whose blocks are not compressed: RFC 8878, section 3.1.1. */
function zstd(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(9);
  header.writeUInt32LE(0xfd2fb528, 0);
  header[4] = 0xa0;
  header.writeUInt32LE(bytes.length, 5);
  const blocks: Uint8Array[] = [header];
  for (let at = 0; at === 0 || at < bytes.length; at += 100_000) {
    const part = bytes.subarray(at, at + 100_000);
    const size = (part.length << 3) | (at + 100_000 >= bytes.length ? 1 : 0);
    blocks.push(Uint8Array.of(size & 255, (size >> 8) & 255, size >> 16), part);
  }
  return new Uint8Array(Buffer.concat(blocks));
}

// As packets hold them: what is single precision there is so here, too.
const alerts: readonly Alert[] = parseAlerts(
  encodeAlerts([...simulateSurvey({ seed: 3, sources: 6, nights: 4 })].map(({ alert }) => alert).slice(0, 25)),
);
const READ = alerts.map(({ candid }, index) => `n.parquet ${index} ${candid}`);
const FILE = packParquet(alerts, { rowGroupSize: 10 });

describe("a Parquet file", () => {
  it("is read as the packets that its rows were, row group by row group", async () => {
    const found = await collect(FILE, { name: "n.parquet" });
    expect(found.map(({ index }) => index)).toEqual(alerts.map((_, index) => index));
    for (const [i, { result }] of found.entries()) {
      if (!result.success) throw result.error;
      expect(toJson(result.data)).toEqual(toJson(alerts[i]));
    }
  });

  it.each([
    ["not compressed", { codec: "UNCOMPRESSED" }],
    ["gzip", { codec: "GZIP", compressors: { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) } }],
    ["zstd", { codec: "ZSTD", compressors: { ZSTD: zstd } }],
  ])("is read packed with %s", async (_, options) => {
    expect(await describeAll(packParquet(alerts, { rowGroupSize: 10, ...options }))).toEqual(READ);
  });

  it("packed in another way is refused by name", async () => {
    const lz4 = packParquet(alerts.slice(0, 1), {
      codec: "LZ4_RAW",
      compressors: { LZ4_RAW: (bytes: Uint8Array) => bytes },
    });
    expect(await messageOf(lz4)).toMatch(/^archive-unsupported: .*LZ4_RAW.*expected snappy, gzip, zstd/);
    expect(await messageOf(Buffer.concat([FILE.subarray(0, -4), Buffer.from("PARE")]))).toMatch(/encryption/);
  });

  it("is read from everything that can be entered, without its other row groups, and from streams", async () => {
    const file = counted(FILE);
    const first: string[] = [];
    for await (const { index } of readArchive(file)) {
      first.push(String(index));
      break;
    }
    expect(first).toEqual(["0"]);
    // The head, the metadata at the end, and no more than a row group.
    const touched = file.ranges.slice(1).reduce((sum, [start, end]) => sum + end - start, 0);
    expect(touched).toBeLessThan(0.85 * FILE.length);
    expect(await describeAll(counted(FILE))).toEqual(READ);
    expect(await describeAll(new Blob([FILE as Uint8Array<ArrayBuffer>]))).toEqual(READ);
    expect(await describeAll(inPieces(FILE))).toEqual(READ);
  });

  it("is read in gzip, tar and zip, and stands there beside other forms", async () => {
    const body = packParquet(alerts.slice(0, 2));
    const lines = [...alerts.slice(2, 4)].map((alert) => JSON.stringify(toJson(alert))).join("\n");
    const tar = await packTar([
      { header: { name: "a.parquet", size: body.length, type: "file" }, body },
      { header: { name: "b.jsonl", size: Buffer.byteLength(lines), type: "file" }, body: lines },
    ]);
    const expected = [0, 1, 0, 1].map(
      (index, i) => `n/${i < 2 ? "a.parquet" : "b.jsonl"} ${index} ${alerts[i].candid}`,
    );
    expect(await describeAll(gzipSync(tar), { name: "n" })).toEqual(expected);
    expect(await describeAll(zipSync({ "a.parquet": body, "b.jsonl": Buffer.from(lines) }), { name: "n" })).toEqual(
      expected,
    );
  });

  it("is read from a row on, without the row groups before it", async () => {
    const file = counted(FILE);
    expect(await describeAll(file, { skip: () => 21 })).toEqual(READ.slice(21));
    const touched = file.ranges.slice(1).reduce((sum, [start, end]) => sum + end - start, 0);
    expect(touched).toBeLessThan(0.5 * FILE.length);
    expect(await describeAll(FILE, { skip: () => 10 })).toEqual(READ.slice(10));
    expect(await describeAll(FILE, { skip: () => 25 })).toEqual([]);
  });

  it("is read by the columns that are chosen alone", async () => {
    const names: string[] = [];
    const columns = (all: readonly string[]): string[] => {
      names.push(...all);
      return all.filter((name) => !name.startsWith("cutout"));
    };
    const file = counted(FILE);
    const [{ result }] = await collect(file, { columns });
    if (!result.success) throw result.error;
    expect(result.data.objectId).toBe(alerts[0].objectId);
    expect(result.data.cutoutScience).toBeUndefined();
    expect(names).toContain("cutoutScience");
    expect(file.ranges.slice(1).reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(0.5 * FILE.length);
  });

  it("with a row group that is too large is refused with what to do, and so is a stream that is too long", async () => {
    expect(await messageOf(FILE, { maxRowGroupBytes: 100_000 })).toMatch(
      /^archive-limit: .*expected at most 100000 bytes.*row groups of [1-9] rows/,
    );
    expect(await messageOf(inPieces(FILE), { maxHeldBytes: 1000 })).toMatch(/^archive-limit: .*stream.*name the file/);
    expect(await describeAll(inPieces(FILE), { maxHeldBytes: FILE.length })).toEqual(READ);
  });

  it("has an outcome for each row, also for one that is not an alert", async () => {
    const bad = { ...alerts[1], candidate: { ...alerts[1].candidate, jd: Number.NaN } };
    expect(await describeAll(packParquet([alerts[0], bad, alerts[2]]))).toEqual(
      [READ[0], "n.parquet 1 alert-invalid", READ[2]].map((line, i) =>
        i === 2 ? `n.parquet 2 ${alerts[2].candid}` : line,
      ),
    );
  });

  it("that is cut or holds no metadata is told as what it is", async () => {
    for (const end of [4, 8, 100, FILE.length - 1, FILE.length - 9])
      expect(await messageOf(FILE.subarray(0, end))).toMatch(/^archive-invalid: the Parquet file is damaged/);
  });

  it("of another kind says what an alert lacks", async () => {
    expect(await describeAll(packParquet(alerts.slice(0, 1)), { columns: () => ["candidate"] })).toEqual([
      "n.parquet - alert-invalid",
    ]);
  });

  it("is told as damaged where anything of its metadata is a truth value", async () => {
    const file = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: "objectId", data: ["ZTF1", "ZTF2"], type: "STRING" }] }),
    );
    const end = file.length - 8;
    const begin = end - new DataView(file.buffer, file.byteOffset).getUint32(end, true);
    for (let at = begin; at < end; at++) {
      for (let next = at + 1; next < Math.min(end, at + 80); next++) {
        // The type of a field is in the lower half of its first byte: 2 is false, which has no bytes of its own.
        const changed = concat([file.subarray(0, at), [(file[at] & 0xf0) | 2], file.subarray(next)]);
        new DataView(changed.buffer).setUint32(changed.length - 8, changed.length - 8 - begin, true);
        // What is not an error of ours is thrown.
        await describeAll(changed);
      }
    }
  });

  it("ends in outcomes, in bounded memory, whatever the bytes", async () => {
    const files = [packParquet(alerts.slice(0, 2)), packParquet(alerts.slice(0, 2), { codec: "UNCOMPRESSED" })];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 127, 128, 254, 255)), { minLength: 1, maxLength: 6 }),
        async (file, changes) => {
          const changed = file.slice();
          for (const [at, byte] of changes) changed[4 + (at % (changed.length - 4))] = byte;
          const before = process.memoryUsage().arrayBuffers;
          await describeAll(changed);
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describeWithData("a Parquet file of Fink", (folder) => {
  it("is read as the packet that it was", async () => {
    const bytes = readFileSync(`${folder}/brokers/fink-ztf.parquet`);
    const [{ file, index, result }, ...more] = await collect(bytes, { name: "fink.parquet" });
    expect(more).toEqual([]);
    expect([file, index]).toEqual(["fink.parquet", 0]);
    if (!result.success) throw result.error;
    expect(result.data).toMatchObject({ objectId: "ZTF18acqucmw", candid: 1095578116115010004n });
    expect(result.data.prv_candidates).toHaveLength(8);
    expect(result.data.cutoutScience?.stampData).toHaveLength(13219);
  });
});
