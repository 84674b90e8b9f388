import { createReadStream, readFileSync } from "node:fs";
import { gzipSync as zlibGzip } from "node:zlib";
import { encodeAlerts } from "@btsbot/alert";
import { gunzipStream, readArchive, readMembers } from "@btsbot/archive";
import type { ArchivedAlert, ArchiveOptions, ByteSource } from "@btsbot/archive";
import fc from "fast-check";
import { gzipSync } from "fflate";
import { packTar } from "modern-tar";
import type { TarEntry } from "modern-tar";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";

const alertBytes = (candid: bigint): Uint8Array =>
  encodeAlerts([{ objectId: "ZTF20aajcdad", candid, candidate: { jd: 2458881, fid: 1 } }]);

const file = (name: string, body: Uint8Array | string): TarEntry => ({
  header: { name, size: typeof body === "string" ? new TextEncoder().encode(body).length : body.length, type: "file" },
  body,
});

async function collect(source: ByteSource, options: ArchiveOptions = {}): Promise<ArchivedAlert[]> {
  const found: ArchivedAlert[] = [];
  for await (const each of readArchive(source, options)) found.push(each);
  return found;
}

/** `name index candid` of what was read, `name index code` of what was not. */
async function describeAll(source: ByteSource, options: ArchiveOptions = {}): Promise<string[]> {
  const found = await collect(source, options);
  return found.map(({ file: name, index, result }) =>
    [name, index ?? "-", result.success ? result.data.candid : result.error.code].join(" "),
  );
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A tar archive of one member with another type flag, and blocks that go on with its map, each with whether one more follows. */
function withFlag(tar: Uint8Array, flag: string, more: readonly number[] = []): Uint8Array {
  const header = tar.slice(0, 512);
  header[156] = flag.charCodeAt(0);
  header[482] = more.length;
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  const blocks = more.map((last) => new Uint8Array(512).fill(last, 504, 505));
  return join(header, ...blocks, tar.subarray(512));
}

async function* inPieces(bytes: Uint8Array, sizes: Iterator<number>): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const size = sizes.next().value as number;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

describe("what the content is, whatever the name", () => {
  it("reads a packet as it is, and packed", async () => {
    expect(await describeAll(alertBytes(1n), { name: "a.txt" })).toEqual(["a.txt 0 1"]);
    expect(await describeAll(gzipSync(alertBytes(1n)), { name: "a.avro" })).toEqual(["a.avro 0 1"]);
    expect(await describeAll(gzipSync(gzipSync(alertBytes(1n))), { name: "a" })).toEqual(["a 0 1"]);
  });

  it("reads a tarball, its members named behind it, and what is packed in it", async () => {
    const inner = await packTar([file("deep.avro", alertBytes(3n))]);
    const tar = await packTar([
      file("./a.avro", alertBytes(1n)),
      { header: { name: "2020/", type: "directory", size: 0 } },
      file("2020/B.AVRO.GZ", gzipSync(alertBytes(2n))),
      file("2020/more.tar.gz", gzipSync(inner)),
      file("lines.jsonl", '{"objectId":"a","candid":"4","candidate":{"jd":1,"fid":1}}\n{"objectId":"b"}\n'),
    ]);
    const expected = [
      "n.tar/a.avro 0 1",
      "n.tar/2020/B.AVRO.GZ 0 2",
      "n.tar/2020/more.tar.gz/deep.avro 0 3",
      "n.tar/lines.jsonl 0 4",
      "n.tar/lines.jsonl 1 alert-invalid",
    ];
    expect(await describeAll(tar, { name: "n.tar" })).toEqual(expected);
    expect(await describeAll(gzipSync(tar), { name: "n.tar" })).toEqual(expected);
  });

  it("takes long names as POSIX and GNU write them", async () => {
    const long = `${"folder/".repeat(40)}a.avro`;
    expect(await describeAll(await packTar([file(long, alertBytes(1n))]), { name: "n" })).toEqual([`n/${long} 0 1`]);
  });

  it("gives the same from every kind of source, however it is cut", async () => {
    const tar = gzipSync(await packTar([1n, 2n, 3n].map((id) => file(`${id}.avro`, alertBytes(id)))));
    const expected = ["/1.avro 0 1", "/2.avro 0 2", "/3.avro 0 3"].map((line) => line.slice(1));
    expect(await describeAll(tar)).toEqual(expected);
    expect(await describeAll(new Blob([new Uint8Array(tar)]))).toEqual(expected);
    expect(await describeAll(new Blob([new Uint8Array(tar)]).stream())).toEqual(expected);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 3000 })), async (sizes) => {
        expect(await describeAll(inPieces(tar, sizes))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["packed with bzip2", [0x42, 0x5a, 0x68, 0x39]],
    ["packed with xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ["packed with zstd", [0x28, 0xb5, 0x2f, 0xfd]],
    ["a 7z archive", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ])("names what is %s", async (words, bytes) => {
    const [{ result }] = await collect(new Uint8Array([...bytes, 0, 0, 0]), { name: "a" });
    expect(result).toMatchObject({ success: false, error: { code: "archive-unsupported", path: "a" } });
    expect(!result.success && result.error.message).toContain(words);
  });
});

describe("what is left out", () => {
  it("tells hidden members, links, and what is not alerts", async () => {
    const tar = await packTar([
      file("._a.avro", "Mac OS X"),
      file("__MACOSX/a.avro", "Mac OS X"),
      file(".git/a.avro", alertBytes(9n)),
      { header: { name: "link.avro", type: "symlink", size: 0, linkname: "a.avro" } },
      file("truth.csv", "a,b"),
      file("README", "read me"),
      file("noending", alertBytes(1n)),
      file("empty.json", "[]"),
    ]);
    const skipped: string[] = [];
    const empty: string[] = [];
    const read = await describeAll(tar, {
      name: "n",
      onSkip: (name, reason) => skipped.push(`${name} ${reason}`),
      onEmpty: (name) => empty.push(name),
    });
    expect(read).toEqual(["n/noending 0 1"]);
    expect(skipped).toEqual([
      "n/._a.avro hidden",
      "n/__MACOSX/a.avro hidden",
      "n/.git/a.avro hidden",
      "n/link.avro not-a-file",
      "n/truth.csv not-alerts",
      "n/README not-alerts",
    ]);
    expect(empty).toEqual(["n/empty.json"]);
  });
});

describe("damage", () => {
  it("of one member ends that member alone", async () => {
    const packed = gzipSync(alertBytes(2n));
    const tar = await packTar([
      file("a.avro", alertBytes(1n)),
      file("b.avro", alertBytes(2n).subarray(0, 300)),
      file("c.avro.gz", packed.subarray(0, packed.length / 2)),
      file("d.7z.avro", new Uint8Array([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])),
      file("e.avro", alertBytes(3n)),
    ]);
    expect(await describeAll(tar, { name: "n" })).toEqual([
      "n/a.avro 0 1",
      "n/b.avro - avro-truncated",
      "n/c.avro.gz - archive-invalid",
      "n/d.7z.avro - archive-unsupported",
      "n/e.avro 0 3",
    ]);
  });

  it("of a header is told, and costs no member but its own", async () => {
    const one = await packTar([file("a.avro", alertBytes(1n))]);
    const tar = await packTar([1n, 2n, 3n].map((id) => file(`${id}.avro`, alertBytes(id))));
    tar[(one.length - 1024 + 20) | 0] ^= 0xff;
    expect(await describeAll(tar, { name: "n" })).toEqual(["n/1.avro 0 1", "n - archive-invalid", "n/3.avro 0 3"]);
  });

  it("of the first header, too", async () => {
    const tar = await packTar([1n, 2n].map((id) => file(`${id}.avro`, alertBytes(id))));
    tar[148] ^= 1;
    expect(await describeAll(tar, { name: "n" })).toEqual(["n - archive-invalid", "n/2.avro 0 2"]);
    for (const cut of [300, 511])
      expect(await describeAll(tar.subarray(0, cut), { name: "n" }), `${cut}`).toEqual(["n - archive-invalid"]);
    expect(await describeAll(gzipSync(tar).subarray(0, 2), { name: "n" })).toEqual(["n - archive-invalid"]);
  });

  it("is not an archive without members: a night of clouds, packed", async () => {
    const nothing = new Uint8Array(10240);
    const read = async (bytes: Uint8Array, name: string): Promise<unknown> => {
      const empty: string[] = [];
      return [await describeAll(bytes, { name, onEmpty: (each) => empty.push(each) }), empty];
    };
    for (const name of ["ztf_public_20200204.tar.gz", "a.TGZ", "-"])
      expect(await read(gzipSync(nothing), name)).toEqual([[], [name]]);
    expect(await read(nothing.subarray(0, 1024), "a.tar")).toEqual([[], ["a.tar"]]);
    // What a crash left of a packet is not a night without alerts.
    expect(await read(nothing, "a.avro")).toEqual([["a.avro - confluent-schema-unknown"], []]);
  });

  it("at the end is told, wherever a tar archive is cut", async () => {
    const tar = await packTar([1n, 2n].map((id) => file(`${id}.avro`, alertBytes(id))));
    const whole = ["n/1.avro 0 1", "n/2.avro 0 2"];
    expect(await describeAll(tar, { name: "n" })).toEqual(whole);
    for (let cut = 512; cut < tar.length - 1024; cut += 97) {
      const read = await describeAll(tar.subarray(0, cut), { name: "n" });
      expect(read.at(-1), `cut at ${cut}`).toMatch(/^n(\/[12]\.avro)? - archive-invalid$/);
      expect(read.slice(0, -1), `cut at ${cut}`).toEqual(whole.slice(0, read.length - 1));
    }
  });

  it("inside a member is told once, however deep it lies, and of what is skipped by the archive", async () => {
    const inner = await packTar([file("a.avro", alertBytes(1n)), file("b.avro", alertBytes(2n))]);
    const outer = await packTar([file("i.tar", inner), file("z.avro", alertBytes(3n))]);
    const inB = 512 + 512 + 512 * Math.ceil(alertBytes(1n).length / 512) + 512 + 100;
    expect(await describeAll(outer.subarray(0, inB), { name: "n" })).toEqual([
      "n/i.tar/a.avro 0 1",
      "n/i.tar/b.avro - archive-invalid",
    ]);
    const notes = await packTar([file("notes.txt", "x".repeat(1000))]);
    expect(await describeAll(notes.subarray(0, 900), { name: "n" })).toEqual(["n - archive-invalid"]);
  });

  it("is what a member in parts would be: a sparse one, in GNU's headers and in pax's, or a piece of a volume", async () => {
    const body = alertBytes(1n);
    const pax = { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "p.avro" };
    const tar = join(
      withFlag(await packTar([file("s.avro", body)]), "S"),
      withFlag(await packTar([file("more.avro", body)]), "S", [1, 0]),
      withFlag(await packTar([file("m.avro", body)]), "M"),
      withFlag(await packTar([file("volume.avro", "")]), "V"),
      await packTar([{ ...file("GNUSparseFile.7/p.avro", body), header: { ...file("p", body).header, pax } }]),
      withFlag(await packTar([file("s.txt", "x")]), "S"),
      await packTar([file("whole.avro", alertBytes(2n))]),
    );
    const skipped: string[] = [];
    const read = await describeAll(tar, { name: "n", onSkip: (name, reason) => skipped.push(`${name} ${reason}`) });
    expect(read).toEqual([
      "n/s.avro - archive-unsupported",
      "n/more.avro - archive-unsupported",
      "n/m.avro - archive-unsupported",
      "n/p.avro - archive-unsupported",
      "n/whole.avro 0 2",
    ]);
    expect(skipped).toEqual(["n/s.txt not-alerts"]);
  });

  it("is not what follows a gzip stream: the packet is read, and the rest told", async () => {
    const packed = zlibGzip(alertBytes(1n));
    const tar = await packTar([file("a.avro.gz", join(packed, Buffer.from("-----BEGIN SIGNATURE-----")))]);
    for (const junk of ["\n", "ab", "abc", "<html>", "\0\0x", "x".repeat(300_000)]) {
      const skipped: string[] = [];
      const onSkip = (name: string, reason: string): unknown => skipped.push(`${name} ${reason}`);
      const read = await describeAll(join(packed, Buffer.from(junk)), { name: "a.avro.gz", onSkip });
      expect([read, skipped], JSON.stringify(junk.slice(0, 9))).toEqual([
        ["a.avro.gz 0 1"],
        ["a.avro.gz trailing-bytes"],
      ]);
    }
    const skipped: string[] = [];
    expect(await describeAll(tar, { name: "n", onSkip: (name) => skipped.push(name) })).toEqual(["n/a.avro.gz 0 1"]);
    expect(skipped).toEqual(["n/a.avro.gz"]);
  });

  it("of the gzip stream around a tar is told, after what came before", async () => {
    const tar = await packTar([1n, 2n].map((id) => file(`${id}.avro`, alertBytes(id))));
    const packed = gzipSync(tar, { level: 0 });
    packed[packed.length - 5] ^= 1;
    expect(await describeAll(packed, { name: "n" })).toEqual(["n/1.avro 0 1", "n/2.avro 0 2", "n - archive-invalid"]);
  });

  it("reads tar archives one behind the other, and refuses what is none behind one", async () => {
    const [a, b] = await Promise.all([1n, 2n].map((id) => packTar([file(`${id}.avro`, alertBytes(id))])));
    expect(await describeAll(join(a, new Uint8Array(8192), b), { name: "n" })).toEqual([
      "n/1.avro 0 1",
      "n/2.avro 0 2",
    ]);
    const junk = new Uint8Array(1024).fill(7);
    expect((await describeAll(join(a, junk), { name: "n" })).slice(0, 2)).toEqual([
      "n/1.avro 0 1",
      "n - archive-invalid",
    ]);
  });

  it("ends in outcomes, whatever the bytes", async () => {
    const tar = gzipSync(await packTar([1n, 2n].map((id) => file(`${id}.avro`, alertBytes(id)))));
    const plain = await packTar([1n, 2n].map((id) => file(`${id}.avro.gz`, gzipSync(alertBytes(id)))));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(tar, plain),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (bytes, changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at % bytes.length] = value;
          await collect(changed, { name: "n" });
        },
      ),
      { numRuns: 200 },
    );
  });

  it("of the source goes through", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield alertBytes(1n).subarray(0, 600);
      throw new Error("the disk is gone");
    }
    await expect(collect(failing())).rejects.toThrow("the disk is gone");
  });
});

