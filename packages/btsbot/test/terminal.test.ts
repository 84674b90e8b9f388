import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJson } from "@btsbot/alert";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { escapeUnsafe, printable, printableLines } from "../src/terminal/printable.js";
import { fillAgeModel, fillCache } from "./support/packets.js";
import { alertOf } from "./support/decideAlerts.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";
import type { RunResult } from "./support/runInProcess.js";

/** What a terminal obeys, or what changes how it shows other letters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const LAST_CODE_POINT = 0x10ffff;
const everyCodePoint = Array.from({ length: LAST_CODE_POINT + 1 }, (_, code) => String.fromCodePoint(code));
const unsafe = everyCodePoint.filter((letter) => UNSAFE.test(letter) && !(letter >= "\uD800" && letter < "\uDFFE"));
/** Names with eight of them each; every name has a word by which it is told. */
const NAMES = Array.from(
  { length: Math.ceil(unsafe.length / 8) },
  (_, at) => `n${at}${unsafe.slice(8 * at, 8 * at + 8).join("x")}z`,
);

let cache: string;
let alerts: string;
let folder: string;

beforeAll(async () => {
  cache = await fillCache(await fillAgeModel(temporaryFolder()), ["small"]);
});

/** An alert with such a name wherever a packet may have text, on two nights, so that policies fire. */
function write(): void {
  folder = temporaryFolder();
  alerts = join(folder, "a.json");
  const documents = NAMES.flatMap((name, index) =>
    [0, 1].map((day) => {
      const alert = alertOf({ objectId: name, day, candidate: { ssnamenr: name, [name]: name } });
      return toJson({ ...alert, candid: BigInt(1000 * index + day), schemavsn: name, publisher: name });
    }),
  );
  writeFileSync(
    alerts,
    `[${documents.map((each) => JSON.stringify(each)).join(",")},${JSON.stringify({ objectId: NAMES })}]`,
  );
}

/** Whether a terminal may see it, colors and line ends aside. */
function isSafe(text: string): boolean {
  return !UNSAFE.test(plain(text).replaceAll("\n", ""));
}

it("replaces every code point that a terminal obeys, and no other", () => {
  const replaced = everyCodePoint.filter((letter) => printable(letter) !== letter);
  expect(replaced.join("") === everyCodePoint.filter((letter) => UNSAFE.test(letter)).join("")).toBe(true);
  expect(replaced.filter((letter) => printableLines(letter) === letter)).toEqual(["\n"]);
});

it("escapes every code point so that JSON says the same", () => {
  const whole = JSON.stringify(everyCodePoint.join(" "));
  const escaped = escapeUnsafe(whole);
  expect(JSON.parse(escaped) === JSON.parse(whole)).toBe(true);
  expect(isSafe(escaped)).toBe(true);
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (json) => {
      expect(JSON.parse(escapeUnsafe(json))).toEqual(JSON.parse(json));
    }),
  );
});

const POLICIES = ["--filter", "none", "--policy", "gt3", "--policy", "bts_p1"];
const TEXTS: readonly (readonly string[])[] = [
  ["score", "--format", "table"],
  ["inspect", "--format", "text"],
  ["decide", "--format", "table", ...POLICIES],
  ["decide", "--format", "table", ...POLICIES, "--explain", NAMES[3]],
  ["parity", "--format", "text"],
];
const JSONS = [
  ["score", "--format", "jsonl"],
  ["inspect", "--format", "json"],
  ["decide", "--format", "jsonl", ...POLICIES],
  ["decide", "--format", "jsonl", ...POLICIES, "--explain", NAMES[3]],
  ["parity", "--format", "jsonl"],
  ["golden"],
];

it.each(TEXTS)("shows no such code point of an alert: %s %s %s", async (...args) => {
  write();
  const given = args.filter((each) => each !== undefined);
  const { stdout, stderr } = await run([...given, alerts], { cache, isTTY: true, columns: 140 });
  if (given[0] !== "parity") expect(plain(stdout)).toMatch(/n\d+\uFFFD/);
  expect(isSafe(stdout)).toBe(true);
  expect(isSafe(stderr)).toBe(true);
});

it.each(JSONS)("escapes each such code point in JSON: %s %s %s", async (...args) => {
  write();
  const given = args.filter((each) => each !== undefined);
  const { stdout, stderr } = await run([...given, alerts], { cache });
  expect(isSafe(stdout)).toBe(true);
  expect(isSafe(stderr)).toBe(true);
  const names = given.includes("--explain") ? [NAMES[3]] : given[0] === "inspect" ? [NAMES[0]] : NAMES;
  const parsed =
    given[0] === "inspect"
      ? [JSON.parse(stdout)]
      : stdout
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
  // What was written is what the packet says.
  const said = JSON.stringify(parsed);
  for (const name of names) expect(said.includes(JSON.stringify(name)), JSON.stringify(name)).toBe(true);
});

it("says no such code point of a golden file, a table, a policy, a model, a path or an option", async () => {
  write();
  const golden = join(folder, "golden.jsonl");
  const written = await run(["golden", "--model", "small", alerts], { cache });
  writeFileSync(golden, written.stdout.replaceAll('"nanCount":0', '"nanCount":1').replace('"n1', '"m1'));
  const scores = join(folder, "scores.csv");
  const rows = NAMES.map((name, index) => `"${name.replaceAll('"', '""')}",${index},${2460000 + index},17,0.9,1`);
  writeFileSync(scores, `objectId,candid,jd,magpsf,score,fid\n${rows.join("\n")}\n`);
  const truth = join(folder, "truth.csv");
  writeFileSync(truth, `objectId,label\n${NAMES.map((name) => `"${name}",1`).join("\n")}\n`);
  const policy = join(folder, "policy.json");
  writeFileSync(policy, JSON.stringify({ name: NAMES.join(""), require: [{ [NAMES[0]]: 1 }] }));
  const runs: readonly (readonly string[])[] = [
    ["golden", "--check", golden, alerts],
    ["golden", "--check", golden, "--format", "jsonl", alerts],
    ["backtest", "gt3", "--scores", scores, "--truth", truth, "--format", "table"],
    ["backtest", "gt3", "--scores", scores, "--truth", truth, "--format", "json"],
    ["backtest", policy, "--scores", scores, "--truth", truth],
    ["decide", "--policy", policy, alerts],
    ...NAMES.flatMap((name) => {
      // No argument of a program may hold a NUL.
      const word = name.replaceAll("\0", "");
      return [
        ["score", join(folder, word)],
        ["inspect", join(folder, word)],
        ["score", "--model", word, alerts],
        ["models", "show", word],
        ["models", word],
        ["decide", "--filter", word, alerts],
        ["decide", "--policy", word, alerts],
        [word],
        ["score", `--${word}`, alerts],
        ["score", "--schema", word, alerts],
        ["score", "--format", word, alerts],
      ];
    }),
  ];
  const told: string[] = [];
  for (const args of runs) {
    const { stdout, stderr }: RunResult = await run(args, { cache, columns: 140 });
    told.push(stdout + stderr);
    expect(isSafe(stdout), args.join(" ")).toBe(true);
    expect(isSafe(stderr), args.join(" ")).toBe(true);
  }
  // They do speak of what was given.
  expect(told.filter((text) => /n\d+\uFFFD|\\u[0-9a-f]{4}/.test(text)).length).toBeGreaterThan(NAMES.length);
});
