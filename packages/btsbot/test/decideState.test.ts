import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Alert } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import type { Layer } from "@btsbot/model";
import { getPolicy } from "@btsbot/policy";
import { openStore } from "@btsbot/store";
import { openCache } from "@btsbot/weights";
import { beforeEach, describe, expect, it } from "vitest";
import { alertOf, candidOf, makeStream, shuffle } from "./support/decideAlerts.js";
import { fillAgeModel, fillCache, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";
import type { RunResult } from "./support/runInProcess.js";

const A = "ZTF23aaaaaaa";
const POLICIES = ["bts_p1", "bts_p2", "gt1", "gt3"];

let folder: string;
let cache: string;
let state: string;

beforeEach(async () => {
  folder = temporaryFolder();
  state = join(folder, "state");
  cache = await fillAgeModel(temporaryFolder());
});

/** A run over alerts, with four policies unless the arguments name some. */
function decide(alerts: readonly Alert[], args: readonly string[] = ["--state", state]): Promise<RunResult> {
  const policies = args.includes("--policy") ? [] : POLICIES.flatMap((name) => ["--policy", name]);
  return run(["decide", "--filter", "none", ...policies, ...args, writePacket(folder, "night.avro", alerts)], {
    cache,
  });
}

/** What a log says in the end: the moment that the last line of each key names. */
function momentsIn(lines: readonly Record<string, unknown>[]): Map<unknown, unknown> {
  return new Map(lines.map(({ key, candid, jd }) => [key, { candid, jd }]));
}

/** What a state has of sources, by name. */
async function sourcesIn(kept: string): Promise<unknown[]> {
  const store = await openStore(kept, { access: "watch" });
  const rows: unknown[] = [];
  for await (const row of store.export("sources")) rows.push(row);
  await store.close();
  return rows;
}

/** The keys of lines that ask for something. */
function askedIn(lines: readonly Record<string, unknown>[]): unknown[] {
  return lines.filter(({ action }) => action !== "none").map(({ key }) => key);
}

describe("runs one after another", () => {
  it("give, cut at any alert, what one run gives, line for line", async () => {
    const alerts = makeStream(3);
    const whole = (await decide(alerts, [])).lines();
    expect(whole.length).toBeGreaterThan(10);
    for (let cut = 1; cut < alerts.length; cut += 4) {
      const args = ["--state", join(folder, `cut${cut}`)];
      const lines = [
        ...(await decide(alerts.slice(0, cut), args)).lines(),
        ...(await decide(alerts.slice(cut), args)).lines(),
      ];
      expect(lines).toEqual(whole);
    }
  });

  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    "say the same in the end of shuffled and doubled alerts, and act once (%i)",
    async (seed) => {
      const alerts = makeStream(seed);
      const whole = (await decide(alerts, ["--state", join(folder, "whole")])).lines();
      const mixed = shuffle(alerts, seed);
      const random = createRandom(seed);
      const [first, second] = [random(), random()].map((part) => Math.floor(part * mixed.length)).sort((a, b) => a - b);
      const lines: Record<string, unknown>[] = [];
      for (const night of [mixed.slice(0, first), mixed.slice(first, second), mixed.slice(second), mixed])
        lines.push(...(await decide(night)).lines());
      expect(momentsIn(lines)).toEqual(momentsIn(whole));
      expect(await sourcesIn(state)).toEqual(await sourcesIn(join(folder, "whole")));
      expect(askedIn(lines)).toHaveLength(whole.length);
      expect(new Set(askedIn(lines))).toEqual(new Set(askedIn(whole)));
      for (const { action, revised } of lines) expect(action === "none").toBe(revised === true);
    },
  );

  it("say that a late, earlier alert moved a decision, and ask for nothing", async () => {
    await decide([alertOf({ day: 2 })]);
    const late = await decide([alertOf({ day: 1 })], ["--state", state]);
    expect(late.lines().map(({ policy, action, revised, candid }) => [policy, action, revised, candid])).toEqual([
      ["gt1", "none", true, String(candidOf(A, 1))],
      ["bts_p1", "trigger", undefined, String(candidOf(A, 2))],
      ["bts_p2", "trigger", undefined, String(candidOf(A, 2))],
    ]);
    expect(late.stderr).toContain("2 decisions, 1 moved");
    expect((await decide([alertOf({ day: 1 }), alertOf({ day: 2 })])).stdout).toBe("");
  });

  it("keep sources of which no alert counts, by any name", async () => {
    await decide([alertOf({ day: 0, age: 0, magpsf: 19.5 }), alertOf({ objectId: 'ZTF23"odd\\', day: 0 })]);
    expect((await sourcesIn(state)).length).toBe(2);
    expect((await decide([alertOf({ objectId: 'ZTF23"odd\\', day: 0 })])).stdout).toBe("");
  });

  it("say where a new state begins, once: a misspelt folder is not passed over in silence", async () => {
    expect((await decide(makeStream(1))).stderr).toContain(`a new state begins in ${state}`);
    expect((await decide(makeStream(1))).stderr).not.toContain("a new state");
    for (const name of readdirSync(state)) rmSync(join(state, name));
    writeFileSync(join(state, "btsbot.db"), "");
    expect((await decide(makeStream(1))).stderr).toContain(`a new state begins in ${state}`);
  });

  it("leave nothing in the folder but the state", async () => {
    await decide(makeStream(1));
    expect(readdirSync(state).filter((name) => !/^btsbot\.(db(-wal|-shm)?|lock)$/.test(name))).toEqual([]);
  });
});

