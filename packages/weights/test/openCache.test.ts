import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, exportModel, findPublished, listPulled, openCache, PUBLISHED_MODELS } from "@btsbot/weights";
import type { BtsbotError } from "@btsbot/errors";
import { DEFAULT_MODEL, loadDefaultModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { smallModel } from "./support/smallModel.js";

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "btsbot-weights-"));
});

afterEach(() => rm(cache, { recursive: true, force: true }));

/** The small model under another name. */
async function namedModel(name: string): Promise<Model> {
  const model = await smallModel();
  return { ...model, definition: { ...model.definition, name } };
}

describe("openCache", () => {
  it("has the model that ships with the library, until the cache has one of that name", async () => {
    expect(await openCache({ cache }).load(DEFAULT_MODEL)).toBe(await loadDefaultModel());
    expect(await openCache({ cache }).names!()).toEqual([]);
    const own = await namedModel(DEFAULT_MODEL);
    await exportModel(own, join(cache, DEFAULT_MODEL), { formats: ["tfjs"] });
    expect((await openCache({ cache }).load(DEFAULT_MODEL)).sha256).toBe(own.sha256);
  });

  it("says what to run for a model that is not there", async () => {
    const error = await openCache({ cache })
      .load("btsbot-v1.0.1")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "model-not-pulled", path: "btsbot-v1.0.1" });
    expect((error as Error).message).toContain("btsbot models pull btsbot-v1.0.1");
  });

  it.each(["btsbot-v9", "../secret", "", ".hidden", "a/b"])("does not know %j", async (name) => {
    await expect(openCache({ cache }).load(name)).rejects.toMatchObject({ code: "model-unknown" });
  });

  it("reads a model once", async () => {
    const model = await smallModel();
    await exportModel(model, join(cache, "small"), { formats: ["tfjs"] });
    const store = openCache({ cache });
    const [first, second] = await Promise.all([store.load("small"), store.load("small")]);
    expect(first).toBe(second);
    expect(first).toEqual(model);
    await rm(join(cache, "small"), { recursive: true });
    expect(await store.load("small")).toBe(first);
  });

  it("tries again after a failure", async () => {
    const store = openCache({ cache });
    await expect(store.load("btsbot-v1.0")).rejects.toThrow();
    await exportModel(await namedModel("btsbot-v1.0"), join(cache, "btsbot-v1.0"), { formats: ["tfjs"] });
    expect((await store.load("btsbot-v1.0")).definition.name).toBe("btsbot-v1.0");
  });

  it("refuses a model with another name than its folder, and says how to repair it", async () => {
    for (const name of ["btsbot-v1.0", "small-2"]) {
      await exportModel(await smallModel(), join(cache, name), { formats: ["tfjs"] });
      const error = await openCache({ cache })
        .load(name)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "model-invalid",
        path: join(cache, name, "model.json"),
        expected: name,
        got: "small",
      });
      expect((error as Error).message).toContain(`btsbot models pull ${name}`);
    }
  });

  it.each(["../evil/weights.bin", "/evil/weights.bin", "..", "sub/weights.bin"])(
    "does not follow the weight file %j",
    async (file) => {
      await exportModel(await smallModel(), join(cache, "small"), { formats: ["tfjs"] });
      for (const place of ["evil", "small/sub"]) {
        await mkdir(join(cache, place));
        await copyFile(join(cache, "small", "weights.bin"), join(cache, place, "weights.bin"));
      }
      const path = join(cache, "small", "model.json");
      const json = JSON.parse(await readFile(path, "utf8")) as { weightsManifest: { paths: string[] }[] };
      json.weightsManifest[0].paths = [file];
      await writeFile(path, JSON.stringify(json));
      await expect(openCache({ cache }).load("small")).rejects.toMatchObject({
        code: "model-invalid",
        got: JSON.stringify(file),
      });
    },
  );

  it("refuses weights that are not those that were written, or not there", async () => {
    await exportModel(await smallModel(1), join(cache, "btsbot-v1.0"), { formats: ["tfjs"] });
    const weights = join(cache, "btsbot-v1.0", "weights.bin");
    const length = 4 * [...(await smallModel(1)).weights.values()].reduce((sum, { values }) => sum + values.length, 0);
    await writeFile(weights, new Uint8Array(length));
    await expect(openCache({ cache }).load("btsbot-v1.0")).rejects.toMatchObject({ code: "weights-checksum" });
    await rm(weights);
    const error = await openCache({ cache })
      .load("btsbot-v1.0")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "model-invalid", path: weights });
  });

  /** What comes of a model whose file was changed. */
  async function loadChanged(file: string, change: (text: string) => string): Promise<BtsbotError> {
    const path = join(cache, "small", file);
    await exportModel(await smallModel(), join(cache, "small"), { formats: ["tfjs"] });
    await writeFile(path, change(await readFile(path, "latin1")), "latin1");
    return openCache({ cache })
      .load("small")
      .then(
        () => expect.unreachable(),
        (error: unknown) => error as BtsbotError,
      );
  }

  it.each([
    ["an empty weight file", "weights.bin", () => "", "weights-missing", "/weights.bin: conv/kernel"],
    [
      "other weights",
      "weights.bin",
      (text: string) => text.replace(/^./s, "\u0001"),
      "weights-checksum",
      "/weights.bin",
    ],
    ["a cut definition", "model.json", (text: string) => text.slice(0, 100), "model-invalid", "/model.json"],
    [
      "a weight of another name",
      "model.json",
      (text: string) => text.replace('"conv/kernel"', '"conv/colonel"'),
      "weights-missing",
      ": conv/kernel",
    ],
    [
      "a weight of another shape",
      "model.json",
      (text: string) =>
        text.replace(/(conv\/kernel"[^[]*\[\s*3,\s*3,\s*)3,(\s*)4/, (_text, start, space) => `${start}4,${space}3`),
      "weights-misshapen",
      ": conv/kernel",
    ],
  ])("names the model and how to repair it for %s", async (_, file, change, code, path) => {
    const error = await loadChanged(file, change);
    expect(error).toMatchObject({ code, path: `${join(cache, "small")}${path}` });
    expect(error.cause).toMatchObject({ code });
    const hint = "Run `btsbot models pull small` to repair it.";
    for (const problem of error.problems) {
      expect(problem.path!.startsWith(join(cache, "small"))).toBe(true);
      expect(problem.message.startsWith(problem.path!)).toBe(true);
      expect(problem.hint).toBe(hint);
    }
    expect(error.message.split(hint)).toEqual([expect.stringContaining(join(cache, "small")), ""]);
  });
});

