import { rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ScoredAlert } from "@btsbot/core";
import { writeFits } from "@btsbot/cutout";
import { BOOM_2025, BTSBOT_V1 } from "@btsbot/features";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { compareGolden } from "../src/commands/golden/compareGolden.js";
import { GOLDEN_FORMAT, GOLDEN_VERSION } from "../src/commands/golden/goldenTypes.js";
import { makeGolden } from "../src/commands/golden/makeGolden.js";
import { parseGolden } from "../src/commands/golden/parseGolden.js";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";
import { toJsonLines } from "./support/scoreFiles.js";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** Names that are hard to write: quotes, line ends, other scripts, lone halves of pairs. */
const NAME = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
const CANDID = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** Where null has a meaning of its own, by docs/formats.md and the types: no threshold, no limit, no choice. */
const NULLS = [/^countedBy$/, /\.points\.0\.threshold$/, /^(best|candidates\.\d+)\.magpsf$/];
/** What JSON has no number for, and what it may lose, among what it keeps. */
const ANY_NUMBER = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308));
const MINMAX = { normalization: "minmax", size: 21 } as const;
const EXACT = { feature: 0, triplet: 0, score: 0 };

/** All numbers within a value. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** The paths of all nulls within a value. */
function nullsIn(value: unknown, path: readonly string[] = []): string[] {
  if (value === null) return [path.join(".")];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => nullsIn(inner, [...path, key]));
}