describe("a state that was made otherwise is gone on with, and what is different is said", () => {
  const RELU: Layer = { type: "activation", name: "relu", inputs: ["metadata"], activation: "relu" };

  beforeEach(async () => {
    await decide(makeStream(5));
  });

  it.each([
    [["--policy", "gt1"], "policy bts_p1 is left out"],
    [["--policy", "gt1", "--policy", "gt4"], "policy gt4 is new"],
    [["--filter", "bright"], "the filter is bright, and was none"],
    [["--model", "other"], "the model is other"],
  ])("%j", async (args, words) => {
    await fillAgeModel(cache, "other");
    const again = ["--state", state, ...args];
    const { status, stdout, stderr } = await decide(makeStream(5), again);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(words);
    // What was said and asked for is kept.
    const keys = stdout.split("\n").filter(Boolean);
    for (const line of keys) expect((JSON.parse(line) as { policy: string }).policy).toBe("gt4");
    expect((await decide(makeStream(5), again)).stderr).not.toContain(words);
  });

  it("another rule by the same name begins anew, and asks for nothing twice; the order of policies does not matter", async () => {
    const file = join(folder, "mine.json");
    const write = (count: number) =>
      writeFileSync(
        file,
        JSON.stringify({ name: "mine", action: "save", require: [{ count, where: ["score >= 0.5"] }] }),
      );
    const other = ["--state", join(folder, "other")];
    write(1);
    await decide([alertOf({ day: 0 })], [...other, "--policy", file, "--policy", "gt1"]);
    const turned = await decide([alertOf({ day: 0 })], [...other, "--policy", "gt1", "--policy", file]);
    expect([turned.stdout, turned.stderr]).toEqual(["", expect.not.stringContaining("policy mine")]);
    write(2);
    const { status, stdout, stderr } = await decide(
      [alertOf({ day: 0 }), alertOf({ day: 1 })],
      [...other, "--policy", "gt1", "--policy", file],
    );
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("policy mine has a different rule; it begins anew");
  });

  it.each([
    ["other weights by the same name", () => fillCache(temporaryFolder(), ["btsbot-v1.0.1"])],
    ["another network with the same weights", () => fillAgeModel(temporaryFolder(), "btsbot-v1.0.1", [RELU])],
  ])("%s", async (_, fill) => {
    cpSync(join(await fill(), "btsbot-v1.0.1"), join(cache, "btsbot-v1.0.1"), { recursive: true });
    const { status, stderr } = await decide([alertOf({ day: 0 })]);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/the model is btsbot-v1\.0\.1 \(.{17}\), and was btsbot-v1\.0\.1 \(.{17}\)/),
    ]);
  });
});

describe("a state that cannot be gone on with", () => {
  const path = () => join(state, "btsbot.db");

  it("is damaged", async () => {
    await decide(makeStream(5));
    for (const name of readdirSync(state)) rmSync(join(state, name));
    writeFileSync(path(), "no database".repeat(1000));
    const before = readFileSync(path());
    const { status, stdout, stderr } = await decide([alertOf({ day: 0 })]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`${path()}: the file is not a database of this program`);
    expect(readFileSync(path()).equals(before)).toBe(true);
  });

  it("is where no folder can be", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", join(file, "below")]);
    expect([status, stderr]).toEqual([1, expect.stringContaining("the store cannot be kept here")]);
  });
});

