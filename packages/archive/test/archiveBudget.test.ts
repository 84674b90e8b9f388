import { encodeAlerts, readAlerts } from "@btsbot/alert";
import { gunzipStream, readArchive, readMembers } from "@btsbot/archive";
import type { ArchiveOptions } from "@btsbot/archive";
import fc from "fast-check";
import { gzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";

const alertBytes = (candid: bigint): Uint8Array =>
  encodeAlerts([{ objectId: "ZTF20aajcdad", candid, candidate: { jd: 2458881, fid: 1 } }]);
const EMPTY = gzipSync(new Uint8Array(0));
const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const repeat = (bytes: Uint8Array, count: number): Uint8Array => join(Array.from({ length: count }, () => bytes));
const emptyFiles = (count: number): Promise<Uint8Array> =>
  packTar(Array.from({ length: count }, (_, i) => ({ header: { name: `${i}.avro`, size: 0 }, body: "" })));

/** A whole number that is not negative as Avro writes it. */
function varint(value: number): number[] {
  const zigzag = 2 * value;
  return zigzag < 128 ? [zigzag] : [(zigzag & 127) | 128, zigzag >> 7];
}

/** What was read of an archive: its alerts, its errors but the last, the last one's code, and the milliseconds. */
async function measure(
  bytes: Uint8Array,
  options: ArchiveOptions = {},
): Promise<{ alerts: number; errors: number; last?: string; ms: number }> {
  let [alerts, errors, last] = [0, 0, undefined as string | undefined];
  const before = process.cpuUsage();
  for await (const { result } of readArchive(bytes, { name: "n", ...options })) {
    if (result.success) alerts += 1;
    else errors += 1;
    last = result.success ? undefined : result.error.code;
  }
  const { user, system } = process.cpuUsage(before);
  return { alerts, errors, ...(last !== undefined && { last }), ms: (user + system) / 1000 };
}

describe("what a few bytes may cost", () => {
  it("is bounded for members of gzip that hold nothing, nested or not", async () => {
    const nested = gzipSync(repeat(EMPTY, 5000));
    for (const bytes of [nested, gzipSync(gzipSync(repeat(EMPTY, 50_000))), repeat(EMPTY, 50_000)]) {
      const { errors, last, ms } = await measure(bytes);
      expect([errors, last]).toEqual([1, "archive-limit"]);
      // All of the last one would take two seconds; a busy machine is slow.
      expect(ms).toBeLessThan(600);
    }
  });

  it("is bounded for empty members of tar and zip, and told once", async () => {
    const files = Object.fromEntries(Array.from({ length: 6000 }, (_, i) => [`${i}.avro`, new Uint8Array(0)]));
    for (const bytes of [gzipSync(await emptyFiles(6000)), gzipSync(zipSync(files))]) {
      const { errors, last } = await measure(bytes);
      expect(last).toBe("archive-limit");
      expect(errors).toBeLessThan(300);
    }
  });

  it("is bounded for layers that unpack to much only together", async () => {
    const part = gzipSync(new Uint8Array(900_000));
    const tar = await packTar(
      Array.from({ length: 50 }, (_, i) => ({ header: { name: `${i}.json.gz`, size: part.length }, body: part })),
    );
    const { errors, last } = await measure(gzipSync(tar));
    expect(last).toBe("archive-limit");
    expect(errors).toBeLessThan(10);
  });

  it("is bounded for members of a zip archive that are refused one by one", async () => {
    const files = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`${i}.avro`, new Uint8Array(900_000)]));
    let plain = 0;
    const gunzip: ArchiveOptions["gunzip"] = async function* (packed, onMember) {
      for await (const chunk of gunzipStream(packed, onMember)) {
        plain += chunk.length;
        yield chunk;
      }
    };
    const bytes = gzipSync(zipSync(files));
    expect((await measure(bytes, { gunzip })).last).toBe("archive-limit");
    // A megabyte is free, and what comes at once is seen when it is there.
    expect(plain).toBeLessThan(2 ** 21 + 25 * bytes.length + 600_000);
  });

  it("is an eighth where no alert comes out, and all where alerts do", async () => {
    const alert = alertBytes(1n);
    const blank = { header: { name: "blank.txt", size: 100_000 }, body: new Uint8Array(100_000) };
    const archive = async (between: boolean): Promise<Uint8Array> => {
      const small = { header: { name: "a.avro", size: alert.length }, body: alert };
      const files = Array.from({ length: 300 }, (_, i) => (between && i % 5 === 0 ? [blank, small] : [blank]));
      // What cannot be packed comes first, and pays for the rest.
      const rest = new Uint8Array(250_000).map((_, i) => Math.imul(i * i, 2654435761) >>> 24);
      return gzipSync(
        await packTar([{ header: { name: "rest.txt", size: rest.length }, body: rest }, ...files.flat()]),
      );
    };
    expect(await measure(await archive(false))).toMatchObject({ alerts: 0, errors: 1, last: "archive-limit" });
    expect(await measure(await archive(true))).toMatchObject({ alerts: 60, errors: 0 });
  });

  it("is bounded for short members that would decode to very many values each", async () => {
    const schema = JSON.stringify({
      type: "record",
      name: "a",
      fields: [{ name: "a", type: { type: "array", items: "null" } }],
    });
    // 131,000 nulls take no byte each: one block of one record, not packed.
    const count = [0xf0, 0xfe, 0x0f];
    const text = (value: string): number[] => [...varint(value.length), ...Buffer.from(value)];
    const sync = Array<number>(16).fill(7);
    const head = [0x4f, 0x62, 0x6a, 1, 2, ...text("avro.schema"), ...text(schema), 0, ...sync];
    const body = new Uint8Array([...head, 2, 2 * (count.length + 1), ...count, 0, ...sync]);
    expect([...readAlerts(body)].map((result) => !result.success && result.error.code)).toEqual(["alert-invalid"]);
    const files = Array.from({ length: 200 }, (_, i) => ({ header: { name: `${i}.avro`, size: body.length }, body }));
    const tar = await packTar(files);
    const zip = zipSync(Object.fromEntries(files.map(({ header, body }) => [header.name, body])));
    for (const bytes of [tar, gzipSync(tar), zip, gzipSync(zip)]) {
      const codes = new Set<string>();
      for await (const { result } of readArchive(bytes)) if (!result.success) codes.add(result.error.code);
      expect([...codes]).toEqual(["limit-exceeded"]);
    }
  });

  it("is paid for by the bytes that were read, not by those that are still to come", async () => {
    const member = gzipSync(new Uint8Array(100));
    for (const count of [20_000, 100_000]) {
      let members = 0;
      const gunzip: ArchiveOptions["gunzip"] = async function* (packed, onMember) {
        yield* gunzipStream(packed, (plain) => ((members += 1), onMember?.(plain)));
      };
      expect(await measure(repeat(member, count), { gunzip })).toMatchObject({ last: "archive-limit" });
      expect(members).toBeLessThan((2 ** 19 + 2 ** 17) / 2048 + 50);
    }
  });

  it("goes on in no member once it is spent, whoever was told", async () => {
    const bomb = gzipSync(repeat(EMPTY, 5000));
    const tar = await packTar([
      { header: { name: "a.avro", size: 0 }, body: "" },
      { header: { name: "b.avro.gz", size: bomb.length }, body: bomb },
      { header: { name: "c.avro", size: alertBytes(1n).length }, body: alertBytes(1n) },
    ]);
    const { alerts, errors, last } = await measure(tar);
    expect([alerts, errors, last]).toEqual([0, 2, "archive-limit"]);
  });
});

