import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { listPulled, openCache, PUBLISHED_MODELS, pullModel } from "@btsbot/weights";
import type { PublishedModel, PullProgress } from "@btsbot/weights";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { smallModel } from "./support/smallModel.js";
import { savedModelFiles, tar } from "./support/writeSavedModel.js";

/** The id of a process that does not exist: the largest that Linux gives is 2^22. */
const DEAD = 2 ** 22 + 1;

/** A part that was let go. */
const PART = `small-v1.v1.tar.gz.${"a".repeat(16)}.part`;

/** How this process names the processes that it can ask; null where the system does not tell. */
async function ownSpace(): Promise<string | null> {
  if (process.platform !== "linux") return null;
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
}

let archive: Uint8Array;
let folder: string;
let cache: string;
let server: Server;
let published: PublishedModel;
/** What the server does, and what it was asked for. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let ranges: (string | undefined)[];

beforeAll(async () => {
  archive = gzipSync(tar(savedModelFiles(await smallModel())));
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "btsbot-weights-"));
  cache = join(folder, "cache");
  ranges = [];
  answer = withRanges;
  published = publish(archive);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function publish(bytes: Uint8Array): PublishedModel {
  const file = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/small.tar.gz`,
    mirrorPath: "small/v1.tar.gz",
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
  };
  const { hashes: _, ...entry } = PUBLISHED_MODELS[0];
  return { ...entry, name: "small-v1", version: "1", files: [file] };
}

function withRanges(request: IncomingMessage, response: ServerResponse): void {
  expect(request.headers["accept-encoding"]).toBe("identity");
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (request.headers.range !== undefined) {
    response.writeHead(206, { "content-range": `bytes ${start}-${archive.length - 1}/${archive.length}` });
  }
  response.end(archive.subarray(start));
}

/** Sends the beginning of the file and breaks the connection. */
function breakAfter(length: number): typeof answer {
  return (_, response) => {
    response.writeHead(200, { "content-length": archive.length });
    response.write(archive.subarray(0, length), () => setTimeout(() => response.destroy(), 20));
  };
}

async function expectPulled(): Promise<void> {
  const model = await openCache({ cache }).load("small-v1");
  expect(model.sha256).toBe((await smallModel()).sha256);
  expect(model.source).toMatchObject({
    url: published.files[0].url,
    sha256: published.files[0].sha256,
    license: "MIT",
  });
  // Nothing else is left: no part, no temporary folder.
  expect(await readdir(cache)).toEqual(["small-v1"]);
  expect((await readdir(join(cache, "small-v1"))).sort()).toEqual(["model.json", "weights.bin"]);
  expect(await listPulled({ cache })).toEqual([{ name: "small-v1", folder: join(cache, "small-v1") }]);
}

async function filesInCache(): Promise<string[]> {
  return existsSync(cache) ? readdir(cache) : [];
}

