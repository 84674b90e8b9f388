import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type * as FileSystem from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportModel, openCache, pullModel, PUBLISHED_MODELS } from "@btsbot/weights";
import { readLayersModel } from "@btsbot/model";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { placeFiles } from "../src/placeFiles.js";
import { smallModel } from "./support/smallModel.js";
import { savedModelFiles, tar } from "./support/writeSavedModel.js";

/** The write that fails, counted from 0, and how. */
const failure = vi.hoisted((): { at: number; code: string } => ({ at: -1, code: "ENOSPC" }));
/** Where files and folders were renamed to, in order. */
const renamed = vi.hoisted((): string[] => []);

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof FileSystem>();
  const writeFailing: typeof real.writeFile = (...args) =>
    failure.at-- === 0
      ? Promise.reject(Object.assign(new Error(failure.code), { code: failure.code }))
      : real.writeFile(...args);
  const renameNoted: typeof real.rename = async (from, to) => {
    await real.rename(from, to);
    renamed.push(String(to));
  };
  return { ...real, writeFile: writeFailing, rename: renameNoted };
});

let folder: string;

beforeEach(async () => {
  failure.at = -1;
  renamed.length = 0;
  folder = await mkdtemp(join(tmpdir(), "btsbot-weights-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("exportModel", () => {
  it("writes both formats, which appear together", async () => {
    const model = await smallModel();
    const target = join(folder, "new", "export");
    const paths = await exportModel(model, target);
    expect(paths).toEqual(["model.json", "weights.bin", "small.onnx"].map((name) => join(target, name)));
    const read = await readLayersModel((file) => readFile(join(target, file)));
    expect(read.sha256).toBe(model.sha256);
    expect(await readdir(join(folder, "new"))).toEqual(["export"]);
  });

  it("writes one format, and keeps what else is in the folder", async () => {
    await writeFile(join(folder, "other.txt"), "mine");
    await exportModel(await smallModel(1), folder, { formats: ["onnx"] });
    await exportModel(await smallModel(2), folder, { formats: ["tfjs"] });
    await exportModel(await smallModel(3), folder, { formats: ["tfjs"] });
    expect((await readdir(folder)).sort()).toEqual(["model.json", "other.txt", "small.onnx", "weights.bin"]);
    const read = await readLayersModel((file) => readFile(join(folder, file)));
    expect(read.sha256).toBe((await smallModel(3)).sha256);
  });

  it("puts model.json last into a folder that is there, so that no reader finds it beside old weights", async () => {
    await writeFile(join(folder, "other.txt"), "mine");
    await exportModel(await smallModel(), folder);
    expect(renamed).toEqual(["small.onnx", "weights.bin", "model.json"].map((name) => join(folder, name)));
  });

  it.each(["../../escaped", "a/b", ".hidden", ""])("does not make a path of the name %j", async (name) => {
    const model = await smallModel();
    const named = { ...model, definition: { ...model.definition, name } };
    const target = join(folder, "deep", "export");
    await expect(exportModel(named, target)).rejects.toMatchObject({
      code: "model-invalid",
      got: JSON.stringify(name),
    });
    expect(await readdir(folder)).toEqual([]);
    // The name is no file's there.
    expect((await exportModel(named, target, { formats: ["tfjs"] })).length).toBe(2);
  });

  it("says that the folder cannot be written", async () => {
    await writeFile(join(folder, "file"), "mine");
    for (const target of ["file", "file/deeper", "file/deeper/still"]) {
      await expect(exportModel(await smallModel(), join(folder, target))).rejects.toMatchObject({
        code: "folder-unwritable",
      });
    }
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it.each(["ENOSPC", "EDQUOT"])("leaves nothing half-written when the disk is full (%s)", async (code) => {
    const model = await smallModel();
    const target = join(folder, "export");
    for (const at of [0, 1, 2]) {
      Object.assign(failure, { at, code });
      await expect(exportModel(model, target)).rejects.toMatchObject({ code: "disk-full", got: code });
      expect(await readdir(folder)).toEqual([]);
    }
    // What was there before stays as it was.
    await exportModel(model, target);
    Object.assign(failure, { at: 1, code });
    await expect(exportModel(await smallModel(2), target)).rejects.toMatchObject({ code: "disk-full" });
    expect((await readLayersModel((file) => readFile(join(target, file)))).sha256).toBe(model.sha256);
  });
});

describe("placeFiles", () => {
  it.each(["../escaped", "deeper/file", "..", ".", ""])(
    "refuses the file name %j before anything is written",
    async (name) => {
      const files = new Map([
        ["model.json", new Uint8Array(1)],
        [name, new Uint8Array(1)],
      ]);
      await expect(placeFiles(files, join(folder, "model"), "cache-unwritable")).rejects.toMatchObject({
        code: "model-invalid",
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

describe("pullModel", () => {
  it("leaves nothing half-written when the disk fills up in the conversion", async () => {
    const archive = tar(savedModelFiles(await smallModel()));
    await mkdir(join(folder, "mirror"));
    await writeFile(join(folder, "mirror", "v1.tar.gz"), archive);
    const sha256 = createHash("sha256").update(archive).digest("hex");
    const file = { ...PUBLISHED_MODELS[0].files[0], mirrorPath: "small/v1.tar.gz", sha256, bytes: archive.length };
    const { hashes: _, ...entry } = PUBLISHED_MODELS[0];
    const published = { ...entry, name: "small-v1", files: [file] };
    const cache = join(folder, "cache");
    for (const at of [0, 1]) {
      failure.at = at;
      await expect(pullModel(published, { cache, from: join(folder, "mirror") })).rejects.toMatchObject({
        code: "disk-full",
      });
      expect(existsSync(join(cache, "small-v1"))).toBe(false);
      expect(await readdir(cache)).toEqual([]);
    }
    await pullModel(published, { cache, from: join(folder, "mirror") });
    expect((await openCache({ cache }).load("small-v1")).sha256).toBe((await smallModel()).sha256);
  });
});
