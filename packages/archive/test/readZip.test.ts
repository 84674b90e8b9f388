import { encodeAlerts } from "@btsbot/alert";
import { readArchive } from "@btsbot/archive";
import type { ArchiveOptions, ByteSource } from "@btsbot/archive";
import fc from "fast-check";
import { gzipSync, Zip, ZipDeflate, ZipPassThrough, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";

const alertBytes = (candid: bigint): Uint8Array =>
  encodeAlerts([{ objectId: "ZTF20aajcdad", candid, candidate: { jd: 2458881, fid: 1 } }]);

/** `name index candid` of what was read, `name index code` of what was not. */
async function describeAll(source: ByteSource, options: ArchiveOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const { file, index, result } of readArchive(source, { name: "n.zip", ...options }))
    lines.push([file, index ?? "-", result.success ? result.data.candid : result.error.code].join(" "));
  return lines;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** As programs write one to a pipe: lengths and checksums behind the members. */
function zipToPipe(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const [name, bytes] of Object.entries(members)) {
    const member = name.startsWith("stored") ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    zip.add(member);
    member.push(bytes, true);
  }
  zip.end();
  return new Uint8Array(Buffer.concat(parts));
}

const MEMBERS = { "a.avro": alertBytes(1n), "folder/B.AVRO": alertBytes(2n), "stored.avro": alertBytes(3n) };
const READ = ["n.zip/a.avro 0 1", "n.zip/folder/B.AVRO 0 2", "n.zip/stored.avro 0 3"];
const LOCAL = 0x04034b50;
const DIRECTORY = 0x02014b50;

/** The places of records of a kind in an archive whose members hold no signature. */
function placesOf(zip: Uint8Array, signature: number): number[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
  const places: number[] = [];
  for (let at = 0; at + 4 <= zip.length; at += 1) if (view.getUint32(at, true) === signature) places.push(at);
  return places;
}

/** With two bytes of each header set: its flags or its method. */
function withField(zip: Uint8Array, field: "flags" | "method", value: number): Uint8Array {
  const changed = zip.slice();
  const view = new DataView(changed.buffer);
  const [local, directory] = field === "flags" ? [6, 8] : [8, 10];
  for (const at of placesOf(zip, LOCAL)) view.setUint16(at + local, value, true);
  for (const at of placesOf(zip, DIRECTORY)) view.setUint16(at + directory, value, true);
  return changed;
}

/** An archive of one stored member, written in zip64 throughout. */
function zip64(name: string, bytes: Uint8Array, crc: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const record = (length: number, fill: (view: DataView) => void): Uint8Array => {
    const view = new DataView(new ArrayBuffer(length));
    fill(view);
    return new Uint8Array(view.buffer);
  };
  const none = 0xffffffff;
  const local = record(30, (view) => {
    [LOCAL, 45, 0, 0, crc, none, none].forEach((value, i) =>
      i === 0 || i > 3
        ? view.setUint32([0, 4, 6, 8, 14, 18, 22][i], value, true)
        : view.setUint16([0, 4, 6, 8][i], value, true),
    );
    view.setUint16(26, text.length, true);
    view.setUint16(28, 20, true);
  });
  const lengths = (withPlace: boolean): Uint8Array =>
    record(withPlace ? 28 : 20, (view) => {
      view.setUint16(0, 1, true);
      view.setUint16(2, withPlace ? 24 : 16, true);
      view.setBigUint64(4, BigInt(bytes.length), true);
      view.setBigUint64(12, BigInt(bytes.length), true);
    });
  const directory = record(46, (view) => {
    view.setUint32(0, DIRECTORY, true);
    view.setUint32(16, crc, true);
    view.setUint32(20, none, true);
    view.setUint32(24, none, true);
    view.setUint16(28, text.length, true);
    view.setUint16(30, 28, true);
    view.setUint32(42, none, true);
  });
  const start = 30 + text.length + 20 + bytes.length;
  const size = 46 + text.length + 28;
  const end64 = record(56, (view) => {
    view.setUint32(0, 0x06064b50, true);
    view.setBigUint64(32, 1n, true);
    view.setBigUint64(40, BigInt(size), true);
    view.setBigUint64(48, BigInt(start), true);
  });
  const locator = record(20, (view) => {
    view.setUint32(0, 0x07064b50, true);
    view.setBigUint64(8, BigInt(start + size), true);
  });
  const end = record(22, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(10, 0xffff, true);
    view.setUint32(12, none, true);
    view.setUint32(16, none, true);
  });
  return new Uint8Array(
    Buffer.concat([local, text, lengths(false), bytes, directory, text, lengths(true), end64, locator, end]),
  );
}