describe("pullModel from its address", () => {
  it("downloads, converts, reports progress", async () => {
    const seen: PullProgress[] = [];
    const pulled = await pullModel(published, { cache, onProgress: (progress) => seen.push(progress) });
    expect(pulled).toEqual({ name: "small-v1", folder: join(cache, "small-v1") });
    await expectPulled();
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(["download", "convert", "done"]);
    const received = seen.filter(({ stage }) => stage === "download").map((progress) => progress.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(received.at(-1)).toBe(archive.length);
    expect(seen.every(({ name, total }) => name === "small-v1" && total === archive.length)).toBe(true);
  });

  it("does nothing for what is there, unless forced", async () => {
    await pullModel(published, { cache });
    const stages: string[] = [];
    await pullModel(published, { cache, onProgress: ({ stage }) => stages.push(stage) });
    expect(stages).toEqual(["cached"]);
    expect(ranges).toHaveLength(1);
    await pullModel(published, { cache, force: true });
    expect(ranges).toHaveLength(2);
    await expectPulled();
  });

  it("pulls again a network that was changed under the weights that were published", async () => {
    const { sha256, definitionSha256 } = await smallModel();
    published = { ...published, hashes: { weights: sha256, definition: definitionSha256 } };
    await pullModel(published, { cache });
    const path = join(cache, "small-v1", "model.json");
    const whole = await readFile(path, "utf8");
    const changes: [string, (text: string) => string][] = [
      ["another activation", (text) => text.replace('"relu"', '"tanh"')],
      [
        "another activation, and a hash that fits it",
        (text) => text.replace('"relu"', '"tanh"').replace(/\n.*"definitionSha256".*/, ""),
      ],
      ["another order of features", (text) => text.replace('"btsbot-v1"', '"acai"')],
      ["another normalization", (text) => text.replace(/"normalization": "l2"/, '"normalization": "minmax"')],
    ];
    for (const [what, change] of changes) {
      expect(change(whole), what).not.toBe(whole);
      await writeFile(path, change(whole));
      const stages: string[] = [];
      await pullModel(published, { cache, onProgress: ({ stage }) => stages.push(stage) });
      expect(stages.at(-1), what).toBe("done");
      expect(await readFile(path, "utf8"), what).toBe(whole);
      await expectPulled();
    }
  });

  it.each([
    [
      "a folder stands in place of a file",
      () => mkdir(join(cache, "small-v1", "model.json", "x"), { recursive: true }),
    ],
    ["a file stands in place of the model's folder", () => writeFile(join(cache, "small-v1"), "note")],
    ["a link to nothing stands there", () => symlink(join(cache, "nowhere"), join(cache, "small-v1"))],
    ["a link to itself stands there", () => symlink(join(cache, "small-v1"), join(cache, "small-v1"))],
    [
      "the weights are absent",
      async () => {
        await pullModel(published, { cache });
        await rm(join(cache, "small-v1", "weights.bin"));
      },
    ],
    [
      "the weights are bytes without end",
      async () => {
        await pullModel(published, { cache });
        await rm(join(cache, "small-v1", "weights.bin"));
        // Where there are no devices it is a link to nothing, and is mended as well.
        await symlink("/dev/zero", join(cache, "small-v1", "weights.bin"));
      },
    ],
  ])("mends the cache where %s", async (_, damage) => {
    await mkdir(cache);
    await damage();
    await expect(openCache({ cache }).load("small-v1")).rejects.toMatchObject({ name: "BtsbotError" });
    await pullModel(published, { cache });
    await expectPulled();
  });

  it("refuses to put into the cache what this version reads in another way than it was published", async () => {
    const { sha256 } = await smallModel();
    published = { ...published, hashes: { weights: sha256, definition: "0".repeat(64) } };
    await expect(pullModel(published, { cache })).rejects.toMatchObject({ code: "definition-checksum" });
    expect(await listPulled({ cache })).toEqual([]);
  });

  it("pulls again what was damaged in the cache, or what is published anew", async () => {
    await pullModel(published, { cache });
    await writeFile(join(cache, "small-v1", "weights.bin"), new Uint8Array(10));
    await pullModel(published, { cache });
    await expectPulled();
    const store = (await openCache({ cache }).load("small-v1")).source;
    archive = gzipSync(tar(savedModelFiles(await smallModel())), { level: 1 });
    published = publish(archive);
    expect(published.files[0].sha256).not.toBe(store?.sha256);
    await pullModel(published, { cache });
    await expectPulled();
  });

  it("names a file that has no public address before it fetches any, and takes it from a mirror", async () => {
    const { url: _, ...converted } = published.files[0];
    const model = { ...published, files: [...published.files, { ...converted, mirrorPath: "small/statistics.json" }] };
    await expect(pullModel(model, { cache })).rejects.toMatchObject({
      code: "address-missing",
      path: "small-v1: small/statistics.json",
      message: expect.stringContaining("--from DIR") as string,
    });
    expect(ranges).toEqual([]);
    expect(await filesInCache()).toEqual([]);
    await writeFile(join(folder, "v1.tar.gz"), archive);
    await pullModel({ ...model, files: [{ ...converted }] }, { cache, from: folder });
    expect((await openCache({ cache }).load("small-v1")).source).toEqual(
      expect.not.objectContaining({ url: expect.anything() as string }),
    );
  });

  it("goes on with a download that was interrupted", async () => {
    answer = breakAfter(1000);
    await expect(pullModel(published, { cache })).rejects.toMatchObject({
      code: "download-failed",
      path: published.files[0].url,
    });
    const [part, ...others] = await filesInCache();
    expect(part).toMatch(/^small-v1\.v1\.tar\.gz\..*\.part$/);
    expect(others).toEqual([]);
    expect(await listPulled({ cache })).toEqual([]);
    answer = withRanges;
    await pullModel(published, { cache });
    const kept = Number(/^bytes=(\d+)-$/.exec(ranges[1] ?? "")?.[1]);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(1000);
    await expectPulled();
  });

  it.each([
    ["ignores the range", (_: IncomingMessage, response: ServerResponse) => response.end(archive)],
    [
      "answers the range with 416",
      (request: IncomingMessage, response: ServerResponse) =>
        request.headers.range === undefined ? response.end(archive) : response.writeHead(416).end(),
    ],
    [
      "answers with another range",
      (request: IncomingMessage, response: ServerResponse) =>
        request.headers.range === undefined
          ? response.end(archive)
          : response
              .writeHead(206, { "content-range": `bytes 5-${archive.length - 1}/${archive.length}` })
              .end(archive.subarray(5)),
    ],
  ])("starts again where the server %s", async (_, whole) => {
    answer = breakAfter(1000);
    await expect(pullModel(published, { cache })).rejects.toThrow();
    answer = whole;
    await pullModel(published, { cache });
    await expectPulled();
  });

  it("starts again, once, where the bytes that were kept are the bad ones", async () => {
    await mkdir(cache);
    await writeFile(join(cache, PART), new Uint8Array(500).fill(7));
    await pullModel(published, { cache });
    expect(ranges).toEqual(["bytes=500-", undefined]);
    await expectPulled();
  });

  it("needs no request for a part that is complete", async () => {
    await mkdir(cache);
    await writeFile(join(cache, PART), archive);
    await pullModel(published, { cache });
    expect(ranges).toEqual([]);
    await expectPulled();
  });

  describe("beside work of others", () => {
    const part = `small-v1.v1.tar.gz.${"0".repeat(16)}.part`;
    const live = part.replace(/part$/, "live");
    /** A part with the word of its process, last said so long ago. */
    async function leave(owner: object, seconds: number): Promise<void> {
      await mkdir(cache);
      await writeFile(join(cache, part), archive.subarray(0, 500));
      await writeFile(join(cache, live), JSON.stringify(owner));
      const then = Date.now() / 1000 - seconds;
      for (const file of [part, live]) await utimes(join(cache, file), then, then);
    }

    it.each([
      ["of another host or container, at work", () => ({ space: "another boot pid:[1]", pid: DEAD }), 30],
      ["of a system that does not name its processes, at work", () => ({ space: null, pid: DEAD }), 30],
      ["of a process of ours, at work", async () => ({ space: await ownSpace(), pid: process.ppid }), 30],
    ])("leaves the part %s", async (_, owner, seconds) => {
      await leave(await owner(), seconds);
      await pullModel(published, { cache });
      expect(ranges).toEqual([undefined]);
      expect((await readdir(cache)).sort()).toEqual(["small-v1", live, part].sort());
      expect(await readFile(join(cache, part))).toEqual(Buffer.from(archive.subarray(0, 500)));
    });

    it.each([
      ["of another host, silent for long", () => ({ space: "another boot pid:[1]", pid: process.pid }), 100],
      ["of a process id that is another's now", async () => ({ space: await ownSpace(), pid: process.ppid }), 100],
    ])("goes on with the part %s", async (_, owner, seconds) => {
      await leave(await owner(), seconds);
      await pullModel(published, { cache });
      expect(ranges).toEqual(["bytes=500-"]);
      await expectPulled();
    });

    it.skipIf(process.platform !== "linux")("goes on at once with the part of a process that has ended", async () => {
      await leave({ space: await ownSpace(), pid: DEAD }, 0);
      await pullModel(published, { cache });
      expect(ranges).toEqual(["bytes=500-"]);
      await expectPulled();
    });

    it("leaves the part of an earlier version while that grows", async () => {
      await mkdir(cache);
      const theirs = `small-v1.v1.tar.gz.${process.ppid}.00000000.part`;
      await writeFile(join(cache, theirs), archive.subarray(0, 500));
      await pullModel(published, { cache });
      expect((await readdir(cache)).sort()).toEqual(["small-v1", theirs]);
    });
  });

  it("is not disturbed by others that pull the same model at the same time", async () => {
    const slow: typeof answer = (_, response) => {
      response.write(archive.subarray(0, 700), () => setTimeout(() => response.end(archive.subarray(700)), 20));
    };
    answer = slow;
    await Promise.all([1, 2, 3, 4].map(() => pullModel(published, { cache })));
    await expectPulled();
  });

  it.each([404, 500])("says that the server answered %i, and how to go on", async (status) => {
    answer = (_, response) => response.writeHead(status).end("no");
    const error = await pullModel(published, { cache }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "download-failed", path: published.files[0].url, got: `status ${status}` });
    expect((error as Error).message).toContain("btsbot models pull small-v1 --from DIR");
    expect(await filesInCache()).toEqual([]);
  });

  it("says that nobody answers, and why", async () => {
    const url = "http://127.0.0.1:1/small.tar.gz";
    const closed = { ...published, files: [{ ...published.files[0], url }] };
    const error = await pullModel(closed, { cache }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "download-failed", path: url });
    expect((error as Error).message).toMatch(/no answer \(got \w/);
    expect(await filesInCache()).toEqual([]);
  });

  it("says that the file ended early, without a length from the server", async () => {
    answer = (_, response) => {
      response.write(archive.subarray(0, 900));
      response.end();
    };
    await expect(pullModel(published, { cache })).rejects.toMatchObject({
      code: "download-failed",
      got: `900 of ${archive.length} bytes`,
    });
    expect(await filesInCache()).toHaveLength(1);
  });

  it("refuses and removes another file, of the same length or longer", async () => {
    for (const bytes of [
      archive.map((byte) => byte ^ 1),
      new Uint8Array(archive.length + 1),
      new Uint8Array(1 << 22),
    ]) {
      answer = (_, response) => response.end(bytes);
      await expect(pullModel(published, { cache })).rejects.toMatchObject({
        code: "checksum-mismatch",
        path: published.files[0].url,
      });
      expect(await filesInCache()).toEqual([]);
    }
  });

  it("stops at the signal, and goes on at the next pull", async () => {
    const controller = new AbortController();
    answer = (_, response) => response.write(archive.subarray(0, 600));
    const onProgress = ({ received }: PullProgress) => received > 0 && controller.abort(new Error("enough"));
    await expect(pullModel(published, { cache, signal: controller.signal, onProgress })).rejects.toThrow("enough");
    answer = withRanges;
    await pullModel(published, { cache });
    expect(ranges[1]).toMatch(/^bytes=\d+-$/);
    await expectPulled();
  });

  it("uses the fetch that is given", async () => {
    const response = () => Promise.resolve(new Response(archive.slice()));
    await pullModel(
      { ...published, files: [{ ...published.files[0], url: "https://example.org/small.tar.gz" }] },
      { cache, fetch: response },
    );
    expect(ranges).toEqual([]);
    expect(await listPulled({ cache })).toHaveLength(1);
  });

  it("refuses a file that is no SavedModel, and leaves nothing", async () => {
    for (const [bytes, code] of [
      [new TextEncoder().encode("<html>".repeat(200)), "archive-invalid"],
      [archive.slice(0, 2000), "archive-invalid"],
      [gzipSync(tar(new Map([["a", new Uint8Array(3)]]))), "savedmodel-invalid"],
    ] as const) {
      answer = (_, response) => response.end(bytes);
      await expect(pullModel(publish(bytes), { cache })).rejects.toMatchObject({ code });
      expect(await filesInCache()).toEqual([]);
    }
  });

  it.each(["../escaped", "a/b", ".hidden", ""])("does not make a path of the name %j", async (name) => {
    await expect(pullModel({ ...published, name }, { cache })).rejects.toMatchObject({
      code: "model-invalid",
      got: JSON.stringify(name),
    });
    expect(ranges).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("does not know a name that is not published", async () => {
    const known = PUBLISHED_MODELS.map(({ name }) => name).join(", ");
    await expect(pullModel("btsbot-v9", { cache })).rejects.toMatchObject({ code: "model-unknown", expected: known });
  });
});

describe("pullModel of several files", () => {
  /** A second file beside the archive: not read in the conversion, which is the archive's. */
  const extra = new Uint8Array(3000).fill(5);
  let severed: boolean;

  beforeEach(() => {
    severed = false;
    const [file] = published.files;
    const other = {
      url: file.url!.replace("small.tar.gz", "extra.json"),
      mirrorPath: "small/extra.json",
      bytes: extra.length,
    };
    published = { ...published, files: [file, { ...other, sha256: createHash("sha256").update(extra).digest("hex") }] };
    answer = (request, response) => {
      if (request.url !== "/extra.json") return withRanges(request, response);
      if (!severed) return response.end(extra);
      response.writeHead(200, { "content-length": extra.length });
      response.write(extra.subarray(0, 1000), () => setTimeout(() => response.destroy(), 20));
    };
  });

  async function expectBoth(): Promise<void> {
    const { source } = await openCache({ cache }).load("small-v1");
    expect(source?.files).toEqual(published.files.map(({ url, sha256 }) => ({ url, sha256 })));
    expect(source?.sha256).toBeUndefined();
    expect(await readdir(cache)).toEqual(["small-v1"]);
  }

  it("downloads all, and counts their bytes together", async () => {
    const received: number[] = [];
    const onProgress = (progress: PullProgress) => {
      expect(progress.total).toBe(archive.length + extra.length);
      if (progress.stage === "download") received.push(progress.received);
    };
    await pullModel(published, { cache, onProgress });
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(received.at(-1)).toBe(archive.length + extra.length);
    await expectBoth();
  });

  it("does nothing if all are there, and pulls again if any is published anew", async () => {
    await pullModel(published, { cache });
    await pullModel(published, { cache });
    expect(ranges).toHaveLength(2);
    const [file] = published.files;
    published = { ...published, files: [file] };
    await pullModel(published, { cache });
    await expectPulled();
    expect(ranges).toHaveLength(3);
  });

  it("keeps a file that is complete when the next one breaks off", async () => {
    severed = true;
    await expect(pullModel(published, { cache })).rejects.toMatchObject({
      code: "download-failed",
      path: published.files[1].url,
    });
    expect((await filesInCache()).map((name) => name.replace(/\.[0-9a-f]{16}\.part$/, "")).sort()).toEqual([
      "small-v1.extra.json",
      "small-v1.v1.tar.gz",
    ]);
    severed = false;
    const before = ranges.length;
    await pullModel(published, { cache });
    // The archive is complete and needs no request.
    expect(ranges).toHaveLength(before + 1);
    await expectBoth();
  });

  it("leaves nothing if one of them is another file", async () => {
    const [file, other] = published.files;
    published = { ...published, files: [file, { ...other, sha256: file.sha256 }] };
    await expect(pullModel(published, { cache })).rejects.toMatchObject({ code: "checksum-mismatch", path: other.url });
    expect(await filesInCache()).toEqual([]);
  });

  it("reads all from a mirror, and names the one that it lacks", async () => {
    const mirror = join(folder, "mirror");
    await mkdir(join(mirror, "small"), { recursive: true });
    await writeFile(join(mirror, "small", "v1.tar.gz"), archive);
    await expect(pullModel(published, { cache, from: mirror })).rejects.toMatchObject({
      code: "mirror-missing",
      path: mirror,
    });
    await writeFile(join(mirror, "small", "extra.json"), extra);
    await pullModel(published, { cache, from: mirror });
    expect(ranges).toEqual([]);
    await expectBoth();
  });
});

describe("pullModel from a mirror", () => {
  it.each([["small/v1.tar.gz"], ["v1.tar.gz"]])("reads %s", async (path) => {
    await mkdir(join(folder, "mirror", "small"), { recursive: true });
    await writeFile(join(folder, "mirror", path), archive);
    await pullModel(published, { cache, from: join(folder, "mirror") });
    expect(ranges).toEqual([]);
    await expectPulled();
  });

  it("reads a family's own folder, which may hold several models' files of one name", async () => {
    const place = join(folder, "mirror", "best");
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "v1.tar.gz"), archive);
    await writeFile(join(folder, "mirror", "v1.tar.gz"), "of another model");
    const [file] = published.files;
    const model = { ...published, files: [{ ...file, mirrorPath: "small/best/v1.tar.gz" }] };
    await pullModel(model, { cache, from: join(folder, "mirror") });
    await expectPulled();
  });

  it("says where it looked", async () => {
    const error = await pullModel(published, { cache, from: folder }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "mirror-missing", path: folder, got: "no such file" });
    for (const path of ["small/v1.tar.gz", "v1.tar.gz"]) expect((error as Error).message).toContain(join(folder, path));
    expect(await filesInCache()).toEqual([]);
  });

  it.runIf(process.platform === "linux")("does not read bytes without end", async () => {
    await symlink("/dev/zero", join(folder, "v1.tar.gz"));
    const error = await pullModel(published, { cache, from: folder }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "mirror-missing", path: folder });
    expect((error as Error).message).toContain("a pipe or a device");
  });

  it("says so of a mirror that is not there, or is a file", async () => {
    await writeFile(join(folder, "file"), "no folder");
    for (const from of ["absent", "file"]) {
      const error = { code: "mirror-missing", got: "no such file" };
      await expect(pullModel(published, { cache, from: join(folder, from) })).rejects.toMatchObject(error);
    }
  });

  it("refuses a file with another SHA-256 and does not touch it", async () => {
    const path = join(folder, "v1.tar.gz");
    const other = archive.map((byte, i) => (i === 100 ? byte ^ 1 : byte));
    await writeFile(path, other);
    const error = await pullModel(published, { cache, from: folder }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "checksum-mismatch", path });
    expect((error as Error).message).toContain(published.files[0].sha256);
    expect((error as Error).message).toContain(createHash("sha256").update(other).digest("hex"));
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(other));
    expect(await filesInCache()).toEqual([]);
  });
});

