import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { encodeAlerts, toJson } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import { openStore } from "@btsbot/store";
import { runCli } from "btsbot";
import { zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { packParquet } from "../../../test/support/packParquet.js";
import { root } from "../../../test/support/packages.js";
import { describeSource } from "../../../test/support/sourceConformance.js";
import type { FilePlace } from "../src/commands/decide/filePlace.js";
import { createFileSource } from "../src/commands/decide/fileSource.js";
import { listInputs } from "../src/inputs/listInputs.js";
import { createSkipTally } from "../src/inputs/skipTally.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel, makeTar } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const ARGS = ["decide", "--filter", "none", "--policy", "gt1", "--policy", "gt2", "--now", "2460010"];
/** Runs that are killed at random moments. */
const KILLS = Number(process.env.KILLS ?? 30);
/** Small batches, so that there are many places; with other threads for one kind. */
const KILLED_ARGS = (kind: string): string[] => [...ARGS, "--max-wait", "1", ...(kind === "a zip" ? ["-j", "2"] : [])];
/** Alerts of an input: some batches of 256. */
const ALERTS = 700;

let folder: string;
let cache: string;
/** What the policies read of the alerts of one input, in no order of time. */
let alerts: Alert[];

beforeAll(async () => {
  const { setup } = await import("../../../test/setup.js");
  setup(() => undefined);
  const random = createRandom(3);
  alerts = Array.from({ length: ALERTS }, (_, index) => {
    const objectId = `ZTF23aaaa${String.fromCharCode(97 + (index % 5))}a${String.fromCharCode(97 + (index % 23))}`;
    const {
      cutoutScience: _s,
      cutoutTemplate: _t,
      cutoutDifference: _d,
      ...alert
    } = alertOf({
      objectId,
      day: Math.floor(400 * random()) / 10,
      magpsf: 18 + random(),
      age: 40 * random(),
    });
    return { ...alert, candid: alert.candid + BigInt(index) * 100_000n };
  });
});

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillAgeModel(temporaryFolder());
});

const packet = (...of: Alert[]): Uint8Array => encodeAlerts(of);

/** A packet each, one name twice, one damaged and one cut short. */
function members(of: readonly Alert[]): [string, Uint8Array][] {
  return of.map((alert, index) => [
    `${index === 9 ? 8 : index}.avro`,
    index % 97 === 5 ? packet(alert).subarray(0, 300) : packet(alert),
  ]);
}

function tarOf(files: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts = files.map(([name, bytes]) => makeTar({ [name]: bytes }).subarray(0, -1024));
  return Buffer.concat([...parts, new Uint8Array(1024)]);
}

const lineOf = (alert: Alert): string => JSON.stringify(toJson(alert));

/** What a night may come in, made in a folder; the paths to give. */
const KINDS: Readonly<Record<string, (at: string) => string[]>> = {
  "a tar.gz": (at) => [write(at, "night.tar.gz", gzipSync(tarOf(members(alerts))))],
  "a zip": (at) => [write(at, "night.zip", zipSync(Object.fromEntries(members(alerts))))],
  "a folder of archives": (at) => {
    mkdirSync(join(at, "night"));
    write(at, "night/a.tar", tarOf(members(alerts.slice(0, 300))));
    write(at, "night/b.tar.gz", gzipSync(tarOf(members(alerts.slice(300, 500)))).subarray(0, -9));
    write(at, "night/c.avro", packet(...alerts.slice(500)));
    return [join(at, "night"), join(at, "not-there.avro"), join(at, "night", "a.tar", "3.avro")];
  },
  Parquet: (at) => [write(at, "night.parquet", packParquet(alerts, { rowGroupSize: 100 }))],
  "JSON Lines": (at) => [
    write(at, "night.jsonl", alerts.map((each, i) => (i % 90 === 7 ? "{damaged\n" : `${lineOf(each)}\n`)).join("")),
  ],
};

function write(at: string, name: string, bytes: Uint8Array | string): string {
  writeFileSync(join(at, name), bytes);
  return join(at, name);
}

