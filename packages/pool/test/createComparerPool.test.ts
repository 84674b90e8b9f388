import { encodeAlerts } from "@btsbot/alert";
import { createComparer } from "@btsbot/core";
import type { AlertOutcome, ComparedAlert } from "@btsbot/core";
import { KOWALSKI } from "@btsbot/features";
import type { ProfileData } from "@btsbot/features";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createComparerPool } from "@btsbot/pool";
import { beforeAll, describe, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { localWorkers } from "./localWorker.js";
import { makeAlert } from "./makeAlert.js";

let model: Model;
beforeAll(async () => {
  model = await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1));
  // The threads run what is built.
  setup(() => undefined);
});

async function collect(outcomes: AsyncIterable<AlertOutcome<ComparedAlert>>) {
  const collected: AlertOutcome<ComparedAlert>[] = [];
  for await (const outcome of outcomes) collected.push(outcome);
  return collected;
}

const ALERTS = Array.from({ length: 20 }, (_, i) => makeAlert(i));
/** A profile of one's own, as data: the age is always 7. */
const OWN: ProfileData = {
  name: "own",
  features: KOWALSKI.features.map(({ name }) =>
    name === "age" ? { name, meaning: "always 7", rule: 7 } : { name, rule: 1 },
  ),
};

describe("threads of Node", () => {
  it("give what a comparer gives, in the order of the inputs", async () => {
    const inputs = [
      encodeAlerts(ALERTS.slice(0, 3)),
      new Uint8Array(0),
      ...ALERTS.slice(3, 12),
      encodeAlerts([ALERTS[12]]),
      7 as never,
    ];
    const profiles = ["boom-2025", OWN, "kowalski"];
    const comparer = await createComparer({ model, profiles });
    const expected = await collect(comparer.compareAlerts(inputs));
    comparer.dispose();
    expect(expected.filter(({ success }) => success)).toHaveLength(13);
    const pool = await createComparerPool({ model, profiles, workers: 2, batchSize: 2 });
    const outcomes = await collect(pool.compareAlerts(inputs));
    await pool.close();
    expect(pool.workers).toBe(2);
    expect(outcomes).toEqual(expected);
  });
});

describe("workers in this thread", () => {
  it("compare with those of createComparer by default", async () => {
    const pool = await createComparerPool({ model, workers: 1, spawn: localWorkers().spawn });
    const [outcome] = await collect(pool.compareAlerts([ALERTS[0]]));
    await pool.close();
    expect(outcome.success && outcome.data.others.map(({ profile }) => profile)).toEqual([
      "kowalski",
      "boom-2025",
      "boom-2026",
    ]);
  });

  it("lose only the alert that they die of, and the others go on in order", async () => {
    const fatal = ALERTS[5].candid;
    const { spawn } = localWorkers((inputs) =>
      (inputs as readonly { readonly candid: bigint }[]).some(({ candid }) => candid === fatal) ? "dies" : "lives",
    );
    const pool = await createComparerPool({ model, workers: 2, batchSize: 4, spawn });
    const outcomes = await collect(pool.compareAlerts(ALERTS));
    await pool.close();
    expect(outcomes.map((outcome) => (outcome.success ? outcome.data.candid : outcome.error.code))).toEqual(
      ALERTS.map(({ candid }) => (candid === fatal ? "worker-died" : candid)),
    );
  });

  it("end with the signal's reason, and take nothing once they are closed", async () => {
    const stop = new AbortController();
    async function* live() {
      yield ALERTS[0];
      await new Promise(() => undefined);
    }
    const pool = await createComparerPool({ model, workers: 1, spawn: localWorkers().spawn });
    const seen: unknown[] = [];
    await expect(async () => {
      for await (const outcome of pool.compareAlerts(live(), { maxWaitMs: 1, signal: stop.signal })) {
        seen.push(outcome.success);
        stop.abort(new Error("stopped"));
      }
    }).rejects.toThrow("stopped");
    expect(seen).toEqual([true]);
    await pool.close();
    await expect(collect(pool.compareAlerts(ALERTS))).rejects.toMatchObject({ code: "scorer-disposed" });
  });
});

it("refuses a profile that cannot be sent, and what a comparer refuses", async () => {
  const { spawn, count } = localWorkers();
  await expect(createComparerPool({ model, profiles: [KOWALSKI], spawn })).rejects.toMatchObject({
    code: "profile-invalid",
  });
  expect(count.started).toBe(0);
  await expect(createComparerPool({ model, profiles: ["acai"], workers: 1, spawn })).rejects.toMatchObject({
    code: "profile-mismatch",
  });
  await expect(createComparerPool({ model, workers: 0 })).rejects.toThrow(RangeError);
});
