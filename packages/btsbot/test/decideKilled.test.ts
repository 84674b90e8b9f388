import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, createWriteStream, existsSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { createRandom } from "@btsbot/chance";
import { openStore } from "@btsbot/store";
import { runCli } from "btsbot";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { root } from "../../../test/support/packages.js";
import { alertOf, makeStream } from "./support/decideAlerts.js";
import { fillAgeModel, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const POLICIES = ["--filter", "none", "--policy", "gt1", "--policy", "bts_p1"];
/** Runs that are killed, each at its own moment; `npm run check:kills` has 500. */
const KILLS = Number(process.env.KILLS ?? 30);
/** Nights that follow each other in one state, each killed once and then done. */
const NIGHTS = 3;

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

/**
 * A run of the command whose lines go to a file, killed after so long, or when it has written and not yet noted that it
 * has; whether it was still at work then.
 */
async function killRun(input: string, output: string, after: number | "written"): Promise<boolean> {
  const fd = openSync(output, "a");
  const { size } = fstatSync(fd);
  const args = [`${root}packages/btsbot/dist/cli.js`, "decide", ...POLICIES, "--state", state, input];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, BTSBOT_CACHE: cache },
    stdio: ["ignore", fd, "ignore"],
  });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  if (after === "written") while (fstatSync(fd).size === size && child.exitCode === null) await setTimeout(1);
  else await Promise.race([setTimeout(after), closed]);
  child.kill("SIGKILL");
  closeSync(fd);
  return (await closed)[1] === "SIGKILL";
}

/** A run in this process, whose lines go to the same file. */
async function finishInto(input: string, output: string): Promise<void> {
  const fd = openSync(output, "a");
  // What a process has for its own stream: the descriptor alone is looked at.
  const stdout = Object.assign(new Writable({ write: (_, __, done) => done() }), { fd });
  let said = "";
  const io = { stdin: (async function* () {})(), stderr: { write: (text: string) => void (said += text) } };
  const env = { BTSBOT_CACHE: cache };
  const status = await runCli(["decide", ...POLICIES, "--state", state, input], { ...io, stdout, env });
  closeSync(fd);
  expect([status, said]).toEqual([0, expect.stringContaining("decision")]);
}

it(
  `says each decision once, in a file, over ${KILLS} kills at any moment, and lets the next run in at once`,
  async () => {
    const random = createRandom(11);
    const first = writePacket(folder, "first.avro", makeStream(7).slice(0, 1));
    // How long a run takes here, so that kills fall all over it.
    let since = performance.now();
    await once(start(first), "close");
    let takes = performance.now() - since;
    let [kills, midway] = [0, 0];
    for (let round = 0; kills < KILLS; round += 1) {
      const alerts = makeStream(round);
      const cut = Math.ceil(alerts.length / NIGHTS);
      const nights = Array.from({ length: NIGHTS }, (_, night) =>
        writePacket(folder, `night${night}.avro`, alerts.slice(night * cut, (night + 1) * cut)),
      );
      state = join(folder, `whole${round}`);
      const whole = join(folder, `whole${round}.jsonl`);
      for (const night of nights) await finishInto(night, whole);
      state = join(folder, `state${round}`);
      const output = join(folder, `out${round}.jsonl`);
      for (const night of nights) {
        const before = existsSync(output) ? readFileSync(output, "utf8") : "";
        since = performance.now();
        const after = random() < 0.3 ? "written" : takes * (0.4 + 0.75 * random());
        if (await killRun(night, output, after)) {
          kills += 1;
          if (readFileSync(output, "utf8") !== before) midway += 1;
        } else if (after !== "written") {
          // One that was done before was not killed, and runs take less long than was thought.
          takes = (takes + performance.now() - since) / 2;
        }
        // Nobody has the store: a run that waits for nothing gets it.
        if (existsSync(join(state, "btsbot.db"))) await (await openStore(state, { waitMs: 0 })).close();
        await finishInto(night, output);
      }
      const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n").sort();
      expect([round, lines(output)]).toEqual([round, lines(whole)]);
      expect(new Set(keysOf(readFileSync(output, "utf8"))).size).toBe(lines(output).length - 1);
      expect(lines(output).length).toBeGreaterThan(1);
      expect(readdirSync(state).filter((name) => !/^btsbot\.(db(-wal|-shm)?|lock)$/.test(name))).toEqual([]);
    }
    // Some die between what they have written and the note that they have.
    expect(midway).toBeGreaterThan(0);
    process.stdout.write(process.env.KILLS === undefined ? "" : `${kills} kills, ${midway} after lines were written\n`);
  },
  60_000 + KILLS * 8_000,
);

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
  expect(next.stderr).toContain("2 decisions of an earlier run, which had not been delivered, came first");
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
