import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts, toJson } from "@btsbot/alert";
import { loadDefaultModel } from "@btsbot/model";
import { runCli } from "btsbot";
import { beforeEach, describe, expect, it } from "vitest";
import { fillCache, fillImageModel, makeAlert, withCutStamp, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

let folder: string;
let cache: string;

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillCache(temporaryFolder());
});

describe("JSON Lines", () => {
  it("has the keys of the contract, in their order, and nothing else on standard output", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(1)]);
    const { status, stdout, stderr, lines } = await run(["score", file], { cache });
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout.endsWith("}\n")).toBe(true);
    expect(lines()).toHaveLength(1);
    const [line] = lines();
    expect(Object.keys(line)).toEqual([
      ...["file", "index", "objectId", "candid", "jd", "scores"],
      ...["magpsf", "fid", "sigmapsf", "isdiffpos", "limits"],
    ]);
    expect(line).toMatchObject({
      file,
      index: 0,
      objectId: "ZTF20aaaaaab",
      candid: "1127495406315015001",
      jd: 2460001.75,
    });
    const { "btsbot-v1.0.1": result, ...others } = line.scores as Record<string, Record<string, unknown>>;
    expect(others).toEqual({});
    expect(result).toMatchObject({ status: "scored", flags: ["drb-from-packet"] });
    expect(result.score).toBeGreaterThan(0);
    expect(result.score).toBeLessThan(1);
    expect(result.provenance).toMatchObject({
      model: "btsbot-v1.0.1",
      realBogus: "packet",
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("keeps the order across files, batches and bad inputs, and goes on after them", async () => {
    const alerts = Array.from({ length: 7 }, (_, place) => makeAlert(place));
    const good = writePacket(folder, "good.avro", alerts.slice(0, 4));
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, "no alert");
    const cut = join(folder, "cut.avro");
    const whole = encodeAlerts(alerts.slice(4, 6));
    writeFileSync(cut, whole.subarray(0, whole.length - 20));
    const missing = join(folder, "missing.avro");
    const last = writePacket(folder, "last.avro", alerts.slice(6));
    const { status, stderr, lines } = await run(["score", bad, good, missing, cut, last, bad, "--batch", "3"], {
      cache,
    });
    expect(status).toBe(1);
    expect(stderr).toContain("could not be read");
    const brief = lines().map(({ file, index, candid, error }) => [
      file,
      index,
      candid,
      (error as { code: string } | undefined)?.code,
    ]);
    const candid = (place: number): string => String(alerts[place].candid);
    expect(brief.slice(0, 6)).toEqual([
      [bad, undefined, undefined, "input-unrecognized"],
      [good, 0, candid(0), undefined],
      [good, 1, candid(1), undefined],
      [good, 2, candid(2), undefined],
      [good, 3, candid(3), undefined],
      [missing, undefined, undefined, "file-unreadable"],
    ]);
    expect(brief.slice(-2)).toEqual([
      [last, 0, candid(6), undefined],
      [bad, undefined, undefined, "input-unrecognized"],
    ]);
    const ofCut = brief.filter(([file]) => file === cut);
    expect(ofCut.at(-1)?.[3]).toMatch(/^avro-/);
    const error = lines().find(({ file }) => file === bad)!;
    expect(Object.keys(error)).toEqual(["file", "error"]);
    expect(Object.keys(error.error as object)).toEqual(["code", "message"]);
  });

  it("gives a record inside a file that is no alert its place", async () => {
    const file = join(folder, "several.json");
    writeFileSync(file, JSON.stringify([toJson(makeAlert(0)), { objectId: "ZTF20aaaaaaz" }, toJson(makeAlert(2))]));
    const { status, lines } = await run(["score", file], { cache });
    expect(status).toBe(1);
    expect(lines().map(({ index, candid }) => [index, candid])).toEqual([
      [0, "1127495406315015000"],
      [1, undefined],
      [2, "1127495406315015002"],
    ]);
    expect(Object.keys(lines()[1])).toEqual(["file", "index", "error"]);
    expect(lines()[1].error).toMatchObject({ code: "alert-invalid" });
  });

  it("says why an alert is not scored, and that is no error", async () => {
    const dark = makeAlert(2);
    const file = writePacket(folder, "a.avro", [
      withCutStamp(makeAlert(1)),
      { ...dark, candidate: { ...dark.candidate, drb: null } },
    ]);
    const { status, lines } = await run(["score", file], { cache });
    expect(status).toBe(0);
    const results = lines().map(
      ({ scores }) => (scores as Record<string, { status: string; reasons: object[] }>)["btsbot-v1.0.1"],
    );
    expect(results[0]).toMatchObject({ status: "unscored", reasons: [{ code: "stamp-truncated" }] });
    expect(results[1]).toMatchObject({
      status: "unscored",
      reasons: [{ code: "feature-missing", feature: "new_drb" }],
    });
    for (const { reasons } of results) expect(reasons).toHaveLength(1);
  });

  it("does not hold back errors, however many there are", async () => {
    const [lines, perChunk, batch] = [20_000, 250, 8];
    // Long enough to be what somebody sent for an alert: too many short ones end the reading.
    const bad = `${JSON.stringify({ comment: "x".repeat(500) })}\n`;
    let [given, written, held] = [0, 0, 0];
    const stdin = async function* () {
      let chunk = `${JSON.stringify(toJson(makeAlert(0)))}\n`;
      for (given = 1; given <= lines; given += perChunk) {
        held = Math.max(held, given - written);
        yield Buffer.from(chunk + bad.repeat(perChunk));
        chunk = "";
      }
    };
    const stdout = { write: (text: string) => (written += text.split("\n").length - 1) };
    const stderr = { write: () => true };
    const env = { BTSBOT_CACHE: cache };
    expect(await runCli(["score", "-", "--batch", String(batch)], { stdout, stderr, stdin: stdin(), env })).toBe(1);
    expect(written).toBe(lines + 1);
    expect(held).toBeLessThanOrEqual(perChunk + batch);
  });

  it("gives the same scores whatever the batches", async () => {
    const file = writePacket(
      folder,
      "a.avro",
      Array.from({ length: 5 }, (_, place) => makeAlert(place)),
    );
    const scores = async (batch: string): Promise<unknown[]> =>
      (await run(["score", file, "--batch", batch], { cache })).lines().map((line) => line.scores);
    expect(await scores("2")).toEqual(await scores("5"));
  });
});

