import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { encodeAlerts } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packParquet } from "../../../test/support/packParquet.js";
import { root } from "../../../test/support/packages.js";
import { fillCache, makeAlert, makeTar } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

/** Runs that are killed, each at its own moment; `KILLS=100` for more. */
const KILLS = Number(process.env.KILLS ?? (process.env.CI ? 30 : 5));

let shared: string;
let cache: string;
let paths: string[];
let whole: string;

beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), "btsbot-resume-"));
  const folder = join(shared, "alerts");
  mkdirSync(folder);
  cache = await fillCache(join(shared, "cache"));
  const packet = (...places: number[]): Uint8Array => encodeAlerts(places.map((place) => makeAlert(place)));
  const night = join(folder, "night.tar.gz");
  writeFileSync(
    night,
    gzipSync(
      makeTar({
        "a.avro": packet(0),
        "damaged.avro": packet(1).subarray(0, 500),
        "several.avro": packet(2, 3, 4),
        "empty.avro": encodeAlerts([]),
        "rows.parquet": packParquet(
          [5, 6, 7].map((place) => makeAlert(place)),
          { rowGroupSize: 2 },
        ),
      }),
    ),
  );
  const several = join(folder, "several.avro");
  writeFileSync(several, packet(8, 9));
  const rows = join(folder, "rows.parquet");
  writeFileSync(
    rows,
    packParquet(
      [10, 11, 12].map((place) => makeAlert(place)),
      { rowGroupSize: 2 },
    ),
  );
  const cut = join(folder, "cut.tar");
  writeFileSync(cut, makeTar({ "b.avro": packet(13) }).subarray(0, -1024));
  paths = [night, several, rows, join(folder, "not-there.avro"), `${night}/several.avro`, cut];
  whole = (await score(...paths)).stdout;
});

afterAll(() => rmSync(shared, { recursive: true }));

function score(...args: readonly string[]) {
  return run(["score", "--model", "small", ...args], { cache });
}

function fileOf(text: string): string {
  const file = join(temporaryFolder(), "out.jsonl");
  writeFileSync(file, text);
  return file;
}

describe("score --resume", () => {
  it("writes the lines to a file that is not there yet, and nothing to standard output", async () => {
    const file = fileOf("");
    rmSync(file);
    const { stdout, status } = await score(...paths, "--resume", file);
    expect([stdout, status]).toEqual(["", 1]);
    expect(readFileSync(file, "utf8")).toBe(whole);
    expect(whole.trim().split("\n")).toHaveLength(1 + 1 + 3 + 3 + 2 + 3 + 1 + 3 + 2);
  });

  it("goes on wherever a run ended, with the same bytes in the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.constantFrom("1", "1", "1", "2"), async (length, jobs) => {
        const file = fileOf(whole.slice(0, length));
        await score(...paths, "--jobs", jobs, "--resume", file);
        expect(readFileSync(file, "utf8")).toBe(whole);
      }),
      { numRuns: process.env.CI ? 25 : 8 },
    );
  });

  it("scores nothing again", async () => {
    const lines = whole.split("\n");
    const file = fileOf(`${lines.slice(0, 4).join("\n")}\n${lines[4].slice(0, 20)}`);
    const { stderr } = await score(...paths, "--resume", file);
    expect(stderr).toContain(`${file} ended in half a line, 20 bytes that an earlier run left; they are removed`);
    const done = fileOf(whole.replaceAll(/"score":[\d.e-]+/g, '"score":0.5'));
    const marked = readFileSync(done, "utf8");
    expect((await score(...paths, "--resume", done)).status).toBe(0);
    expect(readFileSync(done, "utf8")).toBe(marked);
  });

  it("takes two members of one name for two", async () => {
    const tar = join(temporaryFolder(), "twice.tar");
    const member = (place: number): Uint8Array => makeTar({ "a.avro": encodeAlerts([makeAlert(place)]) });
    writeFileSync(tar, Buffer.concat([member(0).subarray(0, -1024), member(1)]));
    const all = (await score(tar)).stdout;
    const [first] = all.split("\n");
    const file = fileOf(`${first}\n`);
    await score(tar, "--resume", file);
    expect(readFileSync(file, "utf8")).toBe(all);
    expect(new Set(all.trim().split("\n")).size).toBe(2);
  });

  it.each([
    ["other inputs", () => [paths[1]], /the inputs are not those of the earlier run/],
    ["fewer inputs", () => [paths[0]], /expected .*several\.avro, got the end of the inputs/],
    ["another model", () => [...paths, "--model", "btsbot-v1.0.1"], /scores of different models.*Name the same models/],
  ])("refuses %s, and changes nothing", async (_, args, expected) => {
    const file = fileOf(whole);
    const { status, stderr } = await score(...args(), "--resume", file);
    expect(status).toBe(2);
    expect(stderr).toMatch(expected);
    expect(readFileSync(file, "utf8")).toBe(whole);
  });

  it("refuses a file that it did not write, a table, and a file that cannot be written", async () => {
    const file = fileOf('{"objectId":"ZTF20aajcdad"}\n');
    expect(await score(...paths, "--resume", file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${file}, line 1: btsbot score did not write this`) as string,
    });
    expect((await score(...paths, "--resume", file, "--format", "table")).status).toBe(2);
    expect((await score(...paths, "--resume", join(file, "below"))).stderr).toMatch(/below: cannot be written/);
  });
});

describe("score --resume, killed", () => {
  beforeAll(async () => {
    const { setup } = await import("../../../test/setup.js");
    setup(() => undefined);
  });

  it(
    `has every alert once after ${KILLS} kills at random moments, and the bytes of a run that was not killed`,
    async () => {
      const random = createRandom(Number(process.env.SEED ?? 5));
      const folder = temporaryFolder();
      const night = join(folder, "night.tar.gz");
      const names = Array.from({ length: 150 }, (_, i) => [`${i}.avro`, encodeAlerts([makeAlert(i)])] as const);
      writeFileSync(night, gzipSync(makeTar(Object.fromEntries(names))));
      const expected = (await score(night)).stdout;
      const start = (file: string) =>
        spawn(
          process.execPath,
          [`${root}packages/btsbot/dist/cli.js`, "score", "--model", "small", "--batch", "1", night, "--resume", file],
          { env: { ...process.env, BTSBOT_CACHE: cache }, stdio: "ignore" },
        );
      const since = performance.now();
      await once(start(join(folder, "first.jsonl")), "close");
      const takes = performance.now() - since;
      expect(readFileSync(join(folder, "first.jsonl"), "utf8")).toBe(expected);
      let [file, killed] = [join(folder, "0.jsonl"), 0];
      while (killed < KILLS) {
        const child = start(file);
        const closed = once(child, "close");
        const wait = new AbortController();
        await Promise.race([closed, setTimeout(takes * (0.2 + 0.7 * random()), undefined, { signal: wait.signal })]);
        wait.abort();
        if (child.exitCode === null) {
          child.kill("SIGKILL");
          killed += 1;
        }
        await closed;
        // What is whole begins anew.
        if (child.exitCode !== 0) continue;
        expect(readFileSync(file, "utf8")).toBe(expected);
        file = join(folder, `${killed}.jsonl`);
      }
      await once(start(file), "close");
      expect(readFileSync(file, "utf8")).toBe(expected);
    },
    30_000 + KILLS * 5000,
  );
});
