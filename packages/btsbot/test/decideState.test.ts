import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Alert } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import type { Layer } from "@btsbot/model";
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

/** What a state has of sources, in any order, without who made it. */
function sourcesIn(kept: string): string[] {
  return readFileSync(join(kept, "state.jsonl"), "utf8").trim().split("\n").slice(1, -1).sort();
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
      expect(sourcesIn(state)).toEqual(sourcesIn(join(folder, "whole")));
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

  it("keep nothing of sources of which no alert counts", async () => {
    await decide([alertOf({ day: 0, age: 0, magpsf: 19.5 }), alertOf({ objectId: 'ZTF23"odd\\', day: 0 })]);
    const lines = readFileSync(join(state, "state.jsonl"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[2])).toEqual({ sources: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((await decide([alertOf({ objectId: 'ZTF23"odd\\', day: 0 })])).stdout).toBe("");
  });

  it("leave nothing in the folder but the state", async () => {
    await decide(makeStream(1));
    expect(readdirSync(state)).toEqual(["state.jsonl"]);
  });
});

describe("a state that cannot be gone on with", () => {
  const path = () => join(state, "state.jsonl");
  const RELU: Layer = { type: "activation", name: "relu", inputs: ["metadata"], activation: "relu" };

  /** Changes what the state says of its maker, as if another program had written it. */
  function changeHead(change: (head: string) => string): void {
    const [head, ...rest] = readFileSync(path(), "utf8").split("\n");
    const lines = [change(head), ...rest.slice(0, -2)].map((line) => `${line}\n`).join("");
    const sha256 = createHash("sha256").update(lines).digest("hex");
    writeFileSync(path(), `${lines}${JSON.stringify({ sources: rest.length - 2, sha256 })}\n`);
  }

  beforeEach(async () => {
    await decide(makeStream(5));
  });

  it("is damaged wherever it is cut or a character is changed", async () => {
    const text = readFileSync(path(), "utf8");
    const random = createRandom(8);
    for (let round = 0; round < 12; round += 1) {
      const place = Math.floor(random() * (text.length - 1));
      const damaged =
        round % 2 === 0
          ? text.slice(0, place)
          : `${text.slice(0, place)}${text[place] === "7" ? "8" : "7"}${text.slice(place + 1)}`;
      writeFileSync(path(), damaged);
      const { status, stdout, stderr } = await decide([alertOf({ day: 0 })]);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`${path()}: the file is cut short, or was changed. Restore a copy`);
      expect(readFileSync(path(), "utf8")).toBe(damaged);
      expect(readdirSync(state)).toEqual(["state.jsonl"]);
    }
    writeFileSync(path(), text);
    expect((await decide([alertOf({ day: 0 })])).status).toBe(0);
  });

  it.each([
    [["--policy", "gt1"], "other policies (expected gt1, got bts_p1, bts_p2, gt1, gt3)"],
    [["--filter", "bright"], "another filter (expected bright, got none)"],
    [["--model", "other"], "another model (expected other, got btsbot-v1.0.1)"],
  ])("is of another maker: %j", async (args, hint) => {
    await fillAgeModel(cache, "other");
    const { status, stdout, stderr } = await decide([alertOf({ day: 0 })], ["--state", state, ...args]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(hint);
    expect(stderr).toContain("or another folder");
  });

  it("is of another rule by the same name, whatever the order of policies", async () => {
    const file = join(folder, "mine.json");
    const write = (count: number) =>
      writeFileSync(
        file,
        JSON.stringify({ name: "mine", action: "save", require: [{ count, where: ["score >= 0.5"] }] }),
      );
    const other = ["--state", join(folder, "other")];
    write(1);
    await decide([alertOf({ day: 0 })], [...other, "--policy", file, "--policy", "gt1"]);
    expect((await decide([alertOf({ day: 0 })], [...other, "--policy", "gt1", "--policy", file])).stdout).toBe("");
    write(2);
    const { status, stderr } = await decide([alertOf({ day: 0 })], [...other, "--policy", "gt1", "--policy", file]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('"count":2')]);
  });

  it("is of other weights by the same name", async () => {
    const other = await fillCache(temporaryFolder(), ["btsbot-v1.0.1"]);
    cpSync(join(other, "btsbot-v1.0.1"), join(cache, "btsbot-v1.0.1"), { recursive: true });
    const { status, stderr } = await decide([alertOf({ day: 0 })]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/another model \(expected \{"name":"btsbot-v1.0.1","sha256":"[0-9a-f]{64}","def/),
    ]);
  });

  it("is of another network with the same weights", async () => {
    await fillAgeModel(cache, "btsbot-v1.0.1", [RELU]);
    const before = readFileSync(path(), "utf8");
    const { status, stderr } = await decide([alertOf({ day: 0 })]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/another model \(expected .*"definitionSha256":"([0-9a-f]{64})"\}, got (?!.*\1)/),
    ]);
    expect(readFileSync(path(), "utf8")).toBe(before);
  });

  it("is of before the definition was kept: the weights decide, and both are written", async () => {
    await fillAgeModel(cache, "other");
    const before = readFileSync(path(), "utf8");
    changeHead((head) => head.replace(/,"definitionSha256":"[0-9a-f]{64}"/, ""));
    expect(readFileSync(path(), "utf8")).not.toBe(before);
    const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", state, "--model", "other"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("another model")]);
    expect((await decide(makeStream(5))).status).toBe(0);
    expect(readFileSync(path(), "utf8")).toBe(before);
  });

  it("is of another version of the format", async () => {
    changeHead((head) => head.replace('"version":1', '"version":2'));
    const { status, stderr } = await decide([alertOf({ day: 0 })]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("another version of this program (expected btsbot-decide 1, got btsbot-decide 2)"),
    ]);
  });

  it("cannot be written: lines are there, and the state is as it was", async () => {
    const kept = readFileSync(path(), "utf8");
    mkdirSync(join(state, "state.jsonl.new"));
    const { status, stderr, lines } = await decide([alertOf({ objectId: "ZTF23aaaaaag", day: 0 })]);
    expect([status, lines()]).toMatchObject([1, [{ key: "ZTF23aaaaaag/gt1" }]]);
    expect(stderr).toContain("the state cannot be written; the old one is unchanged");
    expect(readFileSync(path(), "utf8")).toBe(kept);
  });

  it("is where no folder can be", async () => {
    const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", join(path(), "below")]);
    expect([status, stderr]).toEqual([1, expect.stringContaining("the state cannot be kept here")]);
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
      `${alerts}: the folder holds other files, and no state (expected an empty folder, a new one, or one with a state, got a.avro). Choose a separate folder`,
    );
    expect(readdirSync(alerts)).toEqual(["a.avro"]);
  });

  it("is a file: said in words", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", path]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("the state cannot be kept here (got a file, where a folder is meant)"),
    ]);
  });

  it.runIf(process.platform === "linux")(
    "is one where nothing can be made, as /proc: said, not waited for",
    async () => {
      const { status, stderr } = await decide([alertOf({ day: 0 })], ["--state", "/proc/none/below"]);
      expect([status, stderr]).toEqual([1, expect.stringContaining("the state cannot be kept here")]);
    },
  );

  it("may be below folders that are not there yet, or hold hidden files", async () => {
    expect((await decide([alertOf({ day: 0 })], ["--state", join(folder, "a", "b", "c")])).status).toBe(0);
    mkdirSync(state);
    writeFileSync(join(state, ".gitignore"), "*");
    expect((await decide([alertOf({ day: 0 })])).status).toBe(0);
  });
});