describe("a golden file is read as it was written", () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const result = fc.oneof(
    score.map((value) => ({ status: "scored", score: value, flags: [] })),
    fc.tuple(score, score).map(([SN, AGN]) => ({ status: "scored", classes: { SN, AGN }, flags: [] })),
    fc.constant({ status: "unscored", reasons: [{ code: "feature-missing", message: "sky: is not there" }] }),
  );
  const fields = fc.record({ magpsf: ANY_NUMBER, sky: ANY_NUMBER, scorr: ANY_NUMBER, drb: fc.option(ANY_NUMBER) });
  const pixel = fc.oneof(fc.float(), fc.constantFrom(-0, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45));
  const alert = fc.record({
    objectId: NAME,
    candid: CANDID,
    fields,
    pixels: fc.array(pixel, { minLength: 1, maxLength: 9 }),
    scores: fc.dictionary(NAME, result, { maxKeys: 3 }),
  });

  it("whatever the names, numbers, pixels and scores are", () => {
    const property = fc.property(fc.array(alert, { maxLength: 3 }), (alerts) => {
      const golden = alerts.map(({ objectId, candid, fields: own, pixels, scores }) => {
        const whole = Float32Array.from({ length: 63 * 63 }, (_, index) => pixels[index % pixels.length]);
        const stampData = new Uint8Array(gzipSync(writeFits({ width: 63, height: 63, pixels: whole }), { level: 1 }));
        const made = makeAlert(0);
        const candidate = { ...made.candidate, ...own, candid } as typeof made.candidate;
        return makeGolden(
          { ...made, objectId, candid, candidate, cutoutScience: { fileName: "s", stampData } },
          { scores: scores as unknown as ScoredAlert["scores"] },
          { profiles: [BTSBOT_V1, BOOM_2025], triplets: [{ normalization: "l2", size: 63 }, MINMAX] },
        );
      });
      const header = { format: GOLDEN_FORMAT, formatVersion: GOLDEN_VERSION };
      const text = [header, ...golden].map((line) => `${JSON.stringify(line)}\n`).join("");
      const read = parseGolden(text, "golden.jsonl");
      expect(read.alerts.map(({ objectId, candid }) => [objectId, BigInt(candid)])).toEqual(
        alerts.map(({ objectId, candid }) => [objectId, candid]),
      );
      for (const [index, each] of golden.entries()) {
        const { disagreements, unknown, notCompared } = compareGolden(read.alerts[index], each, EXACT);
        expect([disagreements, unknown]).toEqual([[], []]);
        expect(notCompared).toEqual({ stamps: 0, triplets: 0, features: 0, scores: 0 });
        expect(numbersIn(each).every(Number.isFinite)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("by the command, which writes and checks it", async () => {
    const cache = await fillCache(temporaryFolder());
    const ids = fc.uniqueArray(fc.tuple(NAME, CANDID), { selector: String, minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(ids, fc.boolean(), async (pairs, lacks) => {
      const alerts = pairs.map(([objectId, candid], place) => {
        const { candidate, ...rest } = makeAlert(place);
        const sky = lacks && place === 0 ? { sky: null } : {};
        return { ...rest, objectId, candid, candidate: { ...candidate, candid, ...sky } };
      });
      const packet = writePacket(folder, "odd.avro", alerts as never);
      const written = await run(["golden", packet], { cache });
      expect([written.status, written.stderr]).toEqual([0, ""]);
      const path = join(folder, "golden.jsonl");
      writeFileSync(path, written.stdout);
      const checked = await run(["golden", "--check", path, packet, "--format", "jsonl"], { cache });
      expect(checked.lines()).toMatchObject([
        { summary: { alerts: alerts.length, different: 0, missing: 0, extra: 0 } },
      ]);
      expect(checked.status).toBe(0);
    });
    await fc.assert(property, { numRuns: 20 });
  }, 60_000);
});

describe("results of an evaluation are JSON that says every figure", () => {
  const row = fc.record({
    source: fc.nat(5),
    candid: CANDID.map(String),
    jd: fc.oneof(fc.double({ min: 2459300.5, max: 2459310.5, noNaN: true }), fc.constant(2459300.5)),
    fid: fc.constantFrom(1, 2, 3),
    magpsf: fc.oneof(fc.double({ min: 12, max: 22, noNaN: true }), fc.constant(18.5)),
    score: fc.option(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 1, -0)), {
      nil: undefined,
    }),
  });
  const rows = fc.uniqueArray(row, { selector: ({ candid }) => candid, minLength: 1, maxLength: 12 });
  const date = fc.option(fc.double({ min: 2459300.5, max: 2459310.5, noNaN: true }));
  const truth = fc.array(fc.record({ label: fc.constantFrom(0, 1), save: date, trigger: date, junk: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  });
  const names = fc.uniqueArray(NAME, { minLength: 6, maxLength: 6 });

  it.each([
    ["backtest", "bts_p1", "gt1_code"],
    ["tune", "--completeness", "0.9"],
    ["tune", "--per-night", "0"],
  ])(
    "%s %s %s",
    async (command, ...args) => {
      const property = fc.asyncProperty(rows, truth, names, async (alerts, known, sources) => {
        const [scores, table, out] = ["scores.jsonl", "truth.jsonl", "out.json"].map((name) => join(folder, name));
        const scored = alerts.map(({ source, ...rest }) => ({ ...rest, objectId: sources[source] }));
        rmSync(out, { force: true });
        writeFileSync(scores, toJsonLines(scored));
        const lines = known.map(({ label, save, trigger, junk }, index) =>
          JSON.stringify({ objectId: sources[index], label, saveJd: save, triggerJd: trigger, junk }),
        );
        writeFileSync(table, `${lines.join("\n")}\n`);
        const { status, stdout, stderr } = await run([
          command,
          ...args,
          "--scores",
          scores,
          "--truth",
          table,
          "--format",
          "json",
          "--json",
          out,
        ]);
        // Of `tune`, 1 says that nothing meets the goal.
        expect([0, command === "tune" ? 1 : 0], stderr).toContain(status);
        const text = await readFile(out, "utf8");
        const read = JSON.parse(text) as Record<string, unknown>;
        // Values, not bytes: on an output, what a terminal must not see stands as an escape.
        expect(JSON.parse(stdout)).toEqual(read);
        // Nothing was lost on the way: what JSON has no word for would stand as null.
        expect(nullsIn(read).filter((path) => !NULLS.some((known) => known.test(path)))).toEqual([]);
      });
      const turned = ["\u202e", "\u0085", "\ufeff", "a", "b", "c"];
      const alert = { source: 0, candid: "1", jd: 2459300.5, fid: 1 as const, magpsf: 18, score: 0.9 };
      const known = [{ label: 1 as const, save: null, trigger: null, junk: false }];
      await fc.assert(property, { numRuns: 25, examples: [[[alert], known, turned]] });
    },
    120_000,
  );
});
