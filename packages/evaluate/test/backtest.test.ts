import { createRandom, shuffle } from "@btsbot/chance";
import { getPolicy, makePolicy, atLeast, stepPolicy } from "@btsbot/policy";
import type { Decision, Policy, PolicyAlert, PolicyState } from "@btsbot/policy";
import { describe, expect, it } from "vitest";
import { backtest, evaluateAlerts, evaluateSources } from "@btsbot/evaluate";
import type { SourceTruth } from "@btsbot/evaluate";
import { makeAlerts, makeSky } from "./makeSources.js";

const [P1, P2] = [getPolicy("bts_p1"), getPolicy("bts_p2")];

/** Shows a policy all alerts in the order of time, sources mixed. */
function replayInTime(policy: Policy, alerts: readonly PolicyAlert[]): Decision[] {
  const states = new Map<string, PolicyState>();
  return [...alerts]
    .sort((a, b) => a.jd - b.jd || (a.candid < b.candid ? -1 : 1))
    .flatMap((alert) => {
      const { state, decisions } = stepPolicy(policy, states.get(alert.objectId), alert);
      states.set(alert.objectId, state);
      return decisions;
    });
}

describe("backtest", () => {
  it("gives what a hand gives", () => {
    const alerts = [
      ...makeAlerts("SN", [18.9, 0.6], [19.1, 0.9], [18.4, 0.8], [18.0, 0.95]),
      ...makeAlerts("dim", [18.8, 0.7], [18.6, 0.9]),
      ...makeAlerts("AGN", [18.3, 0.2], [18.2, 0.55]),
    ];
    const truth: SourceTruth[] = [
      { objectId: "SN", label: 1, saveJd: 2459303.05, triggerJd: 2459302.3 },
      { objectId: "dim", label: 0 },
      { objectId: "AGN", label: 0 },
    ];
    const result = backtest([P1, P2], alerts, truth);
    // Scores of at least 0.5: all 4 of the SN, 2 of the dim one, 1 of 2 of the AGN.
    expect(result.alerts.confusion).toMatchObject({
      truePositives: 4,
      falsePositives: 3,
      falseNegatives: 0,
      trueNegatives: 1,
      accuracy: 5 / 8,
    });
    // 0.6 beats 0.2 and 0.55; 0.9, 0.2, 0.55, 0.7 and half of 0.9; 0.8 three; 0.95 four: 2 + 3.5 + 3 + 4 of 16.
    expect(result.alerts.roc?.auc).toBe(12.5 / 16);
    const [p1, p2] = result.policies;
    // The SN's first and third alert are bright enough for bts_p1; the third is bright enough for bts_p2 too.
    expect(p1.sources.truePositives.map(({ firedJd }) => firedJd)).toEqual([2459302.8]);
    expect(p1.sources.overall).toMatchObject({ completeness: 1, purity: 0.5 });
    expect(p2.sources.overall).toMatchObject({ completeness: 1, purity: 1 });
    expect(p1.sources.saveDelays.median).toBeCloseTo(-0.25, 6);
    expect(p1.sources.triggerDelays.median).toBeCloseTo(0.5, 6);
    // JD 2459300.8 is the night of nid 1546; four nights, the dim one fires in the second, the SN in the third.
    expect(p1.requests).toEqual({
      nights: [
        { nid: 1546, requests: 0 },
        { nid: 1547, requests: 1 },
        { nid: 1548, requests: 1 },
        { nid: 1549, requests: 0 },
      ],
      total: 2,
      mean: 0.5,
      median: 0.5,
      max: 1,
    });
    // Alerts under 19 mag: the SN's second highest score is 0.8, the dim one's 0.7.
    expect(p1.costCurve).toEqual([
      {
        threshold: 0,
        requests: 2,
        requestsPerNight: 0.5,
        truePositives: 1,
        falsePositives: 1,
        completeness: 1,
        purity: 0.5,
      },
      {
        threshold: 0.8,
        requests: 1,
        requestsPerNight: 0.25,
        truePositives: 1,
        falsePositives: 0,
        completeness: 1,
        purity: 1,
      },
    ]);
  });

  it("gives the paper's purities from sources that add up to its counts", () => {
    // 505 bright transients, 54 false positives of bts_p1 alone (dim), 38 of both, 70 junk and 59 with one alert.
    const kinds: [string, number, 0 | 1, number, number][] = [
      ["bright", 505, 1, 18.2, 2],
      ["dim", 54, 0, 18.57, 2],
      ["cv", 38, 0, 18.1, 2],
      ["junk", 70, 0, 18, 2],
      ["single", 59, 0, 18, 1],
    ];
    const sources = kinds.flatMap(([kind, count, label, magpsf, length]) =>
      Array.from({ length: count }, (_, index) => ({
        objectId: `${kind}${index}`,
        label,
        junk: kind === "junk",
        magpsf,
        length,
      })),
    );
    const alerts = sources.flatMap(({ objectId, magpsf, length }) =>
      makeAlerts(objectId, ...Array.from({ length }, () => [magpsf, 0.9] as const)),
    );
    const { policies } = backtest([P1, P2], alerts, sources);
    expect(
      policies.map(
        ({ sources: { overall } }) =>
          `${(100 * overall.completeness!).toFixed(1)} ${(100 * overall.purity!).toFixed(1)}`,
      ),
    ).toEqual(["100.0 84.6", "100.0 93.0"]);
    expect(policies[0].sources.excluded.map(({ rule, objectIds }) => [rule, objectIds.length])).toEqual([
      ["junk", 70],
      ["few-alerts", 59],
      ["peak-thinned", 0],
    ]);
  });

  it("decides what a replay in the order of time over all sources decides", () => {
    const { alerts, truth } = makeSky(400, createRandom(11));
    const policies = ["bts_p1", "bts_p2_code", "gt3", "prod_p2"].map(getPolicy);
    const { policies: results } = backtest(policies, alerts, truth);
    policies.forEach((policy, index) => {
      const decisions = replayInTime(policy, alerts);
      expect(decisions.length).toBeGreaterThan(20);
      expect(results[index].sources).toEqual(evaluateSources(decisions, alerts, truth));
      expect(results[index].requests.total).toBe(decisions.length);
    });
  });

  it("goes by date, not by candid", () => {
    const alerts = makeAlerts("a", [18, 0.9], [18, 0.1], [18, 0.9], [18, 0.9]).map((alert) => ({
      ...alert,
      candid: 9n - alert.candid,
    }));
    const [{ sources }] = backtest([P1], alerts, [{ objectId: "a", label: 1 }]).policies;
    expect(sources.truePositives[0].firedJd).toBe(2459302.8);
  });

  it("has the alert-level metrics of all scored alerts of known sources", () => {
    const { alerts, truth } = makeSky(50, createRandom(12));
    const labels = new Map(truth.map(({ objectId, label }) => [objectId, label]));
    const unscored = alerts.map((alert, index) => (index % 10 === 0 ? { ...alert, score: undefined } : alert));
    const result = backtest([P1], [...unscored, ...makeAlerts("stranger", [18, 0.9], [18])], truth, {
      calibrationBins: 5,
    });
    const rows = unscored.flatMap(({ objectId, score, magpsf }) =>
      score === undefined ? [] : [{ score, magpsf, label: labels.get(objectId)! }],
    );
    expect(result.alerts).toEqual(evaluateAlerts(rows, { calibrationBins: 5 }));
    expect(result.unscored).toBe(Math.ceil(alerts.length / 10) + 1);
    expect(result.policies[0].sources.withoutTruth).toEqual(["stranger"]);
    expect([result.alertCount, result.sourceCount, result.duplicates]).toEqual([alerts.length + 2, 51, 0]);
  });

  it("does not mind order nor repetition", () => {
    const random = createRandom(13);
    const { alerts, truth } = makeSky(100, random);
    const expected = backtest([P1, P2], alerts, truth);
    for (let i = 0; i < 5; i++) {
      const twice = shuffle([...alerts, ...alerts.slice(0, 50)], random);
      expect(backtest([P1, P2], twice, shuffle(truth, random))).toEqual({ ...expected, duplicates: 50 });
    }
  });

  it("has the cost curve of the policy with its own score raised", () => {
    const { alerts, truth } = makeSky(300, createRandom(14));
    const [{ costCurve, requests }] = backtest([P2], alerts, truth).policies;
    expect(costCurve.length).toBeGreaterThan(20);
    for (const point of costCurve.filter((_, index) => index % 5 === 0)) {
      const score = Math.max(0.5, point.threshold);
      const stricter = makePolicy(
        "stricter",
        { action: "save" },
        atLeast(2, `score >= ${score}`, "magpsf <= 19"),
        atLeast(1, "magpsf <= 18.5"),
      );
      const result = backtest([stricter], alerts, truth).policies[0];
      const { truePositives, falsePositives, completeness, purity } = result.sources.overall;
      expect(point).toEqual({
        threshold: point.threshold,
        truePositives,
        falsePositives,
        completeness,
        purity,
        requests: result.requests.total,
        requestsPerNight: result.requests.total / requests.nights.length,
      });
    }
  });

  it("keeps in the cost curve what fires without any score", () => {
    const policy = makePolicy("bright", { action: "save" }, atLeast(1, "magpsf <= 18"));
    const alerts = [
      ...makeAlerts("a", [18], [17.9, 0.3]),
      ...makeAlerts("b", [18], [17.9, 0.6]),
      ...makeAlerts("c", [18], [18]),
    ];
    const { costCurve } = backtest([policy], alerts, [{ objectId: "a", label: 1 }]).policies[0];
    expect(costCurve.map(({ threshold, requests }) => [threshold, requests])).toEqual([[0, 3]]);
  });

  it("counts in a window the sources that peak or fire in it, and its nights", () => {
    const alerts = [
      ...makeAlerts("fires", [18, 0.9, 2459299.8], [18.1, 0.9, 2459300.8]),
      ...makeAlerts("peaks", [18.2, 0.9, 2459290.8], [18.3, 0.9, 2459291.8], [18, 0.9, 2459301.8]),
      ...makeAlerts("before", [18, 0.9, 2459290.8], [18.1, 0.9, 2459291.8]),
      ...makeAlerts("edge", [18, 0.1, 2459300.5], [18.1, 0.1, 2459310.5]),
    ];
    // Of equal peaks the earliest is the peak.
    alerts.push(...makeAlerts("again", [18, 0.1, 2459290.8], [18, 0.1, 2459301.8]));
    const truth = ["fires", "peaks", "before", "edge", "again"].map((objectId) => ({ objectId, label: 1 as const }));
    const result = backtest([P1, P2], alerts, truth, { window: { afterJd: 2459300.5, beforeJd: 2459310.5 } });
    for (const { sources, requests } of result.policies) {
      expect(sources.truePositives.map(({ objectId }) => objectId)).toEqual(["fires", "peaks"]);
      expect(sources.excluded[0]).toEqual({ rule: "outside-sample", objectIds: ["again", "before", "edge"] });
      expect(requests).toMatchObject({
        nights: [
          { nid: 1546, requests: 1 },
          { nid: 1547, requests: 0 },
        ],
        total: 1,
      });
    }
    expect(result.policies[0].costCurve[0]).toMatchObject({ requests: 1, truePositives: 2 });
  });

  it("gives intervals where they are asked for", () => {
    const { alerts, truth } = makeSky(200, createRandom(15));
    const result = backtest([P1], alerts, truth, { bootstrap: { random: createRandom(16), resamples: 200 } });
    const [{ intervals, sources }] = result.policies;
    expect(result.alertIntervals!.auc!.low).toBeLessThan(result.alerts.roc!.auc);
    expect(result.alertIntervals!.auc!.high).toBeGreaterThan(result.alerts.roc!.auc);
    expect(intervals!.purity!.low).toBeLessThan(sources.overall.purity!);
    expect(intervals!.purity!.high).toBeGreaterThan(sources.overall.purity!);
    const without = backtest([P1], alerts, truth);
    expect([without.alertIntervals, without.policies[0].intervals]).toEqual([undefined, undefined]);
  });

  it("tells of its progress up to the end", () => {
    const { alerts, truth } = makeSky(1200, createRandom(17));
    const told: [number, number][] = [];
    backtest([P1], alerts, truth, { onProgress: (done, total) => told.push([done, total]) });
    expect(told).toHaveLength(3);
    expect(told[2]).toEqual([alerts.length, alerts.length]);
  });

  it("gives empty figures for no alerts and for no policies, and survives JSON", () => {
    const empty = backtest([P1], [], [{ objectId: "a", label: 1 }]);
    expect(empty.policies[0]).toMatchObject({ requests: { nights: [], total: 0 }, sources: { withoutAlerts: ["a"] } });
    expect(empty.policies[0].costCurve).toHaveLength(1);
    expect(JSON.stringify(empty)).not.toMatch(/NaN|null/);
    expect(backtest([], makeAlerts("a", [18, 0.5]), [], { window: { afterJd: 0, beforeJd: 1 } }).policies).toEqual([]);
  });

  it("refuses what evaluations refuse", () => {
    expect(() => backtest([P1], makeAlerts("a", [18, NaN]), [])).toThrow("alerts[0].score");
  });

  it.each([
    ["candid", 1127495406315015000, "got the number 1127495406315015000"],
    ["candid", "7", 'got the text "7"'],
    ["candid", undefined, "got undefined"],
    ["objectId", 5, "got 5"],
  ])("refuses an alert whose %s is %j", (path, value, got) => {
    const alerts = makeAlerts("a", [18, 0.9]).map((alert) => ({ ...alert, [path]: value }));
    expect(() => backtest([P1], alerts, [])).toThrow(
      expect.objectContaining({ code: "evaluation-invalid", path: `alerts[0].${path}` }),
    );
    expect(() => backtest([P1], alerts, [])).toThrow(got);
  });

  it("says of a label that is a text that it is one", () => {
    const truth = JSON.parse('[{"objectId":"a","label":"1"}]') as SourceTruth[];
    expect(() => backtest([P1], makeAlerts("a", [18, 0.9]), truth)).toThrow('expected 0 or 1, got the text "1"');
  });
});
