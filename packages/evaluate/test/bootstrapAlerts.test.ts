import { createRandom, shuffle } from "@btsbot/chance";
import { describe, expect, it } from "vitest";
import { bootstrapAlerts, CODE_THRESHOLD, computeConfusion, computeRocCurve, PAPER_THRESHOLD } from "@btsbot/evaluate";
import type { ConfidenceInterval, SourceScoredAlert } from "@btsbot/evaluate";
import { makeRandomRows, makeTiedRows } from "./makeRows.js";

/** Sources of five alerts each. */
const ROWS: readonly SourceScoredAlert[] = makeTiedRows().map((row, index) => ({
  ...row,
  objectId: `s${Math.floor(index / 5)}`,
}));

const width = (interval: ConfidenceInterval | undefined): number => interval!.high - interval!.low;

describe("bootstrapAlerts", () => {
  it.each([CODE_THRESHOLD, PAPER_THRESHOLD])(
    "gives the figures of the sample where each source is drawn once, at %j",
    (threshold) => {
      let draw = 0;
      const random = (): number => ((draw++ % 40) + 0.5) / 40;
      const { accuracy, balancedAccuracy, auc } = bootstrapAlerts(ROWS, { random, resamples: 2, threshold });
      const confusion = computeConfusion(ROWS, threshold);
      for (const [interval, figure] of [
        [accuracy, confusion.accuracy!],
        [balancedAccuracy, confusion.balancedAccuracy!],
        [auc, computeRocCurve(ROWS)!.auc],
      ] as const) {
        expect(interval!.low).toBeCloseTo(figure, 14);
        expect(interval!.high).toBeCloseTo(figure, 14);
      }
    },
  );

  it("gives the figures of the alerts drawn, where sources are drawn unevenly", () => {
    const random = createRandom(31);
    for (let i = 0; i < 20; i++) {
      // Two sources drawn from, the second three times as often.
      const drawn = [0.5, 1.5, 1.5, 1.5].map((source) => source / 4);
      let draw = 0;
      const rows = makeRandomRows(40, random).map((row, index) => ({ ...row, objectId: `s${index % 4}` }));
      const { auc, accuracy } = bootstrapAlerts(rows, { random: () => drawn[draw++], resamples: 1 });
      const copies = rows.flatMap((row) => Array.from({ length: { s0: 1, s1: 3 }[row.objectId] ?? 0 }, () => row));
      expect(accuracy?.low).toBeCloseTo(computeConfusion(copies).accuracy!, 14);
      const expected = computeRocCurve(copies)?.auc;
      if (expected === undefined) expect(auc).toBeUndefined();
      else expect(auc?.low).toBeCloseTo(expected, 13);
    }
  });

  it("does not take more alerts of the same sources for more knowledge", () => {
    const once = ROWS.filter((_, index) => index % 5 === 0);
    const often = once.flatMap((row) => Array.from({ length: 20 }, () => row));
    const alone = bootstrapAlerts(once, { random: createRandom(32) });
    const repeated = bootstrapAlerts(often, { random: createRandom(32) });
    for (const figure of ["accuracy", "balancedAccuracy", "auc"] as const) {
      expect(repeated[figure]!.low).toBeCloseTo(alone[figure]!.low, 14);
      expect(repeated[figure]!.high).toBeCloseTo(alone[figure]!.high, 14);
    }
    // As many independent alerts would give about a fifth of the width.
    const independent = often.map((row, index) => ({ ...row, objectId: `i${index}` }));
    expect(width(bootstrapAlerts(independent, { random: createRandom(33) }).auc)).toBeLessThan(width(alone.auc) / 3);
  });

  it("has the width that is known of accuracy", () => {
    const rows = Array.from({ length: 400 }, (_, index) => ({
      objectId: `s${index}`,
      score: index % 5 === 0 ? 0.2 : 0.9,
      label: 1 as const,
      magpsf: 18,
    }));
    const { accuracy, auc } = bootstrapAlerts(rows, { random: createRandom(34), resamples: 4000 });
    // 0.8 with a standard error of sqrt(0.8 * 0.2 / 400) = 0.02.
    expect(accuracy!.low).toBeCloseTo(0.8 - 1.96 * 0.02, 2);
    expect(accuracy!.high).toBeCloseTo(0.8 + 1.96 * 0.02, 2);
    expect(auc).toBeUndefined();
  });

  it("does not mind the order of rows, nor having none", () => {
    const expected = bootstrapAlerts(ROWS, { random: createRandom(35), resamples: 50 });
    expect(bootstrapAlerts(shuffle(ROWS, createRandom(36)), { random: createRandom(35), resamples: 50 })).toEqual(
      expected,
    );
    expect(bootstrapAlerts([], { random: createRandom(35) })).toEqual({ level: 0.95 });
  });

  it("refuses rows and options that are none", () => {
    expect(() => bootstrapAlerts([{ ...ROWS[0], score: NaN }], { random: createRandom(0) })).toThrow("rows[0].score");
    expect(() => bootstrapAlerts(ROWS, { random: createRandom(0), resamples: 0 })).toThrow("bootstrap.resamples");
    expect(() => bootstrapAlerts(ROWS, { random: createRandom(0), threshold: { score: 2, rule: "above" } })).toThrow(
      "threshold.score",
    );
  });
});