describe.each([
  ["whose bytes can be entered", (zip: Uint8Array): ByteSource => zip],
  ["that streams", (zip: Uint8Array): ByteSource => inPieces(zip, 1000)],
])("a zip archive %s", (_, from) => {
  it("is read, stored and deflated, in folders, whatever its name", async () => {
    const zip = zipSync({ ...MEMBERS, "stored.avro": [MEMBERS["stored.avro"], { level: 0 }] });
    expect(await describeAll(from(zip))).toEqual(READ);
    expect(await describeAll(from(gzipSync(zip)))).toEqual(READ);
    expect(await describeAll(from(zipSync({})))).toEqual([]);
  });

  it("is read where lengths follow the members, as programs write it to a pipe", async () => {
    expect(await describeAll(from(zipToPipe(MEMBERS)))).toEqual(READ);
    // A member that holds an archive, and with it signatures of headers.
    const inner = zipToPipe({ "stored.avro": alertBytes(4n) });
    expect(await describeAll(from(zipToPipe({ "stored.zip": inner, "a.avro": alertBytes(5n) })))).toEqual([
      "n.zip/stored.zip/stored.avro 0 4",
      "n.zip/a.avro 0 5",
    ]);
  });

  it("is read in zip64", async () => {
    const bytes = alertBytes(7n);
    const crc = new DataView(gzipSync(bytes).slice(-8).buffer).getUint32(0, true);
    expect(await describeAll(from(zip64("a.avro", bytes, crc)))).toEqual(["n.zip/a.avro 0 7"]);
    expect(await describeAll(from(zip64("a.avro", bytes, crc ^ 1)))).toEqual([
      "n.zip/a.avro 0 7",
      "n.zip/a.avro 1 archive-invalid",
    ]);
  });

  it("leaves out what is hidden or not alerts, and says so", async () => {
    const zip = zipSync({
      "__MACOSX/._a.avro": alertBytes(1n),
      "b.txt": Uint8Array.of(1, 2),
      "c.avro": alertBytes(2n),
    });
    const skipped: string[] = [];
    const onSkip = (name: string, reason: string): unknown => skipped.push(`${name} ${reason}`);
    expect(await describeAll(from(zip), { onSkip })).toEqual(["n.zip/c.avro 0 2"]);
    expect(skipped).toEqual(["n.zip/__MACOSX/._a.avro hidden", "n.zip/b.txt not-alerts"]);
  });

  it("that is encrypted, or packed in another way, is refused by name, member by member", async () => {
    const zip = zipSync({ "a.avro": alertBytes(1n) });
    for (const [changed, expected] of [
      [withField(zip, "flags", 1), /encrypted/],
      [withField(zip, "method", 9), /Deflate64/],
      [withField(zip, "method", 14), /LZMA/],
      [withField(zip, "method", 77), /method 77/],
    ] as const)
      for await (const { file, result } of readArchive(from(changed), { name: "n.zip" })) {
        expect(file).toBe("n.zip/a.avro");
        expect(result.success).toBe(false);
        if (!result.success)
          expect([result.error.code, result.error.message]).toEqual([
            "archive-unsupported",
            expect.stringMatching(expected),
          ]);
      }
  });

  it("costs no member but the one that is damaged", async () => {
    const zip = zipSync(MEMBERS, { level: 0 });
    const [, second] = placesOf(zip, LOCAL);
    const changed = zip.slice();
    changed[second + 30 + "folder/B.AVRO".length + 1500] ^= 0xff;
    const lines = await describeAll(from(changed));
    expect(lines.filter((line) => / [13]$/.test(line))).toEqual([READ[0], READ[2]]);
    expect(lines.some((line) => /^n\.zip\/folder\/B\.AVRO .* (avro|archive|alert)-[a-z-]+$/.test(line))).toBe(true);
  });

  it("that is cut gives what came before, and says so", async () => {
    const zip = zipSync(MEMBERS);
    const [, , third] = placesOf(zip, LOCAL);
    const lines = await describeAll(from(zip.subarray(0, third + 20)));
    expect(lines.slice(0, 2)).toEqual(READ.slice(0, 2));
    expect(lines.slice(2)).toEqual(["n.zip - archive-invalid"]);
    const inside = await describeAll(from(zip.subarray(0, third + 100)));
    expect(inside.slice(0, 2)).toEqual(READ.slice(0, 2));
    expect(inside.slice(2)).toEqual(["n.zip/stored.avro - archive-invalid"]);
  });

  it("stops a bomb, also one of many members", async () => {
    const zeros = new Uint8Array(30_000_000);
    const one = zipSync({ "a.json": zeros });
    expect(await describeAll(from(one))).toEqual(["n.zip/a.json - archive-limit"]);
    const part = zeros.subarray(0, 900_000);
    const many = await describeAll(from(zipSync({ "a.json": part, "b.json": part, "c.json": part })));
    expect(many.at(-1)).toMatch(/archive-limit$/);
  });

  it("says that the directory is missing where its end alone is there", async () => {
    const end = (count: number, ...rest: number[]): Uint8Array => {
      const bytes = new Uint8Array(22).fill(0);
      bytes.set([0x50, 0x4b, 5, 6]);
      bytes.set([count & 255, count >> 8, ...rest], 10);
      return bytes;
    };
    expect(await describeAll(from(end(0)))).toEqual([]);
    for (const bytes of [end(0xffff), end(1), end(0xffff, 255, 255, 255, 255), end(3, 0, 0, 0, 0, 255, 255, 255, 255)])
      expect(await describeAll(from(bytes))).toEqual(["n.zip - archive-invalid"]);
    expect(await describeAll(from(end(1).subarray(0, 20)))).toEqual(["n.zip - archive-invalid"]);
  });

  it("ends in outcomes, whatever the bytes", async () => {
    const zips = [zipSync(MEMBERS), zipToPipe(MEMBERS)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zips),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (zip, changes, cut) => {
          const changed = zip.slice(0, 4 + (cut % zip.length));
          for (const [at, byte] of changes) changed[4 + (at % Math.max(1, changed.length - 4))] = byte;
          await describeAll(from(changed));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("by its directory, a zip archive", () => {
  it("may stand behind other bytes, as one that unpacks itself does, in a comment's front, and hold what was replaced", async () => {
    const zip = zipSync({ "a.avro": alertBytes(1n) });
    const replaced = zipSync({ "a.avro": alertBytes(2n) });
    // Both members are there; the directory knows the second one alone.
    const both = new Uint8Array(Buffer.concat([zip.subarray(0, placesOf(zip, DIRECTORY)[0]), replaced]));
    expect(await describeAll(both)).toEqual(["n.zip/a.avro 0 2"]);
    expect(await describeAll(new Blob([both]))).toEqual(["n.zip/a.avro 0 2"]);
    expect(await describeAll({ size: both.length, read: async (start, end) => both.slice(start, end) })).toEqual([
      "n.zip/a.avro 0 2",
    ]);
  });

  it("does not become larger by members that share their bytes", async () => {
    const zip = zipSync({ "a.json": new Uint8Array(400_000).map((_, i) => (i * 7919) >> 3) }, { level: 0 });
    const directory = zip.subarray(placesOf(zip, DIRECTORY)[0], zip.length - 22);
    const changed = Buffer.concat([zip.subarray(0, zip.length - 22), directory, directory, zip.subarray(-22)]);
    const view = new DataView(changed.buffer, changed.byteOffset, changed.length);
    view.setUint16(changed.length - 12, 3, true);
    view.setUint32(changed.length - 10, 3 * directory.length, true);
    const lines = await describeAll(new Uint8Array(changed));
    expect(lines.at(-1)).toBe("n.zip - archive-limit");
  });

  it("is told from files of other kinds that are zip archives", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const kinds = [
      [{ "metadata.json": bytes, "config.json": bytes, "model.weights.h5": bytes }, /a Keras model/],
      [{ "[Content_Types].xml": bytes, "word/document.xml": bytes }, /an Office document/],
      [{ "META-INF/": new Uint8Array(0), "META-INF/MANIFEST.MF": bytes }, /a Java archive/],
    ] as const;
    for (const [members, expected] of kinds) {
      const errors: string[] = [];
      for await (const { result } of readArchive(zipSync(members)))
        if (!result.success) errors.push(`${result.error.code}: ${result.error.message}`);
      expect(errors).toEqual([expect.stringMatching(expected)]);
    }
  });

  it("does not follow links", async () => {
    const zip = zipSync({
      "a.avro": [new TextEncoder().encode("/etc/passwd"), { os: 3, attrs: 0xa1ff << 16, level: 0 }],
    });
    const skipped: string[] = [];
    expect(await describeAll(zip, { onSkip: (name, reason) => skipped.push(`${name} ${reason}`) })).toEqual([]);
    expect(skipped).toEqual(["n.zip/a.avro not-a-file"]);
  });
});

it("reads a zip archive in a tarball, and a tarball in a zip archive", async () => {
  const zip = zipToPipe({ "a.avro": alertBytes(1n) });
  const tar = await packTar([{ header: { name: "in.zip", size: zip.length, type: "file" }, body: zip }]);
  expect(await describeAll(tar, { name: "n.tar" })).toEqual(["n.tar/in.zip/a.avro 0 1"]);
  expect(await describeAll(zipSync({ "n.tar": tar }))).toEqual(["n.zip/n.tar/in.zip/a.avro 0 1"]);
});
