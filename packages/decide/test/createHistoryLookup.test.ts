import type { Alert } from "@btsbot/alert";
import { toLightCurve } from "@btsbot/alert";
import { createHistoryLookup, createJudge, createMemoryStore } from "@btsbot/decide";
import type { AlertScorer, History } from "@btsbot/decide";
import { expect, it } from "vitest";

function alertOf(objectId: string, night: number): Alert {
  const candid = BigInt(1000 + night);
  return { objectId, candid, candidate: { jd: 2460000.5 + night, fid: 1, magpsf: 18, isdiffpos: "t" } };
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
  // Asks as a scorer of @btsbot/core does.
  const scorer: AlertScorer = {
    async *scoreAlerts(inputs) {
      let input = 0;
      for await (const given of inputs) {
        const alert = given as Alert;
        curves.push(toLightCurve(alert, lookup.of(alert)).detections.map(({ jd }) => jd - 2460000.5));
        yield { input, index: 0, success: true, alert, data: { ...alert, jd: alert.candidate.jd, scores: {} } };
        input += 1;
      }
    },
  };
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
