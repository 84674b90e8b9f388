import { createRandom, shuffle } from "@btsbot/chance";
import { atLeast, makePolicy } from "@btsbot/policy";
import { describe, expect, it } from "vitest";
import { backtest, tunePolicy } from "@btsbot/evaluate";
import { isHeldOut } from "../src/isHeldOut.js";
import { makeSky } from "./makeSources.js";

const SKY = makeSky(1000, createRandom(21));
const SMALL = { scores: [0, 0.5, 0.7], counts: [1, 3], magnitudes: [18.5, 19, null] };

/** The sources of one half. */
function half(heldOut: boolean): typeof SKY {
  return {
    alerts: SKY.alerts.filter(({ objectId }) => isHeldOut(objectId) === heldOut),
    truth: SKY.truth.filter(({ objectId }) => isHeldOut(objectId) === heldOut),
  };
}

describe("tunePolicy", () => {
  it("gives every candidate the figures of a backtest of it on the searched half", () => {
    const { candidates, searchedSources } = tunePolicy(SKY.alerts, SKY.truth, {
      goal: { completeness: 0.9 },
      ...SMALL,
    });
    expect(candidates).toHaveLength(18);
    const { alerts, truth } = half(false);
    const nights = backtest([], SKY.alerts, SKY.truth);
    expect(nights.sourceCount).toBe(1000);
    const nids = new Set(SKY.alerts.map(({ jd }) => Math.floor(jd - 0.5))).size;
    for (const { score, count, magpsf, requestsPerNight, ...rates } of candidates) {
      const where = [`score >= ${score}`, ...(magpsf === null ? [] : [`magpsf <= ${magpsf}`])];
      const [{ sources, requests }] = backtest(
        [makePolicy("one", { action: "save" }, atLeast(count, ...where))],
        alerts,
        truth,
      ).policies;
      expect(rates).toEqual(sources.overall);
      expect(requestsPerNight).toBeCloseTo((requests.total * 1000) / searchedSources / nids, 10);
    }
  });

  it("chooses the purest candidate that is complete enough", () => {
    const { best, candidates } = tunePolicy(SKY.alerts, SKY.truth, { goal: { completeness: 0.9 } });
    expect(candidates).toHaveLength(50 * 5 * 5);
    const enough = candidates.filter(({ completeness }) => completeness! >= 0.9);
    expect(enough.length).toBeGreaterThan(10);
    expect(best!.purity).toBe(Math.max(...enough.map(({ purity }) => purity!)));
    expect(best!.completeness).toBeGreaterThanOrEqual(0.9);
  });

  it("chooses the most complete candidate within a budget", () => {
    const { best, candidates, heldOut } = tunePolicy(SKY.alerts, SKY.truth, { goal: { requestsPerNight: 1 } });
    const within = candidates.filter(({ requestsPerNight }) => requestsPerNight <= 1);
    expect(within.length).toBeGreaterThan(10);
    expect(within.length).toBeLessThan(candidates.length);
    expect(best!.completeness).toBe(Math.max(...within.map(({ completeness }) => completeness!)));
    const equal = within.filter(({ completeness }) => completeness === best!.completeness);
    expect(best!.purity).toBe(Math.max(...equal.map(({ purity }) => purity!)));
    expect(heldOut!.meetsGoal).toBe(heldOut!.requestsPerNight <= 1);
  });

  it("judges the best on the sources that it did not search", () => {
    const { policy, best, heldOut, heldOutSources, searchedSources } = tunePolicy(SKY.alerts, SKY.truth, {
      goal: { completeness: 0.9 },
    });
    const { alerts, truth } = half(true);
    const [expected] = backtest([policy!], alerts, truth).policies;
    expect(heldOut!.sources).toEqual(expected.sources);
    expect(heldOutSources + searchedSources).toBe(1000);
    expect(policy!.require[0]).toEqual(
      atLeast(best!.count, `score >= ${best!.score}`, ...(best!.magpsf === null ? [] : [`magpsf <= ${best!.magpsf}`])),
    );
  });

  it("flatters on the half that it searched where scores mean nothing, and not on the other", () => {
    // Scores without any relation to the class: the true purity of every candidate is the fraction of positives, a half.
    const random = createRandom(22);
    const total = { searched: 0, found: 0, picked: 0 };
    for (let i = 0; i < 30; i++) {
      const names = Array.from({ length: 200 }, (_, index) => `ZTF${i}x${index}`);
      const alerts = names.flatMap((objectId) =>
        [0, 1, 2].map((day) => ({
          objectId,
          candid: BigInt(day),
          jd: 2459300.8 + day,
          magpsf: 17.5 + random(),
          score: random(),
        })),
      );
      const truth = names.map((objectId) => ({ objectId, label: random() < 0.5 ? (1 as const) : (0 as const) }));
      const { best, heldOut } = tunePolicy(alerts, truth, { goal: { completeness: 0.2 } });
      const { truePositives, falsePositives } = heldOut!.sources.overall;
      total.searched += best!.purity! / 30;
      total.found += truePositives;
      total.picked += truePositives + falsePositives;
    }
    expect(total.searched).toBeGreaterThan(0.6);
    // About 600 picked: 0.5 with a standard deviation of 0.02.
    expect(total.picked).toBeGreaterThan(400);
    expect(Math.abs(total.found / total.picked - 0.5)).toBeLessThan(0.07);
  });

  it("is the same whatever the order, and each time", () => {
    const random = createRandom(23);
    const options = { goal: { completeness: 0.95 }, ...SMALL };
    const expected = tunePolicy(SKY.alerts, SKY.truth, options);
    expect(tunePolicy(shuffle(SKY.alerts, random), shuffle(SKY.truth, random), options)).toEqual(expected);
  });

  it("takes the first of equal candidates", () => {
    const alerts = SKY.alerts.map((alert) => ({ ...alert, magpsf: 18, score: 0.9 }));
    const { best } = tunePolicy(alerts, SKY.truth, {
      goal: { completeness: 0.5 },
      scores: [0.4, 0.2],
      counts: [1],
      magnitudes: [19, 18.5],
    });
    expect([best!.score, best!.magpsf]).toEqual([0.4, 19]);
  });

  it("takes of equally good candidates the one that asks for less", () => {
    const strangers = SKY.truth.map(({ objectId }) => ({
      objectId: `${objectId}x`,
      candid: 1n,
      jd: 2459300.8,
      magpsf: 18,
      score: 0.4,
    }));
    const alerts = SKY.alerts.map((alert) => ({ ...alert, magpsf: 18, score: 0.9 }));
    const { best } = tunePolicy([...alerts, ...strangers], SKY.truth, {
      goal: { completeness: 0.5 },
      scores: [0.3, 0.5],
      counts: [1],
      magnitudes: [19],
    });
    expect(best!.score).toBe(0.5);
  });

  it("finds nothing where nothing meets the goal", () => {
    const options = { goal: { completeness: 1 }, scores: [1], counts: [5], magnitudes: [18] };
    const tuned = tunePolicy(SKY.alerts, SKY.truth, options);
    expect([tuned.best, tuned.policy, tuned.heldOut]).toEqual([undefined, undefined, undefined]);
    expect(tunePolicy([], [], options).candidates).toMatchObject([{ truePositives: 0, requestsPerNight: 0 }]);
  });

  it("finds nothing where there is nothing to find, also within a budget", () => {
    const { best, heldOut, candidates } = tunePolicy(
      SKY.alerts,
      SKY.truth.map((row) => ({ ...row, label: 0 as const })),
      { goal: { requestsPerNight: 1000 } },
    );
    expect([best, heldOut, candidates.length]).toEqual([undefined, undefined, 1250]);
  });

  it("tells of its progress, and gives intervals where they are asked for", () => {
    const told: string[] = [];
    const { heldOut } = tunePolicy(SKY.alerts, SKY.truth, {
      goal: { completeness: 0.9 },
      ...SMALL,
      bootstrap: { random: createRandom(24), resamples: 100 },
      onProgress: (done, total) => told.push(`${done}/${total}`),
    });
    expect(told).toEqual(["3/18", "6/18", "9/18", "12/18", "15/18", "18/18"]);
    const { low, high } = heldOut!.intervals!.completeness!;
    expect(low).toBeLessThan(high);
  });

  it.each<[object, string]>([
    [{ goal: { completeness: 1.1 } }, "goal.completeness"],
    [{ goal: { requestsPerNight: NaN } }, "goal.requestsPerNight"],
    [{ scores: [] }, "scores"],
    [{ scores: [NaN] }, "scores"],
    [{ counts: [0] }, "counts"],
    [{ magnitudes: [Infinity] }, "magnitudes"],
  ])("refuses %j", (options, path) => {
    expect(() => tunePolicy([], [], { goal: { completeness: 0.9 }, ...options })).toThrow(
      expect.objectContaining({ path }),
    );
  });
});

describe("isHeldOut", () => {
  it("halves the names of a survey", () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `ZTF18a${index.toString(36).padStart(6, "0")}`);
    // 5,000 with a standard deviation of 50.
    expect(Math.abs(names.filter(isHeldOut).length - 5000)).toBeLessThan(250);
    // Neighbors are not in the same half more often than not: 2,500 pairs each with a standard deviation of 50.
    const same = names.filter((name, index) => index > 0 && isHeldOut(name) === isHeldOut(names[index - 1])).length;
    expect(Math.abs(same - 5000)).toBeLessThan(250);
  });

  it("keeps a source in its half for good", () => {
    expect(["ZTF23abhvlji", "ZTF20aaelulu", "ZTF20aajcdad", "ZTF20aafsnpp"].map(isHeldOut)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
