import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeAlerts } from "@btsbot/alert";
import { simulateSurvey } from "@btsbot/simulate";
import { cachePackets } from "@btsbot/train";
import { zipSync } from "fflate";
import { packTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ALERTS = [...simulateSurvey({ seed: 3, sources: 4, nights: 2 })].map(({ alert }) => alert).slice(0, 6);
const FILES = ALERTS.map((alert, place) => ({ name: `${place}.avro`, bytes: encodeAlerts([alert]) }));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-cache-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What becomes of packets: the table and the bytes of the images. */
async function cached(packets: string): Promise<[string, Buffer]> {
  const cache = mkdtempSync(join(folder, "made-"));
  const { candidates, triplets } = await cachePackets(packets, {
    cache,
    profile: "btsbot-v1",
    preprocessing: { normalization: "l2", size: 63 },
  });
  return [readFileSync(candidates, "utf8"), readFileSync(triplets!)];
}

async function tarOf(names: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<Uint8Array> {
  return packTar(names.map(({ name, bytes }) => ({ header: { name, size: bytes.length }, body: bytes })));
}

describe("packets of a training set", () => {
  it("are the same out of a folder, a file, lines of base64, a tarball, a zip archive, or a folder of these", async () => {
    const night = join(folder, "night");
    mkdirSync(night);
    for (const { name, bytes } of FILES) writeFileSync(join(night, name), bytes);
    const wanted = await cached(night);
    expect(wanted[0].split("\n")).toHaveLength(ALERTS.length + 2);
    const forms: Readonly<Record<string, Uint8Array>> = {
      "all.avro": encodeAlerts(ALERTS),
      "all.avro.gz": gzipSync(encodeAlerts(ALERTS)),
      "all.b64": Buffer.from(FILES.map(({ bytes }) => Buffer.from(bytes).toString("base64")).join("\n")),
      "night.tar": await tarOf(FILES),
      "NIGHT.TAR.GZ": gzipSync(await tarOf(FILES)),
      "night.zip": zipSync(Object.fromEntries(FILES.map(({ name, bytes }) => [name, bytes]))),
    };
    for (const [name, bytes] of Object.entries(forms)) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      expect(await cached(path), name).toEqual(wanted);
    }
    const archives = join(folder, "archives");
    mkdirSync(archives);
    writeFileSync(join(archives, "1.tgz"), gzipSync(await tarOf(FILES.slice(0, 3))));
    writeFileSync(join(archives, "2.zip"), zipSync({ "a.avro": encodeAlerts(ALERTS.slice(3)) }));
    writeFileSync(join(archives, "._2.zip"), "hidden");
    writeFileSync(join(archives, "truth.csv"), "objectId,label\n");
    expect(await cached(archives)).toEqual(wanted);
  });

  it("that cannot be read are named with their archive", async () => {
    const path = join(folder, "night.tar");
    writeFileSync(path, await tarOf([FILES[0], { name: "bad.avro", bytes: FILES[1].bytes.subarray(0, 500) }]));
    await expect(cached(path)).rejects.toThrow(/night\.tar\/bad\.avro: /);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    await expect(cached(empty)).rejects.toMatchObject({ code: "file-unreadable", path: empty });
    await expect(cached(join(folder, "nowhere"))).rejects.toMatchObject({ code: "file-unreadable" });
  });
});
