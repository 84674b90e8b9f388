import { isPositive } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import { DEFAULT_MODEL } from "@btsbot/model";
import { beforeAll, expect, it } from "vitest";
import { readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

const PUBLISHED = "btsbot-v1.0.1";
/** What the card in docs/models.md states, and what the model must reach to be worth shipping. */
const LEAST = { agreement: 0.9, rankCorrelation: 0.8 };

// Real packets, which no training saw; of them those that BTSbot is made for: a positive difference that braai takes for real.
describeWithData("btsbot-mini beside the reference's scores of v1.0.1", (folder) => {
  const pairs: { readonly mini: number; readonly published: number }[] = [];

  beforeAll(async () => {
    const wanted = readReferenceAlerts(folder).filter(
      ({ alert, reference: { scores } }) =>
        isPositive(alert.candidate.isdiffpos) === true &&
        (scores?.braai_d6_m9 ?? 0) > 0.5 &&
        scores?.[PUBLISHED] != null,
    );
    const scorer = await createScorer();
    for await (const outcome of scorer.scoreAlerts(wanted.map(({ alert }) => alert))) {
      if (!outcome.success) throw outcome.error;
      const result = outcome.data.scores[DEFAULT_MODEL];
      if (result.status === "unscored") throw new Error(result.reasons[0].message);
      pairs.push({ mini: result.score!, published: wanted[outcome.input].reference.scores![PUBLISHED]! });
    }
    scorer.dispose();
  });

  it("is on the same side of 0.5", () => {
    const same = pairs.filter(({ mini, published }) => mini >= 0.5 === published >= 0.5);
    if (process.env.FIGURES)
      process.stdout.write(
        `${same.length} of ${pairs.length} on the same side of 0.5, rank correlation ${correlateRanks().toFixed(3)}\n`,
      );
    expect(pairs.length).toBeGreaterThan(50);
    expect(same.length / pairs.length).toBeGreaterThanOrEqual(LEAST.agreement);
  });

  it("puts alerts in nearly the same order", () => {
    expect(correlateRanks()).toBeGreaterThanOrEqual(LEAST.rankCorrelation);
  });

  /** Spearman's coefficient: Pearson's of the ranks. */
  function correlateRanks(): number {
    const [a, b] = [pairs.map(({ mini }) => mini), pairs.map(({ published }) => published)].map(toRanks);
    const mean = (pairs.length - 1) / 2;
    const product = (x: readonly number[], y: readonly number[]): number =>
      x.reduce((sum, value, place) => sum + (value - mean) * (y[place] - mean), 0);
    return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  }
});

/** Place of each value among all, from 0; equal values share the mean of their places. */
function toRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}
