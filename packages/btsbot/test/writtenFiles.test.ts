import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toTruthRow, TRUTH_COLUMNS } from "@btsbot/simulate";
import type { Truth } from "@btsbot/simulate";
import { placeFile, readTruth } from "@btsbot/tables";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProgress } from "../src/terminal/progress.js";
import { readScores } from "../src/evaluation/readScores.js";
import { toJsonLine } from "../src/terminal/toJsonLine.js";
import type { FileOutcome } from "../src/inputs/scoreInputs.js";
import { makeAlert } from "./support/packets.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-written-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names that are hard to write: quotes, line ends, other scripts, lone halves of pairs. */
const NAME = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
const CANDID = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const ALERT = fc.record({
  candid: CANDID,
  jd: fc.double({ min: 2458000.5, max: 2462000.5, noNaN: true }),
  magpsf: fc.double({ min: 10, max: 22, noNaN: true }),
  fid: fc.constantFrom(1, 2, 3, undefined),
  score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
});
describe("what is written can be read", () => {
  it("the truth of simulate, by the reader of train and backtest", async () => {
    const row = fc.record({
      objectId: fc.stringMatching(/^ZTF\d\d[a-z]{7}$/),
      label: fc.constantFrom<0 | 1>(0, 1),
      class: fc.constantFrom("SN Ia", "AGN", "bogus"),
      peakmag: fc.double({ min: 14, max: 21, noNaN: true }),
      peakjd: fc.double({ min: 2458000.5, max: 2462000.5, noNaN: true }),
      redshift: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      ra: fc.double({ min: 0, max: 359, noNaN: true }),
      dec: fc.double({ min: -30, max: 90, noNaN: true }),
    });
    const rows = fc.uniqueArray(row, { selector: ({ objectId }) => objectId, minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, async (truths) => {
        const path = join(folder, "truth.csv");
        const lines = truths.map((truth) => toTruthRow(truth as unknown as Truth));
        await placeFile(path, [TRUTH_COLUMNS.join(","), ...lines, ""].join("\n"));
        const read = await readTruth(path, { needsLabel: true });
        expect(read.map(({ objectId, label, className }) => [objectId, label, className])).toEqual(
          truths.map((truth) => [truth.objectId, truth.label, truth.class]),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("the lines of score, by backtest, which leaves out what cannot be", async () => {
    const possible = { jd: 2459000.5, magpsf: 18 };
    const alert = fc.oneof(
      { weight: 3, arbitrary: ALERT },
      // What a packet may hold; NaN is written as null.
      fc.record({
        candid: CANDID,
        jd: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(possible.jd)),
        magpsf: fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constantFrom(possible.magpsf, undefined)),
        fid: fc.oneof(fc.integer(), fc.constant(1)),
        score: fc.constant(undefined),
      }),
    );
    const isPossible = ({
      jd,
      magpsf = NaN,
      fid = 1,
    }: {
      jd: number;
      magpsf?: number | undefined;
      fid?: number | undefined;
    }): boolean => jd >= 2400000.5 && jd <= 2600000 && magpsf >= -30 && magpsf <= 40 && fid >= 0 && fid <= 1000;
    const lines = fc.uniqueArray(fc.tuple(NAME, alert), { selector: ([, { candid }]) => candid, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(lines, async (scored) => {
        const path = join(folder, "scores.jsonl");
        const text = scored.map(([objectId, { candid, jd, magpsf, fid, score }]) => {
          const alert = makeAlert(0);
          const outcome = {
            success: true,
            file: objectId,
            index: 0,
            alert: { ...alert, candidate: { ...alert.candidate, magpsf, fid: fid ?? 1 } },
            data: {
              objectId,
              candid,
              jd,
              scores: {
                m: score === undefined ? { status: "unscored", reasons: [] } : { status: "scored", score, flags: [] },
              },
            },
          };
          return `${toJsonLine(outcome as unknown as FileOutcome)}\n`;
        });
        await placeFile(path, text);
        const world = { stdin: (async function* () {})(), progress: createProgress(undefined, () => 0) };
        const left = scored.filter(([, each]) => isPossible(each));
        if (left.length === 0) {
          await expect(readScores(path, { policies: [], model: "m" }, world)).rejects.toThrow(
            /cannot be used|no scored/,
          );
          return;
        }
        const { alerts, impossible, withoutMagnitude } = await readScores(path, { policies: [], model: "m" }, world);
        expect(impossible + withoutMagnitude).toBe(scored.length - left.length);
        expect(alerts).toEqual(
          left.map(([objectId, { candid, jd, magpsf, fid, score }]) => ({
            objectId,
            candid,
            jd,
            // JSON has no -0.
            magpsf: magpsf! + 0,
            fid: fid ?? 1,
            ...(score !== undefined && { score }),
          })),
        );
      }),
      { numRuns: 100 },
    );
  });
});