/** A run in this process, whose lines go to a file. */
async function finishInto(output: string, state: string, paths: readonly string[], args: readonly string[] = ARGS) {
  const fd = openSync(output, "a");
  // What a process has for its own stream: the descriptor alone is looked at.
  const stdout = Object.assign(new Writable({ write: (_, __, done) => done() }), { fd });
  let said = "";
  const io = { stdin: (async function* () {})(), stderr: { write: (text: string) => void (said += text) } };
  const status = await runCli([...args, "--state", state, ...paths], { ...io, stdout, env: { BTSBOT_CACHE: cache } });
  closeSync(fd);
  const [, read] = /(\d+) alerts? read/.exec(said) ?? [];
  return { status, said, read: Number(read) };
}

/** A run of the command that dies after so long, or by itself; the signal that ended it. */
async function killRun(
  output: string,
  state: string,
  paths: readonly string[],
  { after, preload, args = ARGS }: { readonly after?: number; readonly preload?: string; readonly args?: string[] },
): Promise<NodeJS.Signals | null> {
  const fd = openSync(output, "a");
  const command = [`${root}packages/btsbot/dist/cli.js`, ...args, "--state", state, ...paths];
  const child = spawn(process.execPath, [...(preload === undefined ? [] : ["--import", preload]), ...command], {
    env: { ...process.env, BTSBOT_CACHE: cache },
    stdio: ["ignore", fd, "ignore"],
  });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  if (after !== undefined) {
    // From when it has its state on: what comes before is long, and nothing happens in it.
    while (!existsSync(join(state, "btsbot.lock")) && child.exitCode === null) await setTimeout(5);
    await Promise.race([setTimeout(after), closed]);
    child.kill("SIGKILL");
  }
  const [, signal] = await closed;
  closeSync(fd);
  return signal;
}

/** The places that a state keeps. */
async function placesIn(state: string): Promise<FilePlace[]> {
  if (!existsSync(join(state, "btsbot.db"))) return [];
  const store = await openStore(state, { access: "watch" });
  const { cursors } = await store.info();
  await store.close();
  return Object.values(cursors).map((text) => JSON.parse(text) as FilePlace);
}

const keysOf = (text: string): string[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { key?: string })
    .flatMap(({ key }) => key ?? []);

/** How many of the alerts stand up to a place, by a reading of their own. */
async function countBefore(paths: readonly string[], place: FilePlace): Promise<number> {
  if (place.at === "") return 0;
  let count = 0;
  for (const [number, file] of (await inputsOf(paths)).entries()) {
    let [member, done] = [0, 0];
    const skip = (): number => ((member += 1), (done = 0));
    for await (const { result } of file.read(undefined, skip)) {
      done += 1;
      if (result.success) count += 1;
      if (number === place.file && member === place.member && done === place.done) return count;
    }
  }
  throw new Error(`${JSON.stringify(place)} is nowhere`);
}

function inputsOf(paths: readonly string[]) {
  return listInputs(paths, {
    stdin: (async function* () {})(),
    skipped: createSkipTally(),
    read: {},
    recursive: false,
  });
}

