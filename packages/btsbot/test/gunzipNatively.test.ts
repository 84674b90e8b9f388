import { gunzipSync, gzipSync } from "node:zlib";
import { gunzipStream } from "@btsbot/archive";
import type { GunzipStream } from "@btsbot/archive";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzipNatively } from "../src/inputs/gunzipNatively.js";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
}

/** What comes out, and the code of the error that ends it. */
async function unpack(gunzip: GunzipStream, packed: Uint8Array, size: number): Promise<[Buffer, string | undefined]> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of gunzip(inPieces(packed, size))) parts.push(part);
  } catch (error) {
    return [Buffer.concat(parts), (error as { code: string }).code];
  }
  return [Buffer.concat(parts), undefined];
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.nat(70_000).map((length) => new Uint8Array(length)),
);
const members = fc.array(fc.tuple(bytes, fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 4 });
/** Of a piece; small ones are slow. */
const size = fc.oneof(fc.integer({ min: 1000, max: 70_000 }), fc.constant(1 << 20));
const pack = (all: readonly (readonly [Uint8Array, number])[]): Buffer =>
  Buffer.concat(all.map(([member, level]) => gzipSync(member, { level })));

describe("gunzipNatively", () => {
  it("unpacks what zlib packs: members, levels, padding, in pieces of any size", async () => {
    await fc.assert(
      fc.asyncProperty(members, fc.nat(40), size, async (all, padding, piece) => {
        const packed = Buffer.concat([pack(all), Buffer.alloc(padding)]);
        expect(await unpack(gunzipNatively, packed, piece)).toEqual([gunzipSync(packed), undefined]);
      }),
      { seed: 21, numRuns: 40 },
    );
  });

  it("gives all of what comes before something else, and says so, as the portable one does", async () => {
    const junk = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }).filter(([first]) => first !== 0 && first !== 0x1f),
      fc.constantFrom(new Uint8Array([0, 0, 7]), new Uint8Array([0x1f, 0x8b, 7, 7]), new Uint8Array(20_000).fill(9)),
    );
    await fc.assert(
      fc.asyncProperty(members, junk, size, async (all, after, piece) => {
        fc.pre(all.at(-1)![0].length > 0);
        const packed = Buffer.concat([pack(all), after]);
        const expected = [Buffer.concat(all.map(([member]) => member)), "archive-trailing"];
        expect(await unpack(gunzipNatively, packed, piece)).toEqual(expected);
        expect(await unpack(gunzipStream, packed, piece)).toEqual(expected);
      }),
      { seed: 22, numRuns: 40 },
    );
  });

  it("reads every header that RFC 1952 allows, and checks its checksum", async () => {
    const plain = gzipSync("abc");
    const body = plain.subarray(10);
    const header = (flags: number, ...rest: (string | number[])[]): Buffer =>
      Buffer.concat([
        plain.subarray(0, 3),
        Buffer.from([flags]),
        plain.subarray(4, 10),
        ...rest.map((each) => Buffer.from(each)),
      ]);
    for (const size of [1, 7, 100]) {
      for (const packed of [
        header(4, [2, 0], "xy"),
        header(8, "name\0"),
        header(16, "words\0"),
        header(28, [0, 0], "n\0c\0"),
      ])
        expect(await unpack(gunzipNatively, Buffer.concat([packed, body]), size)).toEqual([
          Buffer.from("abc"),
          undefined,
        ]);
      for (const packed of [header(2, [1, 2]), header(32), header(8, "n".repeat(2000))])
        expect((await unpack(gunzipNatively, Buffer.concat([packed, body.subarray(0, 4)]), size))[1]).toBe(
          "archive-invalid",
        );
    }
  });

  it("refuses each change of the trailer and each cut", async () => {
    const packed = gzipSync(Buffer.from("abc".repeat(1000)));
    for (let at = 0; at < packed.length; at += 1)
      expect((await unpack(gunzipNatively, packed.subarray(0, at), 50))[1], `cut at ${at}`).toBe("archive-invalid");
    for (let at = packed.length - 8; at < packed.length; at += 1) {
      const changed = Buffer.from(packed);
      changed[at] ^= 1;
      expect((await unpack(gunzipNatively, changed, 50))[1], `changed at ${at}`).toBe("archive-invalid");
    }
  });

  it("lets what the source throws through, and lets the source go where nobody reads on", async () => {
    let closed = 0;
    const source = async function* (fails: boolean): AsyncGenerator<Uint8Array> {
      try {
        yield gzipSync(Buffer.alloc(1 << 20)).subarray(0, 500);
        if (fails) throw new RangeError("the disk is gone");
        for (;;) yield await Promise.resolve(new Uint8Array(10));
      } finally {
        closed += 1;
      }
    };
    const read = async (fails: boolean): Promise<void> => {
      for await (const chunk of gunzipNatively(source(fails))) if (!fails && chunk.length > 0) return;
    };
    await expect(read(true)).rejects.toThrow("the disk is gone");
    await read(false);
    expect(closed).toBe(2);
  });
});
