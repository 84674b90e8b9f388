import { parseLightCurves } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { createDecider, createHistoryLookup, createJudge, createMemoryStore, runDecisions } from "@btsbot/decide";
import type { History, Source } from "@btsbot/decide";
import { expect, it } from "vitest";

const NAME = "ZTF20aajcdad";
const ANSWER = `{"detections": [{"tid": "ztf", "oid": "${NAME}", "mjd": 58800.5, "fid": 2, "candid": "5", "magpsf": 18.75}],
  "non_detections": [], "oid": "${NAME}"}`;

it("a broker's light curve is history of a run", async () => {
  const curves = new Map(parseLightCurves(ANSWER).map(({ objectId, points }) => [objectId!, points]));
  const history: History = {
    points: (objectIds) =>
      Promise.resolve(new Map(objectIds.flatMap((id) => (curves.has(id) ? [[id, curves.get(id)!]] : [])))),
  };
  const lookup = createHistoryLookup(history);
  const alerts: Alert[] = [NAME, "ZTF20other"].map((objectId) => ({
    objectId,
    candid: 7n,
    candidate: { jd: 2458881, fid: 1, magpsf: 18.25 },
  }));
  const seen = new Map<string, number[]>();
  const scorer = {
    async *scoreAlerts(inputs: Iterable<unknown>) {
      for (const alert of inputs as Iterable<Alert>) {
        seen.set(
          alert.objectId,
          lookup.of(alert).map(({ jd }) => jd),
        );
        yield await Promise.resolve({ success: true, data: { scores: {} } } as never);
      }
    },
  };
  const source: Source = {
    name: "night",
    async *batches() {
      yield await Promise.resolve({ items: alerts.map((alert) => ({ file: "a", alert })) });
    },
  };
  const judge = createJudge({ scorer: scorer as never, model: "stub", history: lookup });
  await runDecisions({
    source,
    judge,
    decider: createDecider({ policies: [] }),
    store: createMemoryStore(),
    clock: () => 2458881,
  });
  expect([...seen]).toEqual([
    [NAME, [2458801, 2458881]],
    ["ZTF20other", [2458881]],
  ]);
});
