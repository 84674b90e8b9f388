import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../support/packages.js";

/** What of lunr, the library of the reference's search, is used here. */
interface Lunr {
  readonly Index: { load(index: object): { search(query: string): readonly { readonly ref: string }[] } };
}

let folder: string;
let pages: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-reference-"));
  const child = spawn(process.execPath, [`${root}node_modules/typedoc/bin/typedoc`, "--out", folder], { cwd: root });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  expect([status, output]).toEqual([0, ""]);
  pages = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".html"));
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (page: string): string => readFileSync(join(folder, page), "utf8");

it("says where in the project each thing is defined, and the file is there", () => {
  const places = pages.flatMap((page) => [...text(page).matchAll(/Defined in (?:<a [^>]*>)?([^<:]+):\d+/g)]);
  expect(places.length).toBeGreaterThan(1000);
  const absent = places
    .map(([, path]) => path)
    .filter((path) => !path.startsWith("node_modules/") && !existsSync(root + path));
  expect([...new Set(absent)]).toEqual([]);
});

it("links to pages that are there", () => {
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/(?:href|src)="([^"#?]+)/g)]
      .map(([, target]) => decodeURIComponent(target))
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(folder, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

it.each([
  ["webgl", "packages/tfjs/README"],
  ["browser", "examples/README"],
  ["kafka", "examples/README"],
  ["own model", "docs/own-model"],
  ["tarball", "packages/archive/README"],
  ["scoreAlert", "scoreAlert"],
])("is searched: %s finds %s", (words, expected) => {
  const { lunr, rows, index } = loadSearch();
  // As the page asks: each word, as part of any.
  const query = words.split(" ").map((word) => `*${word}*`);
  const found = lunr.Index.load(index).search(query.join(" "));
  expect(found.map(({ ref }) => rows[Number(ref)].name)).toContain(expected);
});

function loadSearch(): { lunr: Lunr; rows: readonly { readonly name: string }[]; index: object } {
  const [, data] = /"(.*)"/s.exec(readFileSync(join(folder, "assets", "search.js"), "utf8"))!;
  const found = JSON.parse(inflateSync(Buffer.from(data, "base64")).toString()) as {
    rows: { name: string }[];
    index: object;
  };
  const lunr = createRequire(`${root}node_modules/typedoc/package.json`)("lunr") as Lunr;
  return { lunr, ...found };
}
