import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeAlerts } from "@btsbot/alert";
import { BTSBOT_V1 } from "@btsbot/features";
import { runCli } from "btsbot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { root } from "../../../test/support/packages.js";
import { chooseJobs } from "../src/inputs/chooseJobs.js";
import type { AlertFile } from "../src/inputs/listInputs.js";
import { fillAgeModel, fillCache, makeAlert, makeTar, withCutStamp, writePacket } from "./support/packets.js";
import { run } from "./support/runInProcess.js";

let folder: string;
let cache: string;
/** What of a folder is scored: packets of one alert and of several, packed ones, and what cannot be read in between. */
let night: string;

beforeAll(async () => {
  const { setup } = await import("../../../test/setup.js");
  // The threads, and the command as a process, run what is built.
  setup(() => undefined);
  folder = mkdtempSync(join(tmpdir(), "btsbot-jobs-"));
  cache = await fillCache(join(folder, "cache"), ["btsbot-v1.0.1", "small"]);
  night = join(folder, "night");
  mkdirSync(night);
  for (let place = 0; place < 40; place++)
    writePacket(night, `${String(place).padStart(2, "0")}.avro`, [makeAlert(place)]);
  writePacket(night, "05b.avro", [makeAlert(50), withCutStamp(makeAlert(51)), makeAlert(52)]);
  writeFileSync(join(night, "07b.avro"), "");
  writePacket(night, "09b.avro", [makeAlert(53)]);
  truncateSync(join(night, "09b.avro"), 9000);
  writeFileSync(join(night, "11b.avro.gz"), gzipSync(encodeAlerts([makeAlert(54), makeAlert(55)])));
  writeFileSync(
    join(night, "13b.tar"),
    makeTar({
      "a.avro": encodeAlerts([makeAlert(56)]),
      "b.avro": new Uint8Array([1, 2, 3]),
      "c.txt": new Uint8Array([1]),
      "d.avro": encodeAlerts([makeAlert(57)]),
    }),
  );
  writePacket(night, "15b.avro", []);
  symlinkSync("nowhere", join(night, "17b.avro"));
  writePacket(night, "19b.avro", [withCutStamp(makeAlert(58))]);
  writeFileSync(join(night, "21b.json"), "{}");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("--jobs, not given", () => {
  const filesOf = (count: number, size: number): AlertFile[] =>
    Array.from({ length: count }, (_, place) => ({ name: `${place}.avro`, size, async *read() {} }));
  const choose = (files: AlertFile[]): number => chooseJobs(files, [], {}, { stderr: { write: () => undefined } });

  it.each([
    ["a night's packets", 5000, 76_000, availableParallelism()],
    ["a few large files", 3, 20 << 20, availableParallelism()],
    // Both figures were measured: two threads are slower, by their start.
    ["132 packets", 132, 76_000, 1],
    ["300 packets", 300, 76_000, 1],
    ["one archive", 1, 2 ** 34, 1],
  ])("is chosen by how much there is: %s", (_, count, size, expected) => {
    expect(choose(filesOf(count, size))).toBe(expected);
  });
});

describe("--jobs", () => {
  it.each([[["--format", "jsonl"]], [["--format", "table"]], [["--model", "all", "--batch", "3"]]])(
    "score %j: the output is the same to the last byte whatever it is",
    async (options) => {
      const one = await run(["score", night, ...options, "--jobs", "1"], { cache });
      expect(one.stdout.split("\n").length).toBeGreaterThan(50);
      expect(one.status).toBe(1);
      for (const jobs of ["2", "3"]) {
        const more = await run(["score", night, ...options, "--jobs", jobs], { cache });
        expect(more).toEqual({ ...one, lines: expect.any(Function) });
      }
    },
  );

  it("decide: the decisions are the same, and in the same order", async () => {
    const ages = await fillAgeModel(join(folder, "ages"));
    const args = ["decide", night, "--filter", "none", "--policy", "gt1", "--now", "2023-03-01", "--jobs"];
    const one = await run([...args, "1"], { cache: ages });
    expect(one.lines().filter(({ action }) => action !== undefined).length).toBeGreaterThan(3);
    for (const jobs of ["2", "3"])
      expect(await run([...args, jobs], { cache: ages })).toEqual({ ...one, lines: expect.any(Function) });
  });

  it.each([
    [["--format", "jsonl"]],
    [["--format", "text"]],
    [["--format", "jsonl", "--batch", "3", "--profile", "boom-2025", "--profile", "PROFILE"]],
  ])("parity %j: the output is the same to the last byte whatever it is", async (options) => {
    const ages = await fillAgeModel(join(folder, "parity"));
    const profile = join(folder, "own.json");
    const features = BTSBOT_V1.features.map(({ name }) => (name === "age" ? { name, meaning: "7", rule: 7 } : name));
    writeFileSync(profile, JSON.stringify({ name: "own", features }));
    const given = options.map((option) => (option === "PROFILE" ? profile : option));
    const one = await run(["parity", night, ...given, "--jobs", "1"], { cache: ages });
    expect(one.stdout).toMatch(/"outcome":"flipped"|[1-9]\d* decisions? flips?/);
    expect(one.status).toBe(1);
    for (const jobs of ["2", "3"]) {
      const more = await run(["parity", night, ...given, "--jobs", jobs], { cache: ages });
      expect(more).toEqual({ ...one, lines: expect.any(Function) });
    }
  });

  it("parity: leaves --jobs aside for a profile that is a program, and says so", async () => {
    const profile = join(folder, "own.mjs");
    writeFileSync(
      profile,
      `export const profile = { name: "program", source: "", features: ${JSON.stringify(
        BTSBOT_V1.features.map(({ name }) => name),
      )}.map((name) => ({ name, unit: "", meaning: "", path: "", value: () => 1 })) };`,
    );
    const args = ["parity", join(night, "00.avro"), "--profile", profile, "--model", "small", "--jobs"];
    const one = await run([...args, "1"], { cache });
    const two = await run([...args, "2"], { cache });
    expect([two.status, two.stdout]).toEqual([0, one.stdout]);
    expect(two.stderr).toContain("program reads features from a program");
  });

  it("starts no thread for one file, or for a few small ones", async () => {
    const lines = (await run(["score", join(night, "00.avro"), join(night, "01.avro")], { cache })).lines();
    expect(lines).toHaveLength(2);
  });

  it.each([
    ["--jobs", "0"],
    ["--jobs", "1.5"],
    ["--jobs", "x"],
    ["--jobs", "9999"],
    ["--max-wait", "-1"],
  ])("refuses %s %s", async (option, value) => {
    const { status, stderr } = await run(["score", night, option, value], { cache });
    expect(status).toBe(2);
    expect(stderr).toContain("A whole number");
  });
});

describeWithData("--jobs on real packets", (dataFolder) => {
  it.each([["jsonl"], ["text"]])("parity --format %s: the output is the same to the last byte", async (format) => {
    const real = join(folder, "real");
    await run(["models", "pull", "btsbot-v1.0.1", "--from", `${dataFolder}/models`], { cache: real });
    const args = ["parity", `${dataFolder}/alerts`, "--model", "btsbot-v1.0.1", "--format", format, "--jobs"];
    const one = await run([...args, "1"], { cache: real });
    expect([one.status, one.stderr]).toEqual([0, ""]);
    for (const jobs of ["2", "3"])
      expect(await run([...args, jobs], { cache: real })).toEqual({ ...one, lines: expect.any(Function) });
  });
});

/** The command as a process of its own. */
function start(args: readonly string[]): ChildProcess & { text: () => string; said: () => string } {
  const child = spawn(process.execPath, [`${root}packages/btsbot/dist/cli.js`, ...args], {
    env: { ...process.env, BTSBOT_CACHE: cache, NO_COLOR: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [text, said] = ["", ""];
  child.stderr!.on("data", (data: Buffer) => (said += data.toString()));
  child.stdin!.on("error", () => undefined);
  const take = (data: Buffer): void => void (text += data.toString());
  child.stdout!.on("data", take);
  return Object.assign(child, { text: () => text, said: () => said });
}

async function until(condition: () => boolean, seconds = 30): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; !condition() && performance.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

const countLines = (text: string): number => text.split("\n").length - 1;

describe("live input", () => {
  it.each([["1"], ["2"]])(
    "score --jobs %s: five alerts, then silence, are answered, and SIGINT ends it in order",
    async (jobs) => {
      const child = start(["score", "-", "--jobs", jobs, "--max-wait", "50"]);
      const closed = once(child, "close");
      for (let place = 0; place < 5; place++) child.stdin!.write(encodeAlerts([makeAlert(place)]));
      await until(() => countLines(child.text()) >= 5);
      expect(countLines(child.text())).toBe(5);
      child.kill("SIGINT");
      expect(await closed).toEqual([null, "SIGINT"]);
      expect(child.text().endsWith("\n")).toBe(true);
      expect(child.said().match(/^btsbot: stopped by SIGINT$/gm)).toHaveLength(1);
    },
  );

  it.each([["1"], ["2"]])("parity --jobs %s: is answered at once, too, and SIGINT ends it in order", async (jobs) => {
    const child = start(["parity", "-", "--format", "jsonl", "--jobs", jobs, "--max-wait", "50"]);
    const closed = once(child, "close");
    for (let place = 0; place < 5; place++) child.stdin!.write(encodeAlerts([makeAlert(place)]));
    // A line for each alert and profile.
    await until(() => countLines(child.text()) >= 15);
    expect(countLines(child.text())).toBe(15);
    child.kill("SIGINT");
    expect(await closed).toEqual([null, "SIGINT"]);
    expect(child.text().endsWith("\n")).toBe(true);
    expect(child.text()).not.toContain("summary");
    expect(child.said().match(/^btsbot: stopped by SIGINT$/gm)).toHaveLength(1);
  });

  it("SIGTERM ends it, too", async () => {
    const child = start(["score", "-"]);
    const closed = once(child, "close");
    child.stdin!.write(encodeAlerts([makeAlert(0)]));
    await until(() => countLines(child.text()) >= 1);
    child.kill("SIGTERM");
    expect(await closed).toEqual([null, "SIGTERM"]);
  });
});

describe("a reader that is slow", () => {
  it.each([
    ["1", 40],
    ["2", 60],
  ])("--jobs %s: no more is held than is at work, at 10 lines a second", async (jobs, most) => {
    const stop = new AbortController();
    let [taken, lines, held] = [0, 0, 0];
    const packets = Array.from({ length: 8 }, (_, place) => encodeAlerts([makeAlert(place)]));
    async function* endless() {
      for (;;) yield await Promise.resolve(packets[taken++ % packets.length]);
    }
    const status = await runCli(["score", "-", "--jobs", jobs], {
      stdout: {
        write: (text: string) => void (lines += countLines(text)),
        // Each time that it is asked, a tenth of a second later it is ready for one more.
        drained: async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          held = Math.max(held, taken - lines);
          if (lines >= 20) stop.abort(new Error("seen"));
        },
      },
      stderr: { write: () => undefined },
      stdin: endless(),
      env: { BTSBOT_CACHE: cache },
      signal: stop.signal,
    });
    expect(status).toBe(130);
    expect(lines).toBeGreaterThanOrEqual(20);
    expect(held).toBeLessThanOrEqual(most);
  });

  it("stops the command when it takes nothing at all, and has all lines in the end", async () => {
    const child = start(["score", "-", "--model", "all"]);
    child.stdout!.pause();
    const packets = Array.from({ length: 8 }, (_, place) => encodeAlerts([makeAlert(place)]));
    let taken = 0;
    let isOpen = true;
    const feeding = (async () => {
      for (; isOpen; taken += 1)
        if (!child.stdin!.write(packets[taken % packets.length]))
          await Promise.race([once(child.stdin!, "drain"), until(() => !isOpen)]);
      child.stdin!.end();
    })();
    // What is accepted comes to a stand: pipes are full, and nothing is held behind them.
    let before = -1;
    for (let tries = 0; tries < 20 && (before !== taken || taken === 0); tries += 1) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    expect(taken).toBe(before);
    expect(taken).toBeLessThan(1000);
    isOpen = false;
    const closed = once(child, "close");
    child.stdout!.resume();
    await feeding;
    expect(await closed).toEqual([0, null]);
    const candids = child
      .text()
      .split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { candid: string }).candid);
    expect(candids).toEqual(Array.from({ length: taken }, (_, place) => String(makeAlert(place % 8).candid)));
  });
});
