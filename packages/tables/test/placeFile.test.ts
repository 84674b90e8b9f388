import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeFile, toFileError } from "@btsbot/tables";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "btsbot-tables-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("placeFile", () => {
  it("writes text, bytes and parts, and leaves nothing beside", async () => {
    await placeFile(join(folder, "a"), "\u00e9");
    await placeFile(join(folder, "b"), Uint8Array.of(0, 255));
    await placeFile(
      join(folder, "c"),
      (function* () {
        yield "x";
        yield Uint8Array.of(65);
      })(),
    );
    expect(await readFile(join(folder, "a"), "utf8")).toBe("\u00e9");
    expect([...(await readFile(join(folder, "b")))]).toEqual([0, 255]);
    expect(await readFile(join(folder, "c"), "utf8")).toBe("xA");
    expect(await readdir(folder)).toEqual(["a", "b", "c"]);
  });

  it("keeps what was there, its rights and the link to it, and replaces it whole", async () => {
    const path = join(folder, "a");
    await writeFile(path, "before");
    await chmod(path, 0o600);
    await symlink(path, join(folder, "link"));
    const failing = (function* () {
      yield "half";
      throw new Error("no more");
    })();
    await expect(placeFile(join(folder, "link"), failing)).rejects.toThrow("no more");
    expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["before", ["a", "link"]]);
    await placeFile(join(folder, "link"), "after");
    expect(await readFile(path, "utf8")).toBe("after");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("keeps rights that the process's mask would take away", async () => {
    const path = join(folder, "shared");
    await writeFile(path, "before");
    await chmod(path, 0o666);
    await placeFile(path, "after");
    expect((await stat(path)).mode & 0o777).toBe(0o666);
  });

  it.skipIf(process.getuid?.() !== 0)("keeps the owner (needs root)", async () => {
    const path = join(folder, "theirs");
    await writeFile(path, "before");
    await chown(path, 4321, 1234);
    await placeFile(path, "after");
    const { uid, gid } = await stat(path);
    expect([uid, gid]).toEqual([4321, 1234]);
  });

  it("lets several write one file at once: it is one of theirs", async () => {
    const texts = Array.from({ length: 20 }, (_, place) => String(place).repeat(50_000));
    await Promise.all(texts.map((text) => placeFile(join(folder, "a"), text)));
    expect(texts).toContain(await readFile(join(folder, "a"), "utf8"));
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it("says in words why not", async () => {
    await mkdir(join(folder, "sub"));
    await expect(placeFile(join(folder, "none", "a"), "")).rejects.toMatchObject({
      code: "folder-unwritable",
      got: "no such file or folder",
    });
    await expect(placeFile(join(folder, "sub"), "")).rejects.toMatchObject({ code: "folder-unwritable" });
    expect(await readdir(folder)).toEqual(["sub"]);
  });

  it.skipIf(!existsSync("/dev/full"))("says that the disk is full (needs /dev/full)", async () => {
    await expect(placeFile("/dev/full", "text")).rejects.toMatchObject({
      code: "disk-full",
      message: "/dev/full: no room left (got no room left on the disk)",
    });
  });
});

it("leaves errors that are not the system's as they are", () => {
  const error = new TypeError("wrong");
  expect(toFileError(error, "a", { doing: "read" })).toBe(error);
  expect(toFileError(undefined, "a", { doing: "read" })).toBeUndefined();
});