describe("pullModel into a cache that cannot be written", () => {
  it("says that a file is where the folder should be", async () => {
    await writeFile(cache, "a file");
    for (const place of [cache, join(cache, "deeper")]) {
      await expect(pullModel(published, { cache: place })).rejects.toMatchObject({
        code: "cache-unwritable",
        path: place,
      });
    }
    expect(ranges).toEqual([]);
    expect(await readFile(cache, "utf8")).toBe("a file");
  });

  it.skipIf(process.platform !== "linux")("says that the file system takes no files", async () => {
    for (const place of ["/proc", "/proc/btsbot"]) {
      await expect(pullModel(published, { cache: place })).rejects.toMatchObject({ code: "cache-unwritable" });
    }
  });

  it.skipIf(!existsSync("/dev/full"))("says that the disk is full, and leaves nothing", async () => {
    await mkdir(cache);
    // The device that answers every write with ENOSPC, in place of a part that an earlier pull left.
    await symlink("/dev/full", join(cache, PART));
    await expect(pullModel(published, { cache })).rejects.toMatchObject({
      code: "disk-full",
      path: cache,
      got: "ENOSPC",
    });
    expect(await filesInCache()).toEqual([]);
  });
});

describeWithData("pullModel", (data) => {
  it.each(PUBLISHED_MODELS.map(({ name }) => name))("pulls %s from the mirror", async (name) => {
    const { folder: place } = await pullModel(name, { cache, from: `${data}/models` });
    expect(place).toBe(join(cache, name));
    const model = await openCache({ cache }).load(name);
    expect(model.definition.name).toBe(name);
  });

  it("does not score published weights through another network, whatever the file says of where it is from", async () => {
    const { folder: place } = await pullModel("braai_d6_m9", { cache, from: `${data}/models` });
    const path = join(place, "model.json");
    const json = JSON.parse(await readFile(path, "utf8")) as { userDefinedMetadata: { btsbot: object } };
    json.userDefinedMetadata.btsbot = {
      ...json.userDefinedMetadata.btsbot,
      source: undefined,
      definitionSha256: undefined,
    };
    await writeFile(path, JSON.stringify(json).replaceAll('"relu"', '"tanh"'));
    const code = "definition-checksum";
    await expect(openCache({ cache }).load("braai_d6_m9")).rejects.toMatchObject({ code, path });
  });

  it("knows the length of every published file", async () => {
    for (const { mirrorPath, bytes } of PUBLISHED_MODELS.flatMap(({ files }) => files)) {
      expect((await readFile(`${data}/models/${mirrorPath}`)).length).toBe(bytes);
    }
  });
});