describe.each(Object.keys(KINDS))("decide --state over %s", (kind) => {
  let at: string;
  beforeAll(() => (at = mkdtempSync(join(tmpdir(), "btsbot-place-"))));
  afterAll(() => rmSync(at, { recursive: true }));
  let paths: readonly string[] | undefined;
  describeSource(
    `of ${kind}, with a place`,
    async () => {
      const inputs = await inputsOf((paths ??= KINDS[kind](at)));
      return createFileSource(inputs, { name: "files test", onFile: () => undefined });
    },
    { "a zip": ALERTS - 1, "a folder of archives": ALERTS + 3 }[kind] ?? ALERTS,
  );

  it(
    `says each decision once, in the same bytes, over kills at random moments, and judges nothing again`,
    async () => {
      const random = createRandom(kind.length);
      const paths = KINDS[kind](folder);
      const whole = join(folder, "whole.jsonl");
      const first = await finishInto(whole, join(folder, "whole"), paths);
      const expected = readFileSync(whole, "utf8");
      expect(keysOf(expected).length).toBeGreaterThan(50);
      expect(await placesIn(join(folder, "whole"))).toEqual([]);
      let takes = kind === "a zip" ? 1500 : 700;
      let [kills, midway] = [0, 0];
      for (let round = 0; kills < Math.ceil(KILLS / Object.keys(KINDS).length); round += 1) {
        const [output, state] = [join(folder, `${round}.jsonl`), join(folder, `state${round}`)];
        for (let times = 0; times < 3; times += 1) {
          const after = takes * random();
          const killed = await killRun(output, state, paths, { after, args: KILLED_ARGS(kind) });
          if (killed !== "SIGKILL") {
            // It was done before: runs take less long than was thought.
            takes *= 0.8;
            break;
          }
          kills += 1;
          // All was said and done: what comes now is another run.
          if (existsSync(output) && readFileSync(output, "utf8") === expected) break;
        }
        const [place] = await placesIn(state);
        const before = place === undefined ? 0 : await countBefore(paths, place);
        if (before > 0) midway += 1;
        const isDone = existsSync(output) && readFileSync(output, "utf8") === expected && place === undefined;
        if (isDone) continue;
        const last = await finishInto(output, state, paths);
        expect([round, last.status, last.read]).toEqual([round, first.status, first.read - before]);
        expect(readFileSync(output, "utf8")).toBe(expected);
        expect(await placesIn(state)).toEqual([]);
      }
      process.stdout.write(process.env.KILLS === undefined ? "" : `${kind}: ${kills} kills, ${midway} midway\n`);
    },
    60_000 + KILLS * 4000,
  );
});

/** A module that ends the process before or after the so-manieth commit to a database. */
function writePreload(count: number, when: "before" | "after"): string {
  const path = join(folder, `${when}${count}.mjs`);
  writeFileSync(
    path,
    `import { createRequire } from "node:module";
    const Database = createRequire(${JSON.stringify(`${root}packages/store/dist/index.js`)})("libsql");
    const prepare = Database.prototype.prepare;
    let left = ${count};
    const die = () => process.kill(process.pid, "SIGKILL");
    Database.prototype.prepare = function (text) {
      const statement = prepare.call(this, text);
      if (text !== "commit") return statement;
      const run = statement.run.bind(statement);
      statement.run = (...values) => {
        left -= 1;
        if (left === 0 && ${when === "before"}) die();
        const result = run(...values);
        if (left === 0) die();
        return result;
      };
      return statement;
    };`,
  );
  return path;
}

it.each(["before", "after"] as const)(
  "says each decision once, in the same bytes, wherever it dies %s a commit",
  async (when) => {
    const paths = KINDS["a tar.gz"](folder);
    const whole = join(folder, "whole.jsonl");
    const first = await finishInto(whole, join(folder, "whole"), paths);
    const expected = readFileSync(whole, "utf8");
    const read: number[] = [];
    let isWhole = false;
    for (let count = 1; ; count += 1) {
      const [output, state] = [join(folder, `${count}.jsonl`), join(folder, `state${count}`)];
      const killed = await killRun(output, state, paths, { preload: writePreload(count, when) });
      if (killed === null) break;
      // All was said, and the place forgotten: what comes now is another run.
      isWhole = readFileSync(output, "utf8") === expected && (await placesIn(state)).length === 0;
      if (isWhole) continue;
      const last = await finishInto(output, state, paths);
      expect([count, last.status, readFileSync(output, "utf8")]).toEqual([count, first.status, expected]);
      read.push(last.read);
    }
    // The tables, by what the state is made, the beginning, three batches, the decisions, their answers, the end.
    expect(read.length).toBeGreaterThan(7);
    // The first have all to read; once the last batch was kept, there is nothing.
    expect(read[0]).toBe(first.read);
    expect(new Set(read).size).toBeGreaterThan(3);
    expect(read.at(-1)).toBe(0);
    expect(isWhole).toBe(when === "after");
  },
  180_000,
);

