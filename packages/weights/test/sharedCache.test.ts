import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { openCache, PUBLISHED_MODELS, pullModel } from "@btsbot/weights";
import type { PublishedModel } from "@btsbot/weights";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { smallModel } from "./support/smallModel.js";
import { savedModelFiles, tar } from "./support/writeSavedModel.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** In a namespace of its own a process has ids that mean nothing outside, as in a container. */
const UNSHARE = ["unshare", "--pid", "--fork", "--mount-proc"];
const canUnshare = process.platform === "linux" && spawnSync(UNSHARE[0], [...UNSHARE.slice(1), "true"]).status === 0;

let archive: Uint8Array;
let folder: string;
let cache: string;
let server: Server;
/** Answers that wait in the middle of the file. */
let waiting: ServerResponse[];
let published: PublishedModel;
let children: ChildProcess[];

beforeAll(async () => {
  archive = gzipSync(tar(savedModelFiles(await smallModel())));
  folder = await mkdtemp(join(tmpdir(), "btsbot-shared-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  await build({
    stdin: {
      contents: `
        import { pullModel } from "${ROOT.replaceAll("\\", "/")}packages/weights/src/pullModel.ts";
        const [published, cache] = process.argv.slice(2);
        await pullModel(JSON.parse(published), { cache });
        process.stdout.write("pulled");
      `,
      resolveDir: ROOT,
    },
    outfile: join(folder, "pull.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: Object.fromEntries(
      ["errors", "model", "tables"].map((name) => [`@btsbot/${name}`, join(ROOT, "packages", name, "src", "index.ts")]),
    ),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  cache = await mkdtemp(join(folder, "cache-"));
  waiting = [];
  children = [];
  server = createServer((request, response) => {
    // The others wait in the middle; who asks for all at once gets it.
    if (request.headers["user-agent"] === "at once") {
      const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
      if (start > 0)
        response.writeHead(206, { "content-range": `bytes ${start}-${archive.length - 1}/${archive.length}` });
      response.end(archive.subarray(start));
      return;
    }
    response.writeHead(200, { "content-length": archive.length });
    response.write(archive.subarray(0, 500), () => waiting.push(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { hashes: _, ...entry } = PUBLISHED_MODELS[0];
  const file = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/small.tar.gz`,
    mirrorPath: "small/v1.tar.gz",
    sha256: createHash("sha256").update(archive).digest("hex"),
    bytes: archive.length,
  };
  published = { ...entry, name: "small-v1", version: "1", files: [file] };
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Pull {
  readonly child: ChildProcess;
  readonly ended: Promise<{ status: number | null; text: string }>;
}

function startPull(command: readonly string[]): Pull {
  const [program, ...rest] = [...command, process.execPath, join(folder, "pull.mjs"), JSON.stringify(published), cache];
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (text += data.toString()));
  const ended = new Promise<{ status: number | null; text: string }>((resolve) => {
    child.once("close", (status) => resolve({ status, text }));
  });
  return { child, ended };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const fetchAtOnce: typeof fetch = (url, options) =>
  fetch(url, { ...options, headers: { ...(options?.headers as Record<string, string>), "user-agent": "at once" } });

describe("a cache that several processes share", () => {
  const neverTaken = async (command: readonly string[]): Promise<void> => {
    const pulls = [1, 2, 3].map(() => startPull(command));
    const parts = async () => (await readdir(cache)).filter((name) => name.endsWith(".part"));
    await until(async () => waiting.length === 3 && (await parts()).length === 3);
    const before = await parts();
    await pullModel(published, { cache, fetch: fetchAtOnce, force: true });
    expect(await parts()).toEqual(before);
    for (const name of before) expect((await stat(join(cache, name))).size).toBe(500);
    for (const response of waiting) response.end(archive.subarray(500));
    for (const { ended } of pulls) expect(await ended).toEqual({ status: 0, text: "pulled" });
    expect(await readdir(cache)).toEqual(["small-v1"]);
    expect((await openCache({ cache }).load("small-v1")).sha256).toBe((await smallModel()).sha256);
  };

  it("never takes another's download as abandoned: processes of this host", () => neverTaken([]));

  // Needs the right to make namespaces.
  it.skipIf(!canUnshare)("never takes another's download as abandoned: containers, whose process ids differ", () =>
    neverTaken(UNSHARE),
  );

  it.skipIf(process.platform !== "linux")("goes on at once with the download of one that was killed", async () => {
    const { child, ended } = startPull([]);
    await until(async () => {
      const [part] = (await readdir(cache)).filter((name) => name.endsWith(".part"));
      return waiting.length === 1 && part !== undefined && (await stat(join(cache, part))).size === 500;
    });
    child.kill("SIGKILL");
    await ended;
    const asked: (string | null)[] = [];
    const watch: typeof fetch = (url, options) => {
      asked.push(new Headers(options?.headers).get("range"));
      return fetchAtOnce(url, options);
    };
    await pullModel(published, { cache, fetch: watch });
    expect(asked).toEqual(["bytes=500-"]);
    expect(await readdir(cache)).toEqual(["small-v1"]);
  });
});
