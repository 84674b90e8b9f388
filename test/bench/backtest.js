import { createRandom } from "@btsbot/chance";
import { backtest as replay, tunePolicy } from "@btsbot/evaluate";
import { getPolicy } from "@btsbot/policy";

const ALERTS_PER_SOURCE = 10;
const NIGHTS = 365;
const ROUNDS = 5;

/** Four policies over scored alerts of 10,000 sources and more, and a search of 1250 candidates: seconds of processor time, and memory in use. */
export async function backtest() {
  const policies = ["bts_p1", "bts_p2", "gt3", "prod_p2"].map((name) => getPolicy(name));
  process.stdout.write(
    `\nbacktest of ${policies.map(({ name }) => name).join(", ")}; search of 50 scores x 5 counts x 5 magnitudes\n` +
      `  processor time: median of ${ROUNDS} (min .. max), us/alert of the fastest; heap: of the input, and added by the run before garbage is collected; resident: highest so far\n` +
      "  alerts  sources  backtest s              us/alert  search s              us/alert  heap MB      resident MB\n",
  );
  warmUp(policies);
  for (const sources of [10_000, 20_000, 40_000]) {
    const { alerts, truth } = makeSky(sources);
    const input = heapMegabytes();
    const replays = timeRuns(() => replay(policies, alerts, truth));
    const searches = timeRuns(() => tunePolicy(alerts, truth, { goal: { completeness: 0.95 } }));
    const columns = [
      String(alerts.length).padStart(6),
      String(sources).padStart(7),
      ...[replays, searches].flatMap(({ median, min, max }) => [
        `${median.toFixed(2)} (${min.toFixed(2)} .. ${max.toFixed(2)})`.padEnd(22),
        ((min * 1e6) / alerts.length).toFixed(2).padStart(8),
      ]),
      `${input.toFixed(0)} + ${replays.heap.toFixed(0)}`.padEnd(11),
      (process.resourceUsage().maxRSS / 1024).toFixed(0),
    ];
    process.stdout.write(`  ${columns.join("  ")}\n`);
  }
  const { alerts, truth } = makeSky(10_000);
  const { median } = timeRuns(() => replay(policies, alerts, truth, { bootstrap: { random: createRandom(2) } }));
  process.stdout.write(`  ${alerts.length} alerts with intervals of 1000 resamples: ${median.toFixed(2)} s\n`);
}

function warmUp(policies) {
  const { alerts, truth } = makeSky(2000);
  for (let i = 0; i < 5; i++) {
    replay(policies, alerts, truth);
    tunePolicy(alerts, truth, { goal: { completeness: 0.95 } });
  }
}

function timeRuns(run) {
  const seconds = [];
  let heap = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = heapMegabytes();
    const start = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(start);
    seconds.push((user + system) / 1e6);
    heap = Math.max(heap, process.memoryUsage().heapUsed / 2 ** 20 - before);
    if (result === undefined) throw new Error("nothing came back");
  }
  seconds.sort((a, b) => a - b);
  return { median: seconds[ROUNDS >> 1], min: seconds[0], max: seconds[ROUNDS - 1], heap };
}

function heapMegabytes() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** A fifth of the sources are bright transients; scores overlap; alerts come in the order of time, sources mixed. */
function makeSky(sources) {
  const random = createRandom(1);
  const alerts = [];
  const truth = [];
  for (let index = 0; index < sources; index++) {
    const objectId = `ZTF21${index.toString(36).padStart(7, "0")}`;
    const label = index % 5 === 0 ? 1 : 0;
    const first = 2459215.6 + Math.floor(NIGHTS * random()) + 0.4 * random();
    const brightest = label === 1 ? 17 + 1.5 * random() : 18 + 1.5 * random();
    for (let i = 0; i < ALERTS_PER_SOURCE; i++) {
      const score = Math.min(1, Math.max(0, (label === 1 ? 0.6 : 0.15) + random() - 0.5));
      alerts.push({
        objectId,
        candid: BigInt(index * 100 + i),
        jd: first + 2 * i,
        magpsf: brightest + 0.1 * Math.abs(i - 5),
        score,
      });
    }
    truth.push({ objectId, label, saveJd: first + 2, triggerJd: first + 3 });
  }
  return { alerts: alerts.sort((a, b) => a.jd - b.jd), truth };
}
