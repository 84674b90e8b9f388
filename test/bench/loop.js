import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDecider, runDecisions } from "@btsbot/decide";
import { openStore } from "@btsbot/store";
import { describeMachine } from "./inputs.js";
import { judgeAlert, makeAlert, policies } from "./synthetic.js";

/** Alerts in all; `LOOP_ALERTS=1000000` takes as many. */
const ALERTS = Number(process.env.LOOP_ALERTS ?? 100_000);
/** Alerts of each source. */
const VISITS = 10;
/** Sources begin in so many groups, one after the other. */
const GROUPS = 100;
const BATCH = 256;
const PARTS = 10;

/** The deciding loop and its store over many alerts, with a judge that runs nothing: processor time, memory, size. */
export async function loop() {
  const folder = mkdtempSync(join(tmpdir(), "btsbot-loop-"));
  const store = await openStore(folder);
  const parts = [];
  let [seen, start] = [0, process.cpuUsage()];
  process.stdout.write(
    `${describeMachine()}; ${ALERTS} alerts of ${ALERTS / VISITS} sources, batches of ${BATCH}, ${policies.length} policies\n` +
      "    alerts  processor ms/alert  resident MB  database MB\n",
  );
  const note = async () => {
    const { user, system } = process.cpuUsage(start);
    parts.push((user + system) / 1000 / (ALERTS / PARTS));
    const { bytes } = await store.info();
    process.stdout.write(
      `  ${String(seen).padStart(8)}  ${parts.at(-1).toFixed(3).padStart(18)}  ${megabytes(process.memoryUsage.rss())}  ${megabytes(bytes)}\n`,
    );
    start = process.cpuUsage();
  };
  const source = {
    name: "made",
    async *batches() {
      for (const items of batches()) {
        yield { items, cursor: String(seen) };
        const before = Math.floor((seen * PARTS) / ALERTS);
        seen += items.length;
        if (Math.floor((seen * PARTS) / ALERTS) > before) await note();
      }
    },
  };
  try {
    const counts = await runDecisions({
      source,
      judge: (alerts) => Promise.resolve(alerts.map(({ alert }) => judgeAlert(alert))),
      decider: createDecider({ policies }),
      store,
      sinks: [{ kind: "decision", take: (entries) => Promise.resolve(entries.map(() => ({ state: "done" }))) }],
      clock: () => 2_460_000.75,
    });
    const half = (from) => parts.slice(from, from + PARTS / 2).reduce((sum, each) => sum + each, 0);
    process.stdout.write(
      `${counts.decisions} decisions; second half/first half ${(half(PARTS / 2) / half(0)).toFixed(2)}\n`,
    );
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(0).padStart(11);

/** Groups of sources that begin one after the other, as a survey finds them; each has an alert in every step of its time. */
function* batches() {
  const size = ALERTS / VISITS / GROUPS;
  let items = [];
  for (let step = 0; step < GROUPS + VISITS - 1; step += 1)
    for (let visit = Math.min(VISITS - 1, step); visit >= 0; visit -= 1) {
      const group = step - visit;
      if (group >= GROUPS) continue;
      for (let place = 0; place < size; place += 1) {
        items.push({ file: "made", index: 0, alert: makeAlert(group * size + place, visit) });
        if (items.length < BATCH) continue;
        yield items;
        items = [];
      }
    }
  if (items.length > 0) yield items;
}
