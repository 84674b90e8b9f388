/**
 * Benchmarks, with peers in the same run:
 *
 *     npm run bench                 all of them
 *     npm run bench -- path         from bytes to score, stage by stage
 *     npm run bench -- engine       the engine in WebAssembly beside onnxruntime and tfjs
 *     npm run bench -- pool         from bytes to scores on one worker, on two and on all cores
 *     npm run bench -- jobs         btsbot score on a folder: two jobs beside one, one job beside core on the same bytes
 *     npm run bench -- archive      btsbot score on a tar.gz and on Parquet beside the same packets as files: processor time and memory
 *     npm run bench -- accuracy     largest differences to the published scores and to the reference
 *     npm run bench -- blends       errors to float64 on 1,000 mixes of real alerts (minutes)
 *     npm run bench -- models       every published model on one alert, and the first score after start
 *     npm run bench -- memory       resident memory over 100,000 alerts, and over 5,000 with every model
 *     npm run bench -- training     the plug-in for tfjs: predictions and steps of training, without any data
 *     npm run bench -- simulation   simulated alerts: speed, scores by class, features and stamps beside real ones
 *     npm run bench -- filters      every ready filter on real packets
 *     npm run bench -- loop         the deciding loop and its store over 100,000 alerts, with nothing scored
 *     npm run bench -- store        a night of 100 alerts beside 0, 10,000 and 100,000 sources in the store
 *     npm run bench -- live         btsbot stream beside score on the same packets; latency; a night with many deaths (needs BTSBOT_KAFKA_JARS)
 *     npm run bench -- send         2,000 actions to the SkyPortal of the tests, calls that fail, 200 kills; and at the real rate (minutes)
 *     npm run bench -- backtest     policies over 100,000 synthetic scored alerts, and twice and four times as many
 *
 * All but `training`, `loop`, `store`, `send` and `backtest` need the data folder (`../shared/data`, or `BTSBOT_TEST_DATA`) for real packets and the published
 * model. Nothing here is a test: machines differ, ratios in one run do not.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Each a file here, with a function of its name. */
const BENCHES = [
  "path",
  "engine",
  "pool",
  "jobs",
  "archive",
  "accuracy",
  "blends",
  "models",
  "memory",
  "simulation",
  "training",
  "filters",
  "loop",
  "store",
  "live",
  "send",
  "backtest",
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No bench ${unknown.join(", ")}; there are ${BENCHES.join(", ")}.\n`);
  process.exitCode = 2;
} else if (names.length === 1) {
  // The others' libraries stay out: what a heap holds is searched time and again while it runs.
  const bench = await import(`./${names[0]}.js`);
  await bench[names[0]]();
} else {
  for (const name of names.length > 0 ? names : BENCHES) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name], {
      stdio: "inherit",
    });
    if (status !== 0) process.exitCode = 1;
  }
}