describe("what is honest", () => {
  it("is read to its end: members of bgzip, packets packed one behind the other, very many small alerts", async () => {
    const packets = gzipSync(new Uint8Array(20_000).map((_, i) => Math.imul(i * i, 2654435761) >>> 24));
    expect(packets.length).toBeGreaterThan(15_000);
    let plain = 0;
    for await (const { bytes } of readMembers(repeat(packets, 1000)))
      for await (const { length } of bytes) plain += length;
    expect(plain).toBe(20_000_000);
    const small = Array.from({ length: 3000 }, (_, i) => alertBytes(BigInt(i)));
    const tar = await packTar(small.map((body, i) => ({ header: { name: `${i}.avro`, size: body.length }, body })));
    expect(await measure(gzipSync(tar))).toMatchObject({ alerts: 3000, errors: 0 });
    const zip = zipSync(Object.fromEntries(small.map((body, i) => [`${i}.avro`, body])));
    expect(await measure(zip)).toMatchObject({ alerts: 3000, errors: 0 });
  }, 60_000);

  it("costs no more than its bytes pay for, however members are laid out", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 0, 1, 63, 64, 2000), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: 2 }),
        async (sizes, count, layers) => {
          let bytes = join(
            sizes.flatMap((size) => Array.from({ length: count }, () => gzipSync(new Uint8Array(size)))),
          );
          for (let layer = 0; layer < layers; layer += 1) bytes = gzipSync(bytes);
          let members = 0;
          const gunzip: ArchiveOptions["gunzip"] = async function* (packed, onMember) {
            yield* gunzipStream(packed, (plain) => ((members += 1), onMember?.(plain)));
          };
          await measure(bytes, { gunzip });
          expect(members).toBeLessThanOrEqual(1 + (2 ** 20 + bytes.length) / 2048);
        },
      ),
      { numRuns: 10 },
    );
  }, 60_000);
});
