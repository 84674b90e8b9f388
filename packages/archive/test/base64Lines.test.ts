import { encodeAlerts } from "@btsbot/alert";
import { readArchive } from "@btsbot/archive";
import { gzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";

const lineOf = (candid: bigint): string =>
  Buffer.from(encodeAlerts([{ objectId: "ZTF20aajcdad", candid, candidate: { jd: 2458881, fid: 1 } }])).toString(
    "base64",
  );
const LINES = new TextEncoder().encode([lineOf(1n), "#", lineOf(2n), ""].join("\n"));
const WANTED = ["0 1", "1 base64-invalid", "2 2"];

async function tarOf(name: string): Promise<Uint8Array> {
  return packTar([{ header: { name, size: LINES.length }, body: LINES }]);
}

describe("lines of base64", () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ["plain", () => LINES, "a"],
    ["gzip", () => gzipSync(LINES), "a"],
    ["zip", () => zipSync({ "night.b64": LINES }), "a/night.b64"],
    // No ending says what it is.
    ["zip, by its bytes", () => zipSync({ night: LINES }), "a/night"],
    ["tar", () => tarOf("part-00000"), "a/part-00000"],
    ["tar.gz", async () => gzipSync(await tarOf("part-00000.txt")), "a/part-00000.txt"],
  ])("are read alike: %s", async (_, make, name) => {
    const bytes = await make();
    const found: string[] = [];
    for await (const { file, index, result } of readArchive(bytes, { name: "a" })) {
      expect(file).toBe(name);
      found.push(`${index} ${result.success ? result.data.candid : result.error.code}`);
    }
    expect(found).toEqual(WANTED);
    const rest: (number | undefined)[] = [];
    for await (const { index } of readArchive(bytes, { name: "a", skip: () => 2 })) rest.push(index);
    expect(rest).toEqual([2]);
  });
});
