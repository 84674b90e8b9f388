import { describe, expect, it } from "vitest";
import { evaluateSources } from "@btsbot/evaluate";
import type { SourceTruth } from "@btsbot/evaluate";
import { makeAlerts, makeDecision } from "./makeSources.js";

/** Ten sources, judged by hand below. */
const ALERTS = [
  ...makeAlerts("found", [18.6, 0.9], [18.2, 0.9], [18.4, 0.9]),
  ...makeAlerts("found-bright", [17.1, 0.9], [17.0, 0.9]),
  ...makeAlerts("missed", [18.5, 0.1], [18.9, 0.1]),
  ...makeAlerts("fooled", [18.3, 0.9], [18.1, 0.9]),
  ...makeAlerts("dim", [18.57, 0.9], [18.7, 0.9]),
  ...makeAlerts("quiet", [18.2, 0.1], [18.3, 0.1]),
  ...makeAlerts("rubbish", [18, 0.9], [18, 0.9]),
  ...makeAlerts("single", [18, 0.9]),
  ...makeAlerts("thinned", [18.51, 0.9], [18.6, 0.9]),
  ...makeAlerts("stranger", [18, 0.9], [18, 0.9]),
];
const TRUTH: readonly SourceTruth[] = [
  { objectId: "found", label: 1, saveJd: 2459302.05, triggerJd: NaN, classification: "SN Ia" },
  { objectId: "found-bright", label: 1, saveJd: 2459301.3, triggerJd: 2459215.4 },
  { objectId: "missed", label: 1, saveJd: 2459301 },
  { objectId: "fooled", label: 0, classification: "CV", saveJd: 2459300 },
  { objectId: "dim", label: 0 },
  { objectId: "quiet", label: 0 },
  { objectId: "rubbish", label: 0, junk: true },
  { objectId: "single", label: 1 },
  { objectId: "thinned", label: 1 },
  { objectId: "never-seen", label: 1 },
];
const DECISIONS = ["found", "found-bright", "fooled", "dim", "rubbish", "single", "thinned", "stranger"].map((name) =>
  makeDecision(name),
);

const names = (outcomes: readonly { readonly objectId: string }[]): string[] =>
  outcomes.map(({ objectId }) => objectId);

