import { createRandom } from "@btsbot/chance";
import { describe, expect, it } from "vitest";
import { bootstrapSources, evaluateSources } from "@btsbot/evaluate";
import type { SourceEvaluation } from "@btsbot/evaluate";
import { makeAlerts, makeDecision } from "./makeSources.js";

/** Sources of which the first are true positives, then false positives, false negatives and true negatives. */
function evaluate(
  tp: number,
  fp: number,
  fn: number,
  tn: number,
  days: (index: number) => number = () => NaN,
): SourceEvaluation {
  const all = Array.from({ length: tp + fp + fn + tn }, (_, index) => `s${String(index).padStart(4, "0")}`);
  const truth = all.map((objectId, index) => ({
    objectId,
    label: index < tp || (index >= tp + fp && index < tp + fp + fn) ? (1 as const) : (0 as const),
    saveJd: 2459301.8 - days(index),
  }));
  return evaluateSources(
    all.slice(0, tp + fp).map((objectId) => makeDecision(objectId)),
    all.flatMap((objectId) => makeAlerts(objectId, [18], [18])),
    truth,
  );
}

describe("bootstrapSources", () => {
  it("gives the figures of the sample where each source is drawn once", () => {
    const evaluation = evaluate(7, 3, 2, 5, (index) => index / 4);
    let draw = 0;
    const { purity, completeness, saveDelay } = bootstrapSources(evaluation, {
      random: () => ((draw++ % 17) + 0.5) / 17,
      resamples: 3,
    });
    for (const [interval, figure] of [
      [purity, 0.7],
      [completeness, 7 / 9],
      [saveDelay, evaluation.saveDelays.median],
    ] as const) {
      expect(interval).toEqual({ low: figure, high: figure, resamples: 3 });
    }
  });

  it("has the width of the binomial distribution", () => {
    const { purity, completeness } = bootstrapSources(evaluate(160, 40, 40, 160), {
      random: createRandom(6),
      resamples: 4000,
    });
    // Both are 160 of 200: 0.8 with a standard error of sqrt(0.8 * 0.2 / 200) = 0.0283, so 0.745 to 0.855.
    for (const interval of [purity!, completeness!]) {
      expect(interval.resamples).toBe(4000);
      expect(interval.low).toBeCloseTo(0.8 - 1.96 * 0.0283, 2);
      expect(interval.high).toBeCloseTo(0.8 + 1.96 * 0.0283, 2);
    }
  });

  it("covers the true purity as often as it says, roughly", () => {
    const random = createRandom(7);
    let covered = 0;
    for (let i = 0; i < 200; i++) {
      const found = Array.from({ length: 100 }, () => random() < 0.7).filter(Boolean).length;
      const { purity } = bootstrapSources(evaluate(found, 100 - found, 0, 0), { random, resamples: 200, level: 0.9 });
      if (purity!.low <= 0.7 && purity!.high >= 0.7) covered += 1;
    }
    // 180 of 200 with a standard deviation of 4.2; the percentile method falls a little short.
    expect(covered).toBeGreaterThan(163);
    expect(covered).toBeLessThan(194);
  });

  it("holds the median delay, of sources that have one", () => {
    const { saveDelay, triggerDelay } = bootstrapSources(
      evaluate(101, 5, 0, 5, (index) => (index % 2 === 0 ? index / 100 : NaN)),
      { random: createRandom(8) },
    );
    expect(saveDelay!.low).toBeLessThan(0.5);
    expect(saveDelay!.high).toBeGreaterThan(0.5);
    expect(saveDelay!.high - saveDelay!.low).toBeLessThan(0.5);
    expect(triggerDelay).toBeUndefined();
  });

  it("says how many resamples a figure is of", () => {
    const { purity, completeness } = bootstrapSources(evaluate(1, 0, 0, 3), { random: createRandom(9) });
    // The one positive is in 1 - 0.75^4 = 68% of resamples.
    expect(purity!.resamples).toBeGreaterThan(620);
    expect(purity!.resamples).toBeLessThan(750);
    expect(completeness).toEqual(purity);
    expect(bootstrapSources(evaluate(0, 0, 0, 0), { random: createRandom(9) })).toEqual({ level: 0.95 });
  });

  it("is the same for the same random numbers", () => {
    const evaluation = evaluate(20, 5, 5, 20);
    expect(bootstrapSources(evaluation, { random: createRandom(10) })).toEqual(
      bootstrapSources(evaluation, { random: createRandom(10) }),
    );
  });

  it.each([{ resamples: 0 }, { resamples: 1.5 }, { level: 0 }, { level: 1 }, { level: NaN }])(
    "refuses %j",
    (options) => {
      expect(() => bootstrapSources(evaluate(1, 0, 0, 0), { random: createRandom(0), ...options })).toThrow(
        "bootstrap.",
      );
    },
  );
});
