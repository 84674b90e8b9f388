import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findEntry, readFolder } from "@btsbot/tables";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name]);
/** Ordinary names, and ones of any bytes that a name may have. */
const name = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12, min: 1 }),
    fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).map((text) => new Uint8Array(Buffer.from(text))),
    fc.constantFrom("caf\xe9.avro", "caf\xe8.avro", "\xff").map((text) => new Uint8Array(Buffer.from(text, "latin1"))),
  )
  .filter(
    (bytes) => !bytes.includes(0) && !bytes.includes(47) && !["", ".", ".."].includes(Buffer.from(bytes).toString()),
  );

// Other systems' names are Unicode, and they refuse anything else.
describe.runIf(process.platform === "linux")("names that are not UTF-8", () => {
  it("are listed, shown, and read", async () => {
    writeFileSync(at(Buffer.from("caf\xe9 \u20ac.avro", "latin1")), "1");
    const [entry] = await readFolder(folder);
    expect([entry.name, entry.path]).toEqual(["caf\\xe9 \\xac.avro", join(folder, "caf\\xe9 \\xac.avro")]);
    expect(readFileSync(entry.at, "utf8")).toBe("1");
  });

  it("are what a word of the command line means, also of a folder on the way", async () => {
    mkdirSync(at(Buffer.from([0xe9])));
    writeFileSync(at(Buffer.from([0xe9, 0x2f, 0xe8, 0x2e])), "deep");
    const found = await findEntry(`${folder}/\uFFFD/\uFFFD.`);
    expect([found.path, readFileSync(found.at, "utf8")]).toEqual([`${folder}/\\xe9/\\xe8.`, "deep"]);
  });

  it("are not guessed where two would fit", async () => {
    for (const byte of [0xe8, 0xe9]) writeFileSync(at(Buffer.from([byte])), "x");
    const path = `${folder}/\uFFFD`;
    expect(await findEntry(path)).toMatchObject({ path, at: path });
  });

  it("of any bytes are found in the folder, and by what Node makes of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { maxLength: 6, selector: String }), async (names) => {
        names.forEach((each, index) => writeFileSync(at(each), String(index)));
        try {
          const read = (await readFolder(folder)).map((entry) => readFileSync(entry.at, "utf8"));
          expect(read.sort()).toEqual(names.map((_, index) => String(index)));
          for (const [index, each] of names.entries()) {
            const text = Buffer.from(each).toString();
            if (names.filter((other) => Buffer.from(other).toString() === text).length > 1) continue;
            expect(readFileSync((await findEntry(`${folder}/${text}`)).at, "utf8")).toBe(String(index));
          }
        } finally {
          for (const each of names) rmSync(at(each));
        }
      }),
      { seed: 23, numRuns: 200 },
    );
  });
});

it("gives paths as they are where nothing is odd", async () => {
  writeFileSync(join(folder, "b.avro"), "");
  writeFileSync(join(folder, "a.avro"), "");
  const entry = (of: string): unknown => ({ name: of, path: join(folder, of), at: join(folder, of) });
  expect(await readFolder(folder)).toEqual([entry("a.avro"), entry("b.avro")]);
  expect(await findEntry(join(folder, "none"))).toEqual(entry("none"));
});
