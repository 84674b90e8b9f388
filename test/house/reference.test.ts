import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, openBrowser, type TestBrowser } from "../support/browser.js";
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

it("links each to its line in the project's repository, whatever this checkout was cloned from", () => {
  const links = pages
    .flatMap((page) => [...text(page).matchAll(/Defined in <a href="([^"]+)"/g)])
    .map(([, link]) => link);
  const ours = /^https:\/\/github\.com\/btsbot\/btsbot\/blob\/main\/([^#]+)#L\d+$/;
  expect(links.length).toBeGreaterThan(1000);
  expect(links.filter((link) => !existsSync(`${root}${ours.exec(link)?.[1] ?? "absent"}`))).toEqual([]);
});

it("links to pages, and to places on them, that are there", () => {
  const places = new Map(
    pages.map((page) => [page, new Set([...text(page).matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => id))]),
  );
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/(?:href|src)="([^"#?]*)(?:#([^"]*))?"/g)]
      .filter(([, target]) => !/^[a-z]+:/.test(target))
      .filter(([, target, place]) => {
        const file = target === "" ? page : join(dirname(page), decodeURIComponent(target));
        if (!existsSync(join(folder, file))) return true;
        // An empty place is the top of the page; what is drawn has places of its own.
        return place !== undefined && place !== "" && places.get(file)?.has(decodeURIComponent(place)) === false;
      })
      .map(([link]) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

it("names guides by their titles", () => {
  const guides = pages.filter((page) => page.startsWith("documents/Guides_"));
  expect(guides).toEqual(
    expect.arrayContaining(["documents/Guides_Overview.html", "documents/Guides_Your_own_model.html"]),
  );
  expect(guides.length).toBeGreaterThan(10);
});

describe.skipIf(!hasBrowser)("in a browser (needs Chromium)", () => {
  let browser: TestBrowser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  async function measure(all: readonly string[], width: number, height: number): Promise<[string, number, number][]> {
    const tab = await browser.context.newPage();
    await tab.setViewportSize({ width, height });
    const sizes: [string, number, number][] = [];
    for (const page of all) {
      await tab.goto(pathToFileURL(join(folder, page)).href);
      // The theme shows a page once its scripts have run, or after half a second.
      await tab.waitForFunction(() => document.body.style.display !== "none");
      const [right, bottom] = await tab.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth, scrollHeight];
      });
      sizes.push([page, right, bottom]);
    }
    await tab.close();
    return sizes;
  }

  it("its first page fits on one screen", async () => {
    expect(await measure(["index.html"], 1280, 800)).toEqual([["index.html", 1280, 800]]);
  });

  it("no guide is wider than a phone", async () => {
    const guides = ["index.html", ...pages.filter((page) => page.startsWith("documents/"))];
    const sizes = await measure(guides, 390, 844);
    expect(sizes.filter(([, right]) => right > 390)).toEqual([]);
  });
});

it.each([
  ["webgl", "Packages/tfjs"],
  ["browser", "Examples"],
  ["kafka", "Examples"],
  ["own model", "Guides/Your own model"],
  ["tarball", "Packages/archive"],
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