describe("what a run that was killed leaves", () => {
  it("is no matter: half a state beside the whole one, and its lock", async () => {
    await decide([alertOf({ day: 0 })]);
    const kept = readFileSync(join(state, "state.jsonl"), "utf8");
    writeFileSync(join(state, "state.jsonl.new"), kept.slice(0, 100));
    // No process has a number over 2^22 (Linux: proc(5), pid_max).
    writeFileSync(join(state, `lock.99999999.5.0a0b0c0d.${encodeURIComponent(hostname())}`), "");
    const { status, lines } = await decide([alertOf({ day: 1 })]);
    expect([status, lines().map(({ policy }) => policy)]).toEqual([0, ["bts_p1", "bts_p2"]]);
    expect(readdirSync(state)).toEqual(["state.jsonl"]);
  });

  it("is no lock where another process has its number by now", async () => {
    mkdirSync(state);
    // This process did not start one clock tick after the system.
    writeFileSync(join(state, `lock.${process.pid}.1.0a0b0c0d.${encodeURIComponent(hostname())}`), "");
    expect((await decide([alertOf({ day: 0 })])).status).toBe(process.platform === "linux" ? 0 : 1);
  });
});

describe("two runs at once", () => {
  it("are not: the second is refused, and says who has the state", async () => {
    mkdirSync(state);
    const lock = `lock.${process.pid}.0.0a0b0c0d.${encodeURIComponent(hostname())}`;
    writeFileSync(join(state, lock), "");
    const { status, stdout, stderr } = await decide([alertOf({ day: 0 })]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`another run uses the state (got process ${process.pid} on ${hostname()})`);
    expect(stderr).toContain(`remove ${join(state, lock)}`);
    expect(readdirSync(state)).toEqual([lock]);
  });

  it("on another host cannot be asked whether it is alive, and is left alone", async () => {
    mkdirSync(state);
    writeFileSync(join(state, "lock.99999999.5.0a0b0c0d.else.example.org"), "");
    expect(await decide([alertOf({ day: 0 })])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("process 99999999 on else.example.org") as string,
    });
  });

  it("lose nothing, however they start", async () => {
    const nights = [0, 1, 2, 3].map((day) =>
      writePacket(folder, `${day}.avro`, [alertOf({ objectId: `ZTF23aaaaaa${"abcd"[day]}`, day })]),
    );
    const start = (file: string) =>
      run(["decide", "--filter", "none", "--policy", "gt1", "--state", state, file], { cache });
    const results = await Promise.all(nights.map(start));
    const done = results.filter(({ status }) => status === 0);
    const refused = results.filter(({ status }) => status !== 0);
    for (const { stdout, stderr } of refused)
      expect([stdout, stderr]).toEqual(["", expect.stringContaining("another run uses the state")]);
    for (const result of done) expect(result.lines()).toHaveLength(1);
    const kept = readFileSync(join(state, "state.jsonl"), "utf8").trim().split("\n");
    expect(kept).toHaveLength(done.length + 2);
    expect(readdirSync(state)).toEqual(["state.jsonl"]);
  });
});