describe("the place of decide --state", () => {
  const outputOf = (name: string): string => join(folder, `${name}.jsonl`);
  const decisionsIn = (path: string): string[] =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line.includes('"key"'));

  /** A state in which a run over paths was killed once it had kept a place midway. */
  async function leaveMidway(paths: readonly string[]): Promise<string> {
    const state = join(folder, "state");
    for (let count = 3; ; count += 1) {
      await killRun(outputOf("cut"), state, paths, { preload: writePreload(count, "after") });
      const [place] = await placesIn(state);
      if (place !== undefined && place.at !== "") return state;
    }
  }

  it("is told where a run goes on", async () => {
    const paths = KINDS["a tar.gz"](folder);
    const state = await leaveMidway(paths);
    const { said } = await finishInto(outputOf("cut"), state, paths);
    expect(said).toMatch(/goes on behind \S+night\.tar\.gz\/\d+\.avro#0, up to which an earlier run has judged\n/);
  });

  it("is not that of other inputs, or of others that judge: they begin anew, and come to what one run would", async () => {
    const paths = KINDS["a tar.gz"](folder);
    const whole = await finishInto(outputOf("whole"), join(folder, "whole"), paths);
    const state = await leaveMidway(paths);
    utimesSync(paths[0], 1e9, 1e9);
    const touched = await finishInto(outputOf("cut"), state, paths);
    expect(touched.read).toBe(whole.read);
    // What cannot be read is said again with the other run, decisions are not.
    expect(decisionsIn(outputOf("cut"))).toEqual(decisionsIn(outputOf("whole")));
    const again = await finishInto(outputOf("cut"), state, paths, [...ARGS, "--policy", "bts_p1"]);
    expect(again.read).toBe(whole.read);
  });

  it("outlasts a run over other inputs, which decides on what was left", async () => {
    const paths = KINDS["a tar.gz"](folder);
    const state = await leaveMidway(paths);
    const [place] = await placesIn(state);
    const other = write(folder, "other.avro", packet(alertOf({ objectId: "ZTF23zzzzzzz", day: 0 })));
    await finishInto(outputOf("other"), state, [other]);
    const between = keysOf(readFileSync(outputOf("other"), "utf8"));
    expect(between).toContain("ZTF23zzzzzzz/gt1");
    expect(between.length).toBeGreaterThan(1);
    const before = await countBefore(paths, place);
    const last = await finishInto(outputOf("other"), state, paths);
    const whole = await finishInto(outputOf("whole"), join(folder, "whole"), [...paths, other]);
    expect([before > 0, last.read]).toEqual([true, whole.read - 1 - before]);
    const all = readFileSync(outputOf("other"), "utf8");
    expect(new Set(keysOf(all))).toEqual(new Set(keysOf(readFileSync(outputOf("whole"), "utf8"))));
  });

  it("says of a source whose decision is still to come that it is not given", async () => {
    const paths = KINDS["a tar.gz"](folder);
    const state = await leaveMidway(paths);
    const explain = async () => {
      const args = [...ARGS, "--state", state, "--explain", "ZTF23aaaaaaa", "--format", "jsonl", ...paths];
      return (await run(args, { cache })).lines().flatMap(({ decisions = [] }) => decisions as { given?: boolean }[]);
    };
    expect((await explain()).map(({ given }) => given)).toEqual([undefined, undefined]);
    await finishInto(outputOf("cut"), state, paths);
    expect((await explain()).map(({ given }) => given)).toEqual([true, true]);
  });

  it("is not kept of standard input, of which nobody knows whether it is the same", async () => {
    const state = join(folder, "state");
    const bytes = readFileSync(KINDS["a tar.gz"](folder)[0]);
    await run([...ARGS, "--state", state, "-"], { cache, stdin: [bytes] });
    expect(await placesIn(state)).toEqual([]);
  });
});
