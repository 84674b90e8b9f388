import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRandom } from "@btsbot/chance";
import { runCli } from "btsbot";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { root } from "../../../test/support/packages.js";
import { alertOf, makeStream } from "./support/decideAlerts.js";
import { fillAgeModel, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const POLICIES = ["--filter", "none", "--policy", "gt1", "--policy", "bts_p1"];
/** Runs that are killed, each at its own moment. */
const KILLS = 6;

let folder: string;
let cache: string;
let state: string;

beforeAll(async () => {
  const { setup } = await import("../../../test/setup.js");
  setup(() => undefined);
});

beforeEach(async () => {
  folder = temporaryFolder();
  state = join(folder, "state");
  cache = await fillAgeModel(temporaryFolder());
});

function start(input: string): ChildProcess {
  const args = [`${root}packages/btsbot/dist/cli.js`, "decide", ...POLICIES, "--state", state, input];
  return spawn(process.execPath, args, { env: { ...process.env, BTSBOT_CACHE: cache } });
}

function finish(input: string) {
  return run(["decide", ...POLICIES, "--state", state, input], { cache });
}

function keysOf(text: string): string[] {
  // What was cut off in its line is no line.
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { key: string }).key);
}

it("loses no decision and keeps a whole state, killed at any moment", async () => {
  const random = createRandom(11);
  const alerts = makeStream(7);
  const input = writePacket(folder, "a.avro", alerts);
  const whole = (await run(["decide", ...POLICIES, input], { cache })).stdout;
  // How long a run takes here, so that kills fall all over it.
  const since = performance.now();
  await once(start(writePacket(folder, "first.avro", alerts.slice(0, 1))), "close");
  const takes = performance.now() - since;
  let printed = "";
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = start(input);
    let text = "";
    child.stdout!.on("data", (data: Buffer) => (text += data.toString()));
    const closed = once(child, "close");
    await setTimeout(takes * (0.4 + 0.8 * random()));
    child.kill("SIGKILL");
    await closed;
    printed += text.slice(0, text.lastIndexOf("\n") + 1);
  }
  const last = await finish(input);
  expect(last.status).toBe(0);
  const first = keysOf((await run(["decide", ...POLICIES, join(folder, "first.avro")], { cache })).stdout);
  expect(new Set([...first, ...keysOf(printed + last.stdout)])).toEqual(new Set(keysOf(whole)));
  expect(readdirSync(state).filter((name) => !/^btsbot\.(db(-wal|-shm)?|lock)$/.test(name))).toEqual([]);
  expect((await finish(input)).stdout).toBe("");
}, 60_000);

it("prints nothing and keeps nothing if it is interrupted while it reads", async () => {
  // A pipe with a name is a file of which nobody knows the end.
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const child = start(pipe);
  const writer = createWriteStream(pipe);
  let text = "";
  child.stdout!.on("data", (data: Buffer) => (text += data.toString()));
  writer.write(readFileSync(writePacket(folder, "a.avro", [alertOf({ day: 0 })])));
  for (let tries = 0; tries < 200 && !existsSync(join(state, "btsbot.db")); tries += 1) await setTimeout(50);
  await setTimeout(300);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([null, "SIGINT"]);
  writer.destroy();
  expect(text).toBe("");
  expect((await finish(join(folder, "a.avro"))).lines()).toHaveLength(1);
});

it("decides as alerts come live, and keeps what it has said when it is told to end", async () => {
  const child = start("-");
  let text = "";
  child.stdout!.on("data", (data: Buffer) => (text += data.toString()));
  const input = writePacket(folder, "a.avro", [alertOf({ day: 0 })]);
  child.stdin!.write(readFileSync(input));
  // Standard input stays open: nobody waits for its end.
  for (let tries = 0; tries < 400 && !text.includes("\n"); tries += 1) await setTimeout(50);
  expect(keysOf(text)).toEqual(["ZTF23aaaaaaa/gt1"]);
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([null, "SIGTERM"]);
  expect((await finish(input)).stdout).toBe("");
});

it("says again what its reader did not take", async () => {
  const input = writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1 })]);
  const child = start(input);
  child.stdout!.destroy();
  const [status] = (await once(child, "close")) as [number];
  expect(status).toBe(1);
  // Decided, and not done: another run says it, whatever it reads, and says that it does.
  const other = writePacket(folder, "b.avro", [alertOf({ objectId: "ZTF23aaaaaab", day: 0, age: 0 })]);
  const next = await finish(other);
  expect(next.lines()).toHaveLength(2);
  expect(next.stderr).toContain("2 decisions of an earlier run, which nobody had taken, came first");
  expect((await finish(input)).lines()).toEqual([]);
});

it("repeats lines with the same keys where it ends between two of them", async () => {
  const input = writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1 })]);
  let text = "";
  const write = (part: string) => {
    if (text !== "") throw new Error("no more");
    text += part;
  };
  const io = {
    stdout: { write },
    stderr: { write: () => undefined },
    stdin: (async function* () {})(),
    env: { BTSBOT_CACHE: cache },
  };
  expect(await runCli(["decide", ...POLICIES, "--state", state, input], io)).toBe(70);
  const again = await finish(input);
  expect(keysOf(text)).toEqual(["ZTF23aaaaaaa/gt1"]);
  expect(keysOf(again.stdout)).toEqual(["ZTF23aaaaaaa/gt1", "ZTF23aaaaaaa/bts_p1"]);
  expect(again.stdout.startsWith(text)).toBe(true);
});

/** A module that ends the process as soon as somebody listens for that. */
const ENDS_EARLY = `data:text/javascript,setInterval(() => {
  if (process.listenerCount("SIGINT") > 0) process.kill(process.pid, "SIGINT");
}, 1).unref();`;

it.each(["decide", "score", "backtest"])("ends %s with one line while it still loads", async (name) => {
  const args = ["--import", ENDS_EARLY, `${root}packages/btsbot/dist/cli.js`, name, writePacket(folder, "a.avro", [])];
  const child = spawn(process.execPath, args, { env: { ...process.env, BTSBOT_CACHE: cache } });
  let text = "";
  child.stderr.on("data", (data: Buffer) => (text += data.toString()));
  expect(await once(child, "close")).toEqual([null, "SIGINT"]);
  expect(text).toBe("btsbot: stopped by SIGINT\n");
});
