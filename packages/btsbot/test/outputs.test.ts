import { spawn } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { openStore } from "@btsbot/store";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../test/support/packages.js";
import { entriesOf, saveOf } from "../../../test/support/skyportal/actions.js";
import { makePacket, nameOf } from "../../train/test/support/writeSet.js";
import { createProgram } from "../src/createProgram.js";
import { createTerminal } from "../src/terminal/createTerminal.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel, makeAlert, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

/** A source of the store. */
const SOURCE = alertOf({ day: 0 }).objectId;

/** Every command, with arguments by which it succeeds. `OUT` is a new folder, `FOLDER` that of the inputs. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  score: ["FOLDER/a.avro"],
  inspect: ["FOLDER/a.avro"],
  parity: ["FOLDER/a.avro"],
  golden: ["FOLDER/a.avro"],
  decide: ["FOLDER/a.avro", "--filter", "none", "--policy", "gt1", "--state", "OUT/state"],
  backtest: ["gt1", "-s", "FOLDER/s.csv", "-t", "FOLDER/t.csv"],
  tune: ["--completeness", "0.5", "-s", "FOLDER/s.csv", "-t", "FOLDER/t.csv"],
  "models list": [],
  "models pull": ["--from", "FOLDER/none"],
  "models import": ["FOLDER/cache/btsbot-v1.0.1", "--name", "mine", "--force"],
  "models show": [],
  "models export": ["btsbot-v1.0.1", "--format", "tfjs", "--to", "OUT/model"],
  "store info": ["FOLDER/kept"],
  "store export": ["FOLDER/kept", "--table", "sources"],
  "store prune": ["FOLDER/kept", "--before", "2459000.5"],
  "store import": ["FOLDER/kept"],
  send: ["--store", "FOLDER/due", "--url", "http://127.0.0.1:9", "--format", "skyportal"],
  tns: [SOURCE, "--store", "FOLDER/kept", "--reporter", "A. Person", "--group", "74", "--archive", "PS1"],
  simulate: ["--nights", "1", "--sources", "1", "--out", "OUT/survey"],
  train: ["FOLDER/train.json", "--out", "OUT/train"],
  search: ["FOLDER/search.json", "--out", "OUT/search"],
};
/** Needs a broker: streamProcess.test.ts runs it beside one. */
const ELSEWHERE = ["stream"];
/** What tells all on standard error: standard output is not touched. */
const SILENT = ["models pull", "simulate", "store import"];
/** Options that name what is read. */
const READ =
  /^(decide --rules|models pull --from|store import --from|.* --(scores|truth|schema|profile|files-from|portal|token-file|key-file))$/;
/** Options that name what is written, and the rest of their command. A folder, or a file. */
const WRITTEN: Readonly<Record<string, "file" | "folder">> = {
  "score --resume": "file",
  "inspect --png": "file",
  "decide --state": "folder",
  "backtest --json": "file",
  "backtest --report": "file",
  "tune --json": "file",
  "tune --report": "file",
  "models export --to": "folder",
  "simulate --out": "folder",
  "train --out": "folder",
  "search --out": "folder",
};

const io = { write: () => undefined };
const program = createProgram(
  createTerminal({ stdout: io, stderr: io, stdin: (async function* () {})(), env: {} }, () => 0),
  () => undefined,
);

/** The commands that do something, by their names. */
function leaves(of: Command, path: readonly string[] = []): (readonly [string, Command])[] {
  return of.commands.flatMap((command) => {
    const name = [...path, command.name()];
    return command.commands.length > 0 ? leaves(command, name) : [[name.join(" "), command] as const];
  });
}

let folder: string;
let cache: string;