describe("--real-bogus", () => {
  /** The result of the one model for an alert without drb. */
  async function scoreDark(...args: string[]): Promise<Record<string, unknown>> {
    const { candidate, ...rest } = makeAlert(0);
    const file = writePacket(folder, "a.avro", [{ ...rest, candidate: { ...candidate, drb: null } }]);
    const { status, stderr, lines } = await run(["score", file, ...args], { cache });
    expect([status, stderr]).toEqual([0, ""]);
    const scores = lines()[0].scores as Record<string, Record<string, unknown>>;
    expect(Object.keys(scores)).toEqual(["btsbot-v1.0.1"]);
    return scores["btsbot-v1.0.1"];
  }

  it("braai: scores without the packet's drb, and says what gave it", async () => {
    await fillImageModel(cache, "braai_d6_m9");
    const result = await scoreDark("--real-bogus", "braai");
    expect(result).toMatchObject({
      status: "scored",
      provenance: { model: "btsbot-v1.0.1", realBogus: "braai_d6_m9" },
    });
  });

  it("packet: takes the packet's drb, as without the option", async () => {
    await fillImageModel(cache, "braai_d6_m9");
    const results = [await scoreDark("--real-bogus", "packet"), await scoreDark()];
    expect(results[0]).toMatchObject({
      status: "unscored",
      reasons: [{ code: "feature-missing", feature: "new_drb" }],
    });
    expect(results[1]).toEqual(results[0]);
  });

  it.each([
    ["braai", "btsbot models pull braai_d6_m9"],
    ["drb", "Allowed choices are packet, braai"],
  ])("says what to do where %s cannot be had", async (source, hint) => {
    const { status, stdout, stderr } = await run(["score", "x.avro", "--real-bogus", source], { cache });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(hint);
  });
});

