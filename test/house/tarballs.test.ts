import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { pack, type Tarball } from "../support/consumer.js";
import { packages } from "../support/packages.js";
import { readModule } from "../support/readModule.js";

/**
 * Largest tarball of a package, in kB, where it is above the usual: raise one with a reason. `model` and `pool` carry the
 * network that ships, 150 kB in base64; `pool` also whole programs for pages and workers; `simd` its kernels; `alert` the schemas of two surveys and the
 * forms of nine brokers.
 */
const LARGEST: Readonly<Record<string, number>> = { model: 190, pool: 560, simd: 170, btsbot: 150, alert: 120 };
const USUAL = 80;
/** kB of all of them: what `npm install btsbot` fetches of ours. */
const ALL = 1810;

let folder: string;
let tarballs: readonly Tarball[];

beforeAll(async () => {
  setup(() => undefined);
  folder = mkdtempSync(join(tmpdir(), "btsbot-tarballs-"));
  tarballs = await pack(folder);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(packages.map((of) => [of.manifest.name, of] as const))("%s", (name, { folder: room, path }) => {
  const files = (): readonly string[] => tarballs.find((each) => each.name === name)!.files;

  it("packs what is used, and nothing else", () => {
    const wanted = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];
    expect(files()).toEqual(expect.arrayContaining(wanted));
    const others = files().filter((file) => !/^(LICENSE|README\.md|package\.json)$/.test(file));
    expect(others.filter((file) => !/^dist\/.+\.(js|d\.ts|wasm)$/.test(file))).toEqual([]);
  });

  it("packs every file that another one of it imports", () => {
    const absent = files()
      .filter((file) => /\.(js|d\.ts)$/.test(file) && !file.startsWith("dist/bundle/"))
      .flatMap((file) =>
        readModule(path + file)
          .imports.filter(({ specifier }) => specifier.startsWith("."))
          .map(({ specifier }) => posix.join(posix.dirname(file), specifier))
          .map((target) => (file.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target))
          .filter((target) => !files().includes(target))
          .map((target) => `${file}: ${target}`),
      );
    expect(absent).toEqual([]);
  });

  it("points to no map: none is packed", () => {
    const pointing = files().filter((file) => /^\/\/# sourceMappingURL=/m.test(readFileSync(path + file, "utf8")));
    expect(pointing).toEqual([]);
  });

  it("is small", () => {
    const { size } = tarballs.find((each) => each.name === name)!;
    expect(size / 1000).toBeLessThan(LARGEST[room] ?? USUAL);
  });
});

it("is small as a whole", () => {
  expect(tarballs.reduce((sum, { size }) => sum + size, 0) / 1000).toBeLessThan(ALL);
});