describe("limits", () => {
  it("stops a bomb after a few megabytes", async () => {
    const bomb = zlibGzip(new Uint8Array(1 << 28));
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    async function* watched(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bomb.length; at += 16384) {
        yield new Uint8Array(bomb.subarray(at, at + 16384));
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    }
    const [{ result }] = await collect(watched(), { name: "n" });
    expect(result).toMatchObject({ success: false, error: { code: "archive-limit" } });
    expect(most).toBeLessThan(64e6);
  });

  it("stops a tarball of a bomb, and a stream that unpacks to itself as long as one looks", async () => {
    const tar = await packTar([
      file("bomb.json.gz", zlibGzip(new Uint8Array(1 << 26))),
      file("a.avro", alertBytes(1n)),
    ]);
    expect(await describeAll(tar, { name: "n" })).toEqual(["n/bomb.json.gz - archive-limit", "n/a.avro 0 1"]);
    let nested = gzipSync(alertBytes(1n));
    for (let layer = 1; layer < 9; layer += 1) nested = gzipSync(nested);
    expect(await describeAll(nested, { name: "n" })).toEqual(["n - archive-limit"]);
    expect(await describeAll(nested, { name: "n", maxDepth: 9 })).toEqual(["n 0 1"]);
  });

  it("keeps to the limits given", async () => {
    expect(await describeAll(gzipSync(alertBytes(1n)), { maxUnpackedBytes: 1000 })).toEqual([" - archive-limit"]);
  });
});

