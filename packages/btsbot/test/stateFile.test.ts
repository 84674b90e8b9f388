import { mkdtempSync, rmSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readState, writeState } from "../src/commands/decide/stateFile.js";
import { createBook } from "../src/commands/decide/stateLines.js";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof fs>();
  return { ...real, open: vi.fn(real.open), rename: vi.fn(real.rename) };
});

const MAKER = { format: "btsbot-decide", version: 1, model: { name: "m", sha256: "0" }, filter: null, policies: [] };
const line = (name: string): [string, string] => [name, JSON.stringify({ objectId: name, matches: {} })];
const failure = Object.assign(new Error("EIO"), { code: "EIO" });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-state-"));
});
afterEach(() => {
  vi.mocked(fs.open).mockClear();
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform === "win32")("a state that fails to be written", () => {
  const write = (name: string) => writeState(folder, MAKER, createBook([], new Map([line(name)])));
  const names = async () => [...(await readState(folder, MAKER))!.keys()];

  it("is as it was until it has its name, and says so", async () => {
    await write("old");
    vi.mocked(fs.rename).mockRejectedValueOnce(failure);
    await expect(write("new")).rejects.toThrow("the state cannot be written; the old one is unchanged");
    expect(await names()).toEqual(["old"]);
  });

  it("is the new one where only the folder could not be flushed, and says that", async () => {
    await write("old");
    const { open } = await vi.importActual<typeof fs>("node:fs/promises");
    vi.mocked(fs.open).mockImplementation(async (path, flags) => {
      const handle = await open(path, flags);
      if (path === folder) handle.sync = () => Promise.reject(failure);
      return handle;
    });
    await expect(write("new")).rejects.toMatchObject({
      code: "folder-unwritable",
      message: `${join(folder, "state.jsonl")}: the new state is in its place, but may not outlast a loss of power (got the device failed)`,
    });
    expect(await names()).toEqual(["new"]);
  });
});