describe("evaluateSources", () => {
  const evaluation = evaluateSources(DECISIONS, ALERTS, TRUTH);

  it("counts completeness and purity of the sources that count", () => {
    expect(evaluation.overall).toEqual({
      truePositives: 2,
      falsePositives: 2,
      falseNegatives: 1,
      trueNegatives: 1,
      completeness: 2 / 3,
      purity: 0.5,
    });
  });

  it("names what it counted", () => {
    expect(names(evaluation.truePositives)).toEqual(["found", "found-bright"]);
    expect(evaluation.falsePositives).toEqual([
      { objectId: "dim", peakmag: 18.57, alertCount: 2, firedJd: 2459301.8 },
      { objectId: "fooled", peakmag: 18.1, alertCount: 2, firedJd: 2459301.8, classification: "CV" },
    ]);
    expect(evaluation.falseNegatives).toEqual([{ objectId: "missed", peakmag: 18.5, alertCount: 2 }]);
  });

  it("names what it did not count, and why", () => {
    expect(evaluation.excluded).toEqual([
      { rule: "junk", objectIds: ["rubbish"] },
      { rule: "few-alerts", objectIds: ["single"] },
      { rule: "peak-thinned", objectIds: ["thinned"] },
    ]);
    expect(evaluation.withoutTruth).toEqual(["stranger"]);
    expect(evaluation.withoutAlerts).toEqual(["never-seen"]);
  });

  it("bins by peak: the bright edge in, the last faint edge in, the rest outside but in the whole", () => {
    expect(
      evaluation.byPeak.map(({ low, truePositives, falsePositives, falseNegatives, trueNegatives }) => [
        low,
        truePositives,
        falsePositives,
        falseNegatives,
        trueNegatives,
      ]),
    ).toEqual([
      [17, 1, 0, 0, 0],
      [17.25, 0, 0, 0, 0],
      [17.5, 0, 0, 0, 0],
      [17.75, 0, 0, 0, 0],
      [18, 1, 1, 0, 1],
      [18.25, 0, 0, 1, 0],
    ]);
    expect(evaluation.byPeak.map(({ completeness, purity }) => [completeness, purity])).toEqual([
      [1, 1],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [1, 0.5],
      [0, undefined],
    ]);
    expect(evaluation.outsideBins).toBe(1);
  });

  it("measures delays of true positives alone, the known and late enough ones", () => {
    expect(evaluation.saveDelays.values.map(({ objectId, days }) => [objectId, days.toFixed(4)])).toEqual([
      ["found", "-0.2500"],
      ["found-bright", "0.5000"],
    ]);
    expect(evaluation.saveDelays.median).toBeCloseTo(0.125, 6);
    expect(evaluation.triggerDelays).toEqual({ values: [], median: undefined, unknown: 1, tooEarly: 1 });
    const all = evaluateSources(DECISIONS, ALERTS, TRUTH, { delaysFromJd: 2459215 });
    expect(all.triggerDelays.values).toHaveLength(1);
    const exactly = evaluateSources(DECISIONS, ALERTS, TRUTH, { delaysFromJd: 2459215.4 });
    expect(exactly.triggerDelays.values).toHaveLength(1);
  });

  it("takes the median as numpy.nanmedian does: of 0.5, NaN, -0.25, 1, NaN, 0 it is 0.25", () => {
    const times = [0.5, NaN, -0.25, 1, 1e10, 0].map((days) => 2459301.8 - days);
    times[4] = 1e10;
    const alerts = times.flatMap((_, index) => makeAlerts(`s${index}`, [18], [18]));
    const truth = times.map((saveJd, index) => ({ objectId: `s${index}`, label: 1 as const, saveJd }));
    const { saveDelays } = evaluateSources(
      times.map((_, index) => makeDecision(`s${index}`)),
      alerts,
      truth,
    );
    expect(saveDelays.median).toBeCloseTo(0.25, 6);
    expect([saveDelays.values.length, saveDelays.unknown]).toEqual([4, 2]);
  });

  it("switches each exclusion off by itself", () => {
    const counted = (exclude: object): number => {
      const { overall } = evaluateSources(DECISIONS, ALERTS, TRUTH, { exclude });
      return overall.truePositives + overall.falsePositives + overall.falseNegatives + overall.trueNegatives;
    };
    expect(counted({})).toBe(6);
    expect(counted({ junk: false })).toBe(7);
    expect(counted({ minAlerts: 0 })).toBe(7);
    expect(counted({ minAlerts: 3 })).toBe(1);
    expect(counted({ faintestPositive: null })).toBe(7);
    expect(counted({ junk: false, minAlerts: 1, faintestPositive: null })).toBe(9);
    expect(counted({ sample: new Set(["found", "rubbish"]) })).toBe(1);
    expect(
      evaluateSources(DECISIONS, ALERTS, TRUTH, { exclude: { junk: false, minAlerts: 0, faintestPositive: null } })
        .excluded,
    ).toEqual([]);
  });

  it("lists a source that several rules leave out under the first", () => {
    const truth = [{ objectId: "a", label: 1, junk: true } as const];
    const excluded = (exclude: object): unknown =>
      evaluateSources([], makeAlerts("a", [19]), truth, { exclude }).excluded.filter(
        ({ objectIds }) => objectIds.length > 0,
      );
    expect(excluded({})).toEqual([{ rule: "junk", objectIds: ["a"] }]);
    expect(excluded({ junk: false })).toEqual([{ rule: "few-alerts", objectIds: ["a"] }]);
    expect(excluded({ sample: new Set() })).toEqual([{ rule: "outside-sample", objectIds: ["a"] }]);
  });

  it("counts an alert that came twice once, and takes the earliest of several decisions", () => {
    const alerts = [...makeAlerts("a", [18, 0.9]), ...makeAlerts("a", [18, 0.9])];
    const truth = [{ objectId: "a", label: 1, saveJd: 2459301 }] as const;
    expect(evaluateSources([], alerts, truth).excluded[1].objectIds).toEqual(["a"]);
    const twice = evaluateSources([makeDecision("found", 2459303), makeDecision("found", 2459302)], ALERTS, TRUTH);
    expect(twice.truePositives[0].firedJd).toBe(2459302);
  });

  it("does not mind any order", () => {
    expect(evaluateSources([...DECISIONS].reverse(), [...ALERTS].reverse(), [...TRUTH].reverse())).toEqual(evaluation);
  });

  it("gives empty figures for empty input", () => {
    const empty = evaluateSources([], [], []);
    expect([empty.overall.completeness, empty.overall.purity, empty.saveDelays.median]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("survives JSON as it is", () => {
    expect(JSON.stringify(evaluation)).not.toMatch(/null|NaN/);
  });

  it("refuses decisions of several policies and of sources it has no alerts of", () => {
    expect(() =>
      evaluateSources([makeDecision("found"), { ...makeDecision("dim"), policy: "other" }], ALERTS, TRUTH),
    ).toThrow("decisions[1].policy");
    expect(() => evaluateSources([makeDecision("nobody")], ALERTS, TRUTH)).toThrow("decisions[0].objectId");
  });

  it.each<[string, readonly unknown[], string]>([
    ["a NaN score", [{ ...ALERTS[0], score: NaN }], "alerts[0].score"],
    ["a NaN date", [ALERTS[0], { ...ALERTS[1], jd: NaN }], "alerts[1].jd"],
    ["a magnitude that is missing", [{ ...ALERTS[0], magpsf: undefined }], "alerts[0].magpsf"],
  ])("refuses %s", (_, alerts, path) => {
    expect(() => evaluateSources([], alerts as typeof ALERTS, TRUTH)).toThrow(
      expect.objectContaining({ code: "evaluation-invalid", path }),
    );
  });

  it.each<[string, object, string]>([
    ["edges", { peakEdges: [18, 17] }, "peakEdges"],
    ["alerts", { exclude: { minAlerts: -1 } }, "exclude.minAlerts"],
    ["magnitude", { exclude: { faintestPositive: NaN } }, "exclude.faintestPositive"],
  ])("refuses options out of range: %s", (_, options, path) => {
    expect(() => evaluateSources([], ALERTS, TRUTH, options)).toThrow(expect.objectContaining({ path }));
  });

  it("refuses truth that contradicts itself or has no class", () => {
    expect(() => evaluateSources([], [], [TRUTH[0], TRUTH[0]])).toThrow("truth[1].objectId");
    expect(() => evaluateSources([], [], [{ objectId: "a", label: 2 as 1 }])).toThrow("truth[0].label");
  });
});
