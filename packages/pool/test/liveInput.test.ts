import { setTimeout as pause } from "node:timers/promises";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createScorerPool } from "@btsbot/pool";
import { beforeAll, expect, it } from "vitest";
import { localWorkers } from "./localWorker.js";
import { makeAlert } from "./makeAlert.js";

let model: Model;
beforeAll(async () => {
  model = await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1));
});

/** Five alerts, then silence. */
async function* five() {
  for (let place = 0; place < 5; place++) yield makeAlert(place);
  await new Promise(() => undefined);
}

it("answers what comes live without waiting for a batch to be full, and ends when it is told to", async () => {
  const pool = await createScorerPool({ models: [model], workers: 2, spawn: localWorkers().spawn });
  const stop = new AbortController();
  const answered: number[] = [];
  const scored = (async () => {
    for await (const { input } of pool.scoreAlerts(five(), { maxWaitMs: 20, signal: stop.signal })) {
      answered.push(input);
      if (answered.length === 5) stop.abort(new Error("seen"));
    }
  })();
  await expect(scored).rejects.toThrow("seen");
  expect(answered).toEqual([0, 1, 2, 3, 4]);
  await pool.close();
});

it("gives what is under way when it is told to end, and begins nothing more", async () => {
  const pool = await createScorerPool({
    models: [model],
    workers: 1,
    batchSize: 2,
    spawn: localWorkers(
      () => "lives",
      () => pause(5),
    ).spawn,
  });
  const stop = new AbortController();
  let taken = 0;
  function* endless() {
    for (;;) yield makeAlert(taken++ % 20);
  }
  const answered: number[] = [];
  const scored = (async () => {
    for await (const { input } of pool.scoreAlerts(endless(), { signal: stop.signal })) {
      answered.push(input);
      if (answered.length === 3) stop.abort(new Error("enough"));
    }
  })();
  await expect(scored).rejects.toThrow("enough");
  // Of one worker two batches are under way, and one is read ahead.
  expect(answered.length).toBeLessThanOrEqual(2 + 3 * 2);
  expect(answered).toEqual(answered.map((_, place) => place));
  expect(taken).toBeLessThanOrEqual(2 + 4 * 2);
  await pool.close();
});

it("refuses options that there are not, and a wait that is none", async () => {
  const pool = await createScorerPool({ models: [model], workers: 1, spawn: localWorkers().spawn });
  await expect(pool.scoreAlerts([], { maxWait: 5 } as never).next()).rejects.toThrow("Did you mean `maxWaitMs`?");
  await expect(pool.scoreAlerts([], { maxWaitMs: NaN }).next()).rejects.toThrow("maxWaitMs: expected");
  await pool.close();
});
