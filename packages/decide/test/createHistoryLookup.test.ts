import type { Alert } from "@btsbot/alert";
import { toLightCurve } from "@btsbot/alert";
import { createRandom, shuffle } from "@btsbot/chance";
import {
  createDecider,
  createHistoryLookup,
  createJudge,
  createMemoryStore,
  orderPoints,
  runDecisions,
} from "@btsbot/decide";
import type { AlertScorer, History, HistoryLookup, Source } from "@btsbot/decide";
import { getPolicy } from "@btsbot/policy";
import fc from "fast-check";
import { expect, it } from "vitest";

function alertOf(objectId: string, night: number): Alert {
  const candid = BigInt(1000 + night);
  return { objectId, candid, candidate: { jd: 2460000.5 + night, fid: 1, magpsf: 18, isdiffpos: "t" } };
}

/** Asks as a scorer of @btsbot/core does; shows the nights of the detections that features are made of. */
function scorerOf(lookup: HistoryLookup, show: (alert: Alert, nights: number[]) => void): AlertScorer {
  return {
    async *scoreAlerts(inputs) {
      let input = 0;
      for await (const given of inputs) {
        const alert = given as Alert;
        show(
          alert,
          toLightCurve(alert, lookup.of(alert)).detections.map(({ jd }) => jd - 2460000.5),
        );
        yield { input, index: 0, success: true, alert, data: { ...alert, jd: alert.candidate.jd, scores: {} } };
        input += 1;
      }
    },
  };
}

it("asks a history once a batch, for the sources that pass, and counts earlier alerts of the same batch", async () => {
  const asked: (readonly string[])[] = [];
  const history: History = {
    points: (objectIds) => {
      asked.push(objectIds);
      return Promise.resolve(new Map([["a", [{ jd: 2459000.5, fid: 2, magpsf: 17 }]]]));
    },
  };
  const lookup = createHistoryLookup(history);
  const curves: number[][] = [];
  const scorer = scorerOf(lookup, (_, nights) => curves.push(nights));
  const judge = createJudge({ scorer, model: "stub", history: lookup });
  // Out of order: what is later than an alert is not counted.
  const alerts = [alertOf("a", 2), alertOf("b", 5), alertOf("a", 1)];
  await judge(alerts.map((alert, index) => ({ file: "test", index, alert })));
  expect(asked).toEqual([["a", "b"]]);
  expect(curves).toEqual([[-1000, 1, 2], [5], [-1000, 1]]);
});

it("gives what a store kept of earlier runs", async () => {
  const store = createMemoryStore();
  const unit = await store.begin();
  await unit.save({ alerts: [{ file: "test", index: 0, alert: alertOf("a", -400) }] });
  await unit.commit();
  const lookup = createHistoryLookup(store);
  const alert = alertOf("a", 0);
  await lookup.prefetch([alert]);
  expect(toLightCurve(alert, lookup.of(alert)).detections.map(({ candid }) => candid)).toEqual([600n, 1000n]);
  expect(lookup.of(alertOf("z", 0))).toEqual([]);
});

it.each(["batch", "end"] as const)(
  "gives within a run all that came before by date, however the batches are cut and each is ordered (%s)",
  async (settle) => {
    const NIGHTS = 24;
    const nights = Array.from({ length: NIGHTS }, (_, night) => alertOf("ab"[night % 2], 4 * night));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: NIGHTS - 1 })), fc.integer(), async (cuts, seed) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), NIGHTS];
        const source: Source = {
          name: "nights",
          async *batches() {
            for (const [index, end] of ends.slice(1).entries()) {
              const batch = shuffle(nights.slice(ends[index], end), createRandom(seed));
              yield { items: batch.map((alert, place) => ({ file: "test", index: place, alert })) };
            }
          },
        };
        const store = createMemoryStore();
        const lookup = createHistoryLookup(store);
        const curves = new Map<bigint, number[]>();
        const scorer = scorerOf(lookup, ({ candid }, seen) => curves.set(candid, seen));
        const judge = createJudge({ scorer, model: "stub", history: lookup });
        const decider = createDecider({ policies: [getPolicy("gt1")] });
        await runDecisions({ source, judge, decider, store, settle, clock: () => 2460100.5 });
        for (const [night, { candid }] of nights.entries())
          expect(curves.get(candid)).toEqual(
            Array.from({ length: Math.floor(night / 2) + 1 }, (_, index) => 4 * ((night % 2) + 2 * index)),
          );
        // What a unit gives is what is kept in the end.
        const points = await store.points(["a", "b"]);
        expect([...points.values()].flat()).toHaveLength(NIGHTS);
        expect(points.get("a")).toEqual(orderPoints(points.get("a")!));
      }),
      { numRuns: 30 },
    );
  },
);