describe("inputs", () => {
  it("takes every .avro and .json of a folder, sorted, and nothing else", async () => {
    writePacket(folder, "b.avro", [makeAlert(1)]);
    writeFileSync(join(folder, "c.json"), JSON.stringify(toJson(makeAlert(2))));
    writePacket(folder, "a.avro", [makeAlert(0)]);
    writeFileSync(join(folder, "notes.txt"), "not an alert");
    mkdirSync(join(folder, "d.avro"));
    const { status, lines } = await run(["score", folder], { cache });
    expect(status).toBe(0);
    expect(lines().map(({ file }) => file)).toEqual(["a.avro", "b.avro", "c.json"].map((name) => join(folder, name)));
  });

  it.skipIf(process.platform === "win32")("takes of a folder regular files alone, also behind links", async () => {
    const elsewhere = temporaryFolder();
    symlinkSync(writePacket(elsewhere, "a.avro", [makeAlert(0)]), join(folder, "link.avro"));
    symlinkSync(elsewhere, join(folder, "folder.avro"));
    // Nobody writes into it: to read it is to wait.
    execFileSync("mkfifo", [join(folder, "pipe.avro")]);
    const { status, lines } = await run(["score", folder], { cache });
    expect(status).toBe(0);
    expect(lines().map(({ file }) => file)).toEqual([join(folder, "link.avro")]);
    symlinkSync(join(folder, "nowhere"), join(folder, "lost.avro"));
    const lost = await run(["score", folder], { cache });
    expect(lost.status).toBe(1);
    expect(lost.lines()[1]).toMatchObject({ file: join(folder, "lost.avro"), error: { code: "file-unreadable" } });
  });

  it.each([
    ["[]", "empty.json"],
    [encodeAlerts([]), "empty.avro"],
  ])("says that a file holds no alerts, which is no error: %#", async (content, name) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    expect(await run(["score", file], { cache })).toMatchObject({
      status: 0,
      stdout: "",
      stderr: `btsbot: ${file} holds no alerts\n`,
    });
  });

  it("does not take a folder without alerts for a quiet night", async () => {
    const { status, lines, stderr } = await run(["score", folder], { cache });
    expect(status).toBe(1);
    expect(lines()).toEqual([
      {
        file: folder,
        error: { code: "file-unreadable", message: expect.stringContaining("the folder holds no alerts") as string },
      },
    ]);
    expect(stderr).toBe("btsbot: 1 input could not be read\n");
  });

  it("reads standard input, in chunks of any size", async () => {
    const bytes = encodeAlerts([makeAlert(0), makeAlert(1)]);
    const stdin = [bytes.subarray(0, 3), bytes.subarray(3, 5000), bytes.subarray(5000)];
    const { status, lines } = await run(["score", "-"], { cache, stdin });
    expect(status).toBe(0);
    expect(lines().map(({ file, index }) => [file, index])).toEqual([
      ["-", 0],
      ["-", 1],
    ]);
  });

  it("names an empty input", async () => {
    const { status, lines } = await run(["score", "-"], { cache });
    expect(status).toBe(1);
    expect(lines()).toEqual([{ file: "-", error: { code: "input-empty", message: expect.any(String) as string } }]);
  });
});