describe("gunzipStream", () => {
  async function unpack(packed: Uint8Array, size = 1000): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of gunzipStream(inPieces(packed, repeat(size)))) parts.push(part);
    return join(...parts);
  }
  function* repeat(size: number): Generator<number> {
    for (;;) yield size;
  }

  it("unpacks what zlib packs: members, levels, padding, wherever it is cut", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.nat(30_000).map((length) => new Uint8Array(length)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 9 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 9000 }),
        async (members, level, padding, size) => {
          const packed = join(
            ...members.map((member) => new Uint8Array(zlibGzip(member, { level }))),
            new Uint8Array(padding),
          );
          expect(Buffer.compare(await unpack(packed, size), join(...members))).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("refuses each change of a checksum, each cut, and what follows", async () => {
    const a = new Uint8Array(zlibGzip(alertBytes(1n)));
    for (const packed of [a, join(a, a)]) {
      for (let cut = packed.length - 9; cut < packed.length; cut += 1) {
        if (cut !== a.length) await expect(unpack(packed.subarray(0, cut)), `cut at ${cut}`).rejects.toThrow("damaged");
        const changed = packed.slice();
        changed[cut] ^= 1;
        if (cut >= packed.length - 8) await expect(unpack(changed), `changed at ${cut}`).rejects.toThrow("damaged");
      }
    }
    const changed = join(a, a);
    changed[a.length - 7] ^= 1;
    await expect(unpack(changed)).rejects.toThrow("the checksum of a member differs");
    await expect(unpack(join(a, new Uint8Array([1, 2, 3, 4, 5])))).rejects.toMatchObject({ code: "archive-trailing" });
    // Behind a damaged end it is damage.
    await expect(unpack(join(changed.subarray(0, a.length), new Uint8Array([1, 2, 3, 4, 5])))).rejects.toThrow(
      "damaged",
    );
    await expect(unpack(join(a.subarray(0, 12), new Uint8Array(1 << 20)))).rejects.toThrow("damaged");
    await expect(
      unpack(join(new Uint8Array([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0]), new Uint8Array(1 << 20).fill(65))),
    ).rejects.toThrow("nothing comes out of it");
  });
});

describeWithData("files that people have", (folder) => {
  it("are read", async () => {
    const read = (name: string) => describeAll(createReadStream(`${folder}/cases/archives/${name}`), { name: "n" });
    expect(await read("single.avro.gz")).toHaveLength(1);
    const members = await read("ztf_public_20200203.tar.gz");
    expect(members).toHaveLength(5);
    for (const each of members) expect(each).toMatch(/^n\/\d+\.avro 0 \d+$/);
  });

  it("cost one member at a time", async () => {
    const bytes = readFileSync(`${folder}/cases/archives/ztf_public_20200203.tar.gz`);
    const sizes: number[] = [];
    for await (const member of readMembers(bytes)) {
      let size = 0;
      for await (const chunk of member.bytes) size += chunk.length;
      sizes.push(size);
    }
    expect(sizes).toEqual([75905, 69937, 70991, 81939, 88476]);
  });
});