describe("a state that its user may not write", () => {
  /** Root may write everything: then as another user. */
  async function asUser<T>(work: () => Promise<T>): Promise<T> {
    const isRoot = process.geteuid!() === 0;
    if (isRoot) process.seteuid!(65534);
    try {
      return await work();
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  }

  it.each([
    ["the database", ["btsbot.db"]],
    ["the lock", ["btsbot.lock"]],
    ["the files and their folder", ["btsbot.db", "btsbot.lock", "."]],
  ])("is refused in one line, and stays as it is: %s", async (_, names) => {
    const night = writePacket(folder, "night.avro", makeStream(3));
    const decideNight = () => run(["decide", "--filter", "none", "--state", state, night], { cache });
    await decideNight();
    const before = await sourcesIn(state);
    for (const [path, mode] of [
      [folder, 0o755],
      [cache, 0o755],
      [state, 0o777],
    ] as const)
      chmodSync(path, mode);
    for (const name of readdirSync(state)) chmodSync(join(state, name), 0o666);
    for (const name of names) chmodSync(join(state, name), name === "." ? 0o555 : 0o444);
    const { status, stdout, stderr } = await asUser(decideNight);
    chmodSync(state, 0o755);
    expect([status, stdout], stderr).toEqual([1, ""]);
    expect(stderr).toMatch(/^btsbot: [^\n]*the database cannot be opened or written[^\n]*no permission[^\n]*\n$/);
    expect(stderr).toContain(state);
    expect(await sourcesIn(state)).toEqual(before);
  });
});

describe("what earlier versions kept", () => {
  const OLD = ["gt1", "gt3"].map((name) => getPolicy(name)).map(({ source: _, ...policy }) => policy);
  const path = () => join(state, "state.jsonl");

  /** A state of one alert, as earlier versions wrote it. */
  async function writeOld(): Promise<string> {
    const { definition, sha256, definitionSha256 } = await openCache({ cache }).load("btsbot-v1.0.1");
    const model = { name: definition.name, sha256, definitionSha256 };
    const { objectId, candid, candidate } = alertOf({ day: 0 });
    const row = [String(candid), candidate.jd, candidate.magpsf, 0.88, candidate.fid];
    const lines = [
      { format: "btsbot-decide", version: 1, model, filter: null, policies: OLD },
      { objectId, matches: { gt1: [[row]], gt3: [[row]] } },
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const sha = createHash("sha256").update(text).digest("hex");
    mkdirSync(state);
    writeFileSync(path(), `${text}${JSON.stringify({ sources: 1, sha256: sha })}\n`);
    return readFileSync(path(), "utf8");
  }

  const args = () => ["--state", state, "--policy", "gt1", "--policy", "gt3"];

  it("is taken over once, and left as it is", async () => {
    const before = await writeOld();
    const first = await decide([alertOf({ day: 1 })], args());
    // What had fired is not said again; what had counted counts.
    expect([first.status, first.stdout]).toEqual([0, ""]);
    expect(first.stderr).toContain(`took 1 source over from ${state}/state.jsonl`);
    const second = await decide([alertOf({ day: 2 })], args());
    expect(second.lines().map(({ policy }) => policy)).toEqual(["gt3"]);
    expect(second.stderr).not.toContain("state.jsonl");
    expect(readFileSync(path(), "utf8")).toBe(before);
  });

  it("is damaged: said, and nothing is decided", async () => {
    const before = await writeOld();
    writeFileSync(path(), before.slice(0, -20));
    const { status, stdout, stderr } = await decide([alertOf({ day: 1 })], args());
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("the file is cut short, or was changed");
  });
});

describe("a folder that is not a state's own", () => {
  it("is refused before anything is read, and stays as it is", async () => {
    const alerts = join(folder, "alerts");
    mkdirSync(alerts);
    writePacket(alerts, "a.avro", [alertOf({ day: 0 })]);
    const { status, stdout, stderr } = await run(
      ["decide", alerts, "--filter", "none", "-p", "gt1", "--state", alerts],
      { cache },
    );
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      `${alerts}: the folder holds other files, and no store (expected an empty folder, a new one, or one with a store, got a.avro)`,
    );
    expect(readdirSync(alerts)).toEqual(["a.avro"]);
  });

  it("is a file: said in words", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", path]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("the store cannot be kept here (got a file where a folder is needed)"),
    ]);
  });

  it.runIf(process.platform === "linux")(
    "is one where nothing can be made, as /proc: said, not waited for",
    async () => {
      const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", "/proc/none/below"]);
      expect([status, stderr]).toEqual([1, expect.stringContaining("the store cannot be kept here")]);
    },
  );

  it("may be below folders that are not there yet, or hold hidden files", async () => {
    expect((await decide([alertOf({ day: 0 })], ["--state", join(folder, "a", "b", "c")])).status).toBe(0);
    mkdirSync(state);
    writeFileSync(join(state, ".gitignore"), "*");
    expect((await decide([alertOf({ day: 0 })])).status).toBe(0);
  });
});

describe("two runs at once", () => {
  it("are not: the second waits, and loses nothing", async () => {
    const nights = [0, 1, 2, 3].map((day) =>
      writePacket(folder, `${day}.avro`, [alertOf({ objectId: `ZTF23aaaaaa${"abcd"[day]}`, day })]),
    );
    const start = (file: string) =>
      run(["decide", "--filter", "none", "--policy", "gt1", "--state", state, file], { cache });
    const results = await Promise.all(nights.map(start));
    for (const { status, stderr } of results) expect(status, stderr).toBe(0);
    expect(results.map((result) => result.lines().length)).toEqual([1, 1, 1, 1]);
    expect(await sourcesIn(state)).toHaveLength(4);
  });

  it("are told of each other once the second has waited", async () => {
    const first = await openStore(state);
    const { status, stdout, stderr } = await decide([alertOf({ day: 0 })]);
    await first.close();
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`process ${process.pid} on ${hostname()}`);
  }, 30_000);

  it("look on beside each other", async () => {
    await decide([alertOf({ day: 0 })]);
    const first = await openStore(state);
    const told = await run(["decide", "--state", state, "--explain", A, "--filter", "none", "--policy", "gt1"], {
      cache,
    });
    await first.close();
    expect([told.status, told.stderr]).toEqual([0, ""]);
    expect(told.lines()).toHaveLength(1);
  });
});