describe("models", () => {
  it("scores with each model named, once, in the order given", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    const { lines } = await run(["score", "-m", "small", "--model", "btsbot-v1.0.1", "-m", "small", file], { cache });
    expect(Object.keys(lines()[0].scores as object)).toEqual(["small", "btsbot-v1.0.1"]);
  });

  it("takes for all the published models that are pulled, and names the others", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    await fillCache(cache, ["btsbot-v1.0"]);
    const { lines, stderr, status } = await run(["score", "-m", "all", file], { cache });
    expect(status).toBe(0);
    expect(Object.keys(lines()[0].scores as object)).toEqual(["btsbot-v1.0.1", "btsbot-v1.0"]);
    expect(stderr).toMatch(/left out of all: .*braai_d6_m9/);
  });

  it("scores with the model that ships as long as the published one is not here, and says so in one line", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    const empty = temporaryFolder();
    const { status, stderr, lines } = await run(["score", file], { cache: empty });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^btsbot: .*btsbot-mini.*btsbot models pull btsbot-v1\.0\.1\n$/);
    const { "btsbot-mini": result, ...others } = lines()[0].scores as Record<string, { provenance: object }>;
    expect(others).toEqual({});
    expect(result.provenance).toMatchObject({ model: "btsbot-mini", weightsSha256: (await loadDefaultModel()).sha256 });
    // Named, it needs no explanation, and is there whatever the cache holds.
    const named = await run(["score", "--model", "btsbot-mini", "--model", "small", file], { cache });
    expect([named.status, named.stderr]).toEqual([0, ""]);
    expect(named.lines()[0].scores).toMatchObject({ "btsbot-mini": result, small: { status: "scored" } });
  });

  it.each([
    [["score", "--model", "btsbot-v1.0.1", "x.avro"], "btsbot models pull btsbot-v1.0.1"],
    [["score", "--model", "btsbot-v1.0.1", "x.avro"], "--from DIR"],
    [["score", "--model", "btsbot-v9", "x.avro"], "btsbot-v1.0.1"],
  ])("says what to do without the model: %j", async (args, hint) => {
    const { status, stdout, stderr } = await run(args, { cache: temporaryFolder() });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each(["table", "jsonl"])("refuses a model in a folder with another name, for %s", async (format) => {
    renameSync(join(cache, "small"), join(cache, "btsbot-v1.0"));
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    const { status, stdout, stderr } = await run(["score", "-m", "btsbot-v1.0", "--format", format, file], { cache });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("is not that of its folder (expected btsbot-v1.0, got small)");
    expect(stderr).toContain("btsbot models pull btsbot-v1.0");
  });

  it("refuses a damaged model", async () => {
    const weights = join(cache, "btsbot-v1.0.1", "weights.bin");
    const bytes = readFileSync(weights);
    bytes[5] ^= 1;
    writeFileSync(weights, bytes);
    const { status, stderr } = await run(["score", "x.avro"], { cache });
    expect(status).toBe(2);
    expect(stderr).toContain("models pull");
  });

  it.each([0, 40])("names the model whose weight file is cut to %i bytes, among others", async (length) => {
    await fillCache(cache, ["acai_h"]);
    const weights = join(cache, "acai_h", "weights.bin");
    writeFileSync(weights, readFileSync(weights).subarray(0, length));
    const { status, stdout, stderr } = await run(["score", "--model", "all", "x.avro"], { cache });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${weights}: `);
    expect(stderr).toContain("btsbot models pull acai_h");
    expect(stderr).toContain("The cache is damaged.");
  });
});

describe("table", () => {
  it.each([80, 100, 140])("fits %i columns, one row an alert, in order", async (columns) => {
    const alerts = [makeAlert(0), withCutStamp(makeAlert(1)), makeAlert(2)];
    const file = writePacket(folder, "a.avro", alerts);
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, "no alert");
    const { status, stdout } = await run(["score", file, bad], { cache, isTTY: true, columns });
    expect(status).toBe(1);
    const rows = plain(stdout).split("\n");
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns);
    expect(rows[0]).toMatch(/^source +candid +UT +f +mag +btsbot-v1\.0\.1 +history +flags$/);
    expect(rows[1]).toMatch(
      /^ZTF20aaaaaaa +1127495406315015000 +2023-02-25.* g +18\.00 +0\.\d{4} .*v.*[▁▂▃▄▅▆▇█] +d(rb-from-packet)?$/,
    );
    expect(rows[2]).toContain("stamp-trunca");
    expect(rows[3]).toMatch(/^ZTF20aaaaaac/);
    expect(rows[4]).toContain(bad.slice(0, 30));
    expect(stdout).toContain("3 alerts, 1 not scored by every model, 1 not readable");
    expect(stdout).toContain("drb-from-packet");
  });

  it("leaves out what does not fit with more models, never the source or a score", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    const { stdout } = await run(["score", "-m", "btsbot-v1.0.1", "-m", "small", file], {
      cache,
      isTTY: true,
      columns: 80,
    });
    const [header, row] = plain(stdout).split("\n");
    expect(header).toMatch(/^source .* btsbot-v1\.0\.1 +small/);
    expect(header).not.toContain("candid");
    expect(row.match(/0\.\d{4}/g)).toHaveLength(2);
    expect(row.length).toBeLessThanOrEqual(80);
  });

  it("is for terminals unless asked for, colored there unless NO_COLOR is set", async () => {
    const file = writePacket(folder, "a.avro", [makeAlert(0)]);
    const table = await run(["score", "--format", "table", file], { cache });
    expect(table.stdout).toMatch(/^source/);
    expect(table.stdout).toBe(plain(table.stdout));
    const colored = await run(["score", file], { cache, isTTY: true });
    expect(colored.stdout).not.toBe(plain(colored.stdout));
    const bare = await run(["score", file], { cache, isTTY: true, env: { NO_COLOR: "1" } });
    expect(bare.stdout).toBe(plain(colored.stdout));
    const lines = await run(["score", "--format", "jsonl", file], { cache, isTTY: true });
    expect(lines.lines()).toHaveLength(1);
  });
});