beforeAll(async () => {
  const { setup } = await import("../../../test/setup.js");
  setup(() => undefined);
  folder = mkdtempSync(join(tmpdir(), "btsbot-outputs-"));
  cache = await fillAgeModel(join(folder, "cache"));
  writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1 }), makeAlert(2)]);
  writeFileSync(
    join(folder, "s.csv"),
    "objectId,candid,jd,magpsf,score\nA,1,2459300.5,18,0.9\nA,2,2459301.5,18,0.9\nB,3,2459300.5,18,0.1\nB,4,2459301.5,18,0.1\n",
  );
  writeFileSync(join(folder, "t.csv"), "objectId,label\nA,1\nB,0\n");
  const kept = ["--filter", "none", "--policy", "gt1", "--state", join(folder, "kept")];
  await run(["decide", join(folder, "a.avro"), ...kept], { cache });
  const due = await openStore(join(folder, "due"));
  const unit = await due.begin();
  await unit.save({ entries: entriesOf([saveOf(SOURCE)]) });
  await unit.commit();
  await due.close();
  mkdirSync(join(folder, "night"));
  const rows = ["objectId,label"];
  for (let source = 0; source < 30; source++) {
    writeFileSync(join(folder, "night", `${source}.avro`), encodeAlerts([makePacket(source, 0)]));
    rows.push(`${nameOf(source)},${source % 3 === 0 ? 1 : 0}`);
  }
  writeFileSync(join(folder, "night", "truth.csv"), `${rows.join("\n")}\n`);
  const config = {
    name: "mine",
    model: { architecture: "featuresNn" },
    data: [{ packets: "night", truth: "night/truth.csv" }],
    epochs: 1,
    batchSize: 16,
  };
  writeFileSync(join(folder, "train.json"), JSON.stringify(config));
  writeFileSync(
    join(folder, "search.json"),
    JSON.stringify({
      ...config,
      search: { method: "random", trials: 1, space: { "adam.learningRate": { values: [1e-3] } } },
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number;
  readonly stderr: string;
}

async function start(name: string, args: readonly string[], stdout: "closed" | number): Promise<Ended> {
  const stdio: StdioOptions = ["ignore", stdout === "closed" ? "pipe" : stdout, "pipe"];
  const child = spawn(process.execPath, [`${root}packages/btsbot/dist/cli.js`, ...name.split(" "), ...args], {
    env: { ...process.env, BTSBOT_CACHE: cache, NO_COLOR: "1" },
    stdio,
  });
  let stderr = "";
  child.stderr!.on("data", (data: Buffer) => (stderr += data.toString()));
  if (stdout === "closed") child.stdout!.destroy();
  const [status] = (await once(child, "close")) as [number];
  return { status, stderr };
}

/** What was decided and not taken is said by the next run, once. */
async function expectSaidAgain(out: string): Promise<void> {
  const again = () => run(["decide", ...argumentsOf("decide", out)], { cache });
  expect((await again()).lines().length).toBeGreaterThan(0);
  expect((await again()).stdout).toBe("");
}

function argumentsOf(name: string, out: string): string[] {
  return COMMANDS[name].map((each) => each.replace("FOLDER", folder).replace("OUT", out));
}

/** One line of stderr is about the output, and none is a stack. */
function expectOneLine({ status, stderr }: Ended, words: RegExp): void {
  expect(stderr).not.toMatch(/^\s+at |should not happen|node:/m);
  const lines = stderr.split("\n").filter((line) => words.test(line));
  expect(lines, stderr).toHaveLength(1);
  expect(lines[0]).toMatch(/^btsbot: /);
  expect(status).toBe(1);
}

it("has a case for every command, and knows of every file and folder in an option", () => {
  const all = leaves(program);
  expect(all.map(([name]) => name).sort()).toEqual([...Object.keys(COMMANDS), ...ELSEWHERE].sort());
  const paths = all.flatMap(([name, { options }]) =>
    options.filter(({ flags }) => /<(file|folder|place)>/.test(flags)).map(({ long }) => `${name} ${long}`),
  );
  expect(paths.filter((path) => !READ.test(path)).sort()).toEqual(Object.keys(WRITTEN).sort());
});

describe.skipIf(!existsSync("/dev/full"))("standard output on a full disk (needs /dev/full)", () => {
  it.each(Object.keys(COMMANDS))("%s", async (name) => {
    const full = openSync("/dev/full", "w");
    const out = temporaryFolder();
    const ended = await start(name, argumentsOf(name, out), full);
    closeSync(full);
    if (SILENT.includes(name)) expect(ended.stderr).not.toContain("standard output");
    else expectOneLine(ended, /standard output: cannot be written, and is incomplete \(got no room left on the disk\)/);
    if (name === "decide") await expectSaidAgain(out);
  });

  it.each([["--help"], ["--version"], ["score", "--help"], ["models", "--help"]])("btsbot %s %s", async (...args) => {
    const full = openSync("/dev/full", "w");
    const ended = await start(args.join(" "), [], full);
    closeSync(full);
    expectOneLine(ended, /standard output: cannot be written/);
  });
});

describe("standard output whose reader is gone", () => {
  it.each(Object.keys(COMMANDS))("%s", async (name) => {
    const out = temporaryFolder();
    const ended = await start(name, argumentsOf(name, out), "closed");
    if (SILENT.includes(name)) expect(ended.stderr).not.toContain("standard output");
    else expectOneLine(ended, /standard output: its reader closed it before everything was written/);
    if (name === "decide") await expectSaidAgain(out);
  });
});

describe("a file or folder that cannot be written", () => {
  const cases = Object.entries(WRITTEN).flatMap(([option, kind]) => [
    [option, kind, "/proc/none/at/all"] as const,
    ...(kind === "file" && existsSync("/dev/full") ? [[option, kind, "/dev/full"] as const] : []),
    ...(kind === "folder" ? [[option, kind, "FOLDER/t.csv/sub"] as const] : []),
  ]);

  it.each(cases)("%s, a %s, %s", async (option, _, path) => {
    const name = option.replace(/ --.*/, "");
    const flag = option.slice(name.length + 1);
    const args = argumentsOf(name, temporaryFolder());
    const place = args.indexOf(flag);
    if (place >= 0) args.splice(place, 2);
    const { status, stderr } = await run([...name.split(" "), ...args, flag, path.replace("FOLDER", folder)], {
      cache,
    });
    expectOneLine({ status, stderr }, /^btsbot: .*(\/proc\/none|\/dev\/full|t\.csv)/);
    expect(stderr).toMatch(
      path === "/dev/full" ? /no room left/ : /no such file|a file where|no permission|ENOENT|ENOTDIR|EEXIST/,
    );
  });
});

describe("a file that decisions are appended to", () => {
  const decide = async (out: string, state: string): Promise<Ended> => {
    const file = openSync(out, "a");
    const args = [join(folder, "a.avro"), "--filter", "none", "--policy", "gt1", "--policy", "bts_p1"];
    const ended = await start("decide", [...args, "--state", state], file);
    closeSync(file);
    return ended;
  };
  const keysIn = (text: string): string[] =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { key: string }).key);

  it.each(["new", "earlier"])(
    "loses no decision and no byte to half a line, wherever it was cut: %s state",
    async (kind) => {
      const out = join(temporaryFolder(), "decisions.jsonl");
      await decide(out, temporaryFolder());
      const whole = readFileSync(out, "utf8");
      const length = whole.indexOf("\n") + 1;
      expect(keysIn(whole)).toHaveLength(2);
      for (const cut of [1, 2, 15, length - 2, length - 1, length, length + 1, whole.length - 1]) {
        writeFileSync(out, whole.slice(0, cut));
        const state = temporaryFolder();
        if (kind === "earlier") await (await openStore(state)).close();
        const { status, stderr } = await decide(out, state);
        expect(status).toBe(0);
        // Of what came before, lines that are whole stay; half of one goes where its run goes on, and else gets an end.
        const isWhole = [length - 1, length, whole.length - 1].includes(cut);
        const lines = whole.slice(0, whole.lastIndexOf("\n", cut - 1) + 1);
        const kept = kind === "earlier" && !isWhole ? lines : `${whole.slice(0, cut)}\n`.replace(/\n\n$/, "\n");
        expect(readFileSync(out, "utf8")).toBe(kept + whole);
        expect(stderr.includes("ended in half a line")).toBe(![length - 1, length, whole.length - 1].includes(cut));
      }
    },
    120_000,
  );

  it("keeps text that is not ours, and gives it an end", async () => {
    const out = join(temporaryFolder(), "decisions.jsonl");
    writeFileSync(out, "# decisions of 2026");
    await decide(out, temporaryFolder());
    expect(readFileSync(out, "utf8").split("\n")[0]).toBe("# decisions of 2026");
    expect(keysIn(readFileSync(out, "utf8").replace(/^#.*\n/, ""))).toHaveLength(2);
  });
});