describe("listPulled", () => {
  it("lists models by name, and nothing else that lies there", async () => {
    for (const name of ["b", "a", "c.123.00000000.tmp"]) await exportModel(await smallModel(), join(cache, name));
    await writeFile(join(cache, "a.123.00000000.part"), "half");
    expect(await listPulled({ cache })).toEqual(["a", "b"].map((name) => ({ name, folder: join(cache, name) })));
  });

  it("lists nothing where there is no cache", async () => {
    expect(await listPulled({ cache: join(cache, "absent") })).toEqual([]);
  });
});

describe("cacheFolder", () => {
  it.each([
    [{ BTSBOT_CACHE: "/a", XDG_CACHE_HOME: "/b" }, "linux", "/a"],
    [{ XDG_CACHE_HOME: "/b" }, "linux", "/b/btsbot"],
    [{ XDG_CACHE_HOME: "relative" }, "linux", join(homedir(), ".cache/btsbot")],
    [{}, "linux", join(homedir(), ".cache/btsbot")],
    [{ XDG_CACHE_HOME: "/b" }, "darwin", join(homedir(), "Library/Caches/btsbot")],
    [{ LOCALAPPDATA: "/local" }, "win32", join("/local", "btsbot", "Cache")],
  ])("%j on %s is %s", (env, platform, folder) => {
    expect(cacheFolder(env, platform)).toBe(folder);
  });
});

describe("PUBLISHED_MODELS", () => {
  it("is complete: pinned address, checksum, length, a name of its own", () => {
    for (const model of PUBLISHED_MODELS) {
      expect(model.files.length).toBeGreaterThan(0);
      for (const { url, mirrorPath, sha256, bytes } of model.files) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(bytes).toBeGreaterThan(0);
        // One file of ALeRCE's was converted and lies in mirrors alone.
        if (url === undefined) {
          expect(mirrorPath).toBe("alerce-stamp-classifier/feature_norm_stats.json");
          continue;
        }
        // A commit, whole or its first digits: no branch.
        expect(url).toMatch(/^https:\/\/raw\.githubusercontent\.com\/[\w-]+\/[\w-]+\/([0-9a-f]{8}|[0-9a-f]{40})\//);
        expect(url.endsWith(mirrorPath.split("/").at(-1)!)).toBe(true);
      }
      expect(findPublished(model.name)).toBe(model);
    }
    expect(new Set(PUBLISHED_MODELS.map(({ name }) => name)).size).toBe(PUBLISHED_MODELS.length);
  });
});
