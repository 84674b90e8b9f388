import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseAlert, toLightCurve } from "@btsbot/alert";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { extractFeatures, getProfile } from "@btsbot/features";
import { inputLength } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx, PUBLISHED_MODELS } from "@btsbot/weights";
import * as ort from "onnxruntime-node";
import { BUILDS, RELAXED } from "./builds.js";
import { describeMachine, readInputs, readModel } from "./inputs.js";
import { printTimes, timeRounds } from "./rounds.js";

const BATCH = 39;
/** Processes of which the median start is taken. */
const STARTS = 5;
/** The engine in WebAssembly beside onnxruntime-node with one thread and tfjs's wasm backend, on the same weights and inputs. */
export async function engine() {
  const { packets, model } = await readInputs();
  const alerts = packets.map((bytes) => parseAlert(bytes)).filter((alert) => isComplete(model, alert));
  process.stdout.write(`${describeMachine()}; ${alerts.length} alerts, one core\n`);
  const whole = await timeBatches(model, [makeBatch(model, alerts, BATCH)], BATCH);
  // Each alert once: the engine's time depends on how many channels are zeros in it.
  await timeBatches(
    model,
    alerts.map((alert) => makeBatch(model, [alert], 1)),
    1,
  );
  await timeEachAlert(model, alerts);
  await everyModel(alerts.filter((_, i) => i % 5 === 0));
  printSizes();
  printStarts();
  const ratio = (name, peer) => (whole[name].median / whole[peer].median).toFixed(3);
  const ours = (build) => `simd engine, ${build}`;
  if (RELAXED) {
    process.stdout.write(
      `\nrelaxed-simd/ort ${ratio(ours("relaxed-simd"), ORT)}\nrelaxed-simd/tfjs ${ratio(ours("relaxed-simd"), TFJS)}`,
    );
  }
  process.stdout.write(`\nsimd/ort ${ratio(ours("simd"), ORT)}\nsimd/tfjs ${ratio(ours("simd"), TFJS)}\n`);
}

const ORT = "onnxruntime-node";
const TFJS = "tfjs wasm";

/** Milliseconds per alert of one model on batches of `count` alerts, one after another. */
async function timeBatches(model, batches, count) {
  const { runs, dispose } = await prepareAll(model, batches, count);
  const times = await timeRounds(runs, count * batches.length, { rounds: 11, warmups: 2 });
  printTimes(`${model.definition.name}, batch of ${count}`, times, ORT);
  dispose();
  return times;
}

/** The alerts that take the engine least and most, against what they take the peer. */
async function timeEachAlert(model, alerts) {
  const ratios = Object.fromEntries(BUILDS.map((build) => [build, []]));
  for (const alert of alerts) {
    const { runs, dispose } = await prepareAll(
      model,
      Array.from({ length: 3 }, () => makeBatch(model, [alert], 1)),
      1,
    );
    const native = Object.fromEntries(Object.entries(runs).filter(([name]) => name !== TFJS));
    const times = await timeRounds(native, 3, { rounds: 9, warmups: 5 });
    dispose();
    // The least of a few short rounds, which a busy machine disturbs less than their median.
    for (const build of BUILDS) ratios[build].push(times[`simd engine, ${build}`].min / times[ORT].min);
  }
  process.stdout.write(
    `\neach alert alone, over and over: ratio to ${ORT}, least and most of ${alerts.length} alerts\n`,
  );
  for (const build of BUILDS)
    process.stdout.write(
      `  ${build.padEnd(12)} ${Math.min(...ratios[build]).toFixed(2)} .. ${Math.max(...ratios[build]).toFixed(2)}\n`,
    );
}

/** Every published model on one alert at a time. */
async function everyModel(alerts) {
  process.stdout.write(`\nevery published model on one alert: ms, and the engine's ratio to ${ORT} and to ${TFJS}\n`);
  for (const { name } of PUBLISHED_MODELS) {
    const model = await readModel(name);
    const { runs, dispose } = await prepareAll(
      model,
      alerts.map((alert) => makeBatch(model, [alert], 1)),
      1,
    );
    const times = await timeRounds(runs, alerts.length, { rounds: 11, warmups: 3 });
    dispose();
    for (const build of BUILDS) {
      const { median } = times[`simd engine, ${build}`];
      const peers = [ORT, TFJS].map(
        (peer) => `${times[peer].median.toFixed(3).padStart(8)}  x ${(median / times[peer].median).toFixed(2)}`,
      );
      process.stdout.write(
        `  ${name.padEnd(14)} ${build.padEnd(12)} ${median.toFixed(3).padStart(7)} ${peers.join(" ")}\n`,
      );
    }
  }
}

/** All engines with one model, each as a function that runs all batches. */
async function prepareAll(model, batches, count) {
  const session = await ort.InferenceSession.create(exportOnnx(model), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = batches.map((batch) =>
    Object.fromEntries(
      model.definition.inputs.map((input) => {
        const shape = input.kind === "image" ? [input.preprocessing.size, input.preprocessing.size, 3] : [input.length];
        return [input.name, new ort.Tensor("float32", batch[input.name], [count, ...shape])];
      }),
    ),
  );
  const tfjs = await createTfjsEngine({ backend: "wasm" }).prepare(model);
  const ours = await Promise.all(BUILDS.map((build) => createSimdEngine({ build }).prepare(model)));
  const each = (all, run) => async () => {
    for (const one of all) await run(one);
  };
  const runs = {
    [ORT]: each(feeds, (feed) => session.run(feed)),
    [TFJS]: each(batches, (batch) => tfjs.predict(batch, count)),
  };
  ours.forEach(
    (prepared, i) => (runs[`simd engine, ${BUILDS[i]}`] = each(batches, (batch) => prepared.predict(batch, count))),
  );
  return { runs, dispose: () => [tfjs, ...ours].forEach((prepared) => prepared.dispose()) };
}

function makeBatch({ definition }, alerts, count) {
  return Object.fromEntries(
    definition.inputs.map((input) => {
      const length = inputLength(input);
      const values = new Float32Array(count * length);
      for (let i = 0; i < count; i++) values.set(readInput(input, alerts[i % alerts.length]), i * length);
      return [input.name, values];
    }),
  );
}

/** What a model reads of an alert; a feature that is absent is 0 here, as only the time is asked for. */
function readInput(input, alert) {
  if (input.kind === "image") return toTriplet(readStamps(alert), input.preprocessing).pixels;
  const { values } = extractFeatures(getProfile(input.profile), { alert, history: toLightCurve(alert) });
  return Float32Array.from(values, (value) => (Number.isFinite(value) ? value : 0));
}

function isComplete({ definition }, alert) {
  const { profile } = definition.inputs.find(({ kind }) => kind === "features");
  return extractFeatures(getProfile(profile), { alert, history: toLightCurve(alert) }).reasons.length === 0;
}

/** Bytes of each module, without the base64 that carries them. */
function printSizes() {
  const script = `
    import { readdirSync } from "node:fs";
    const folder = new URL(process.argv[1]);
    for (const file of readdirSync(folder)) if (file.endsWith(".js")) {
      const [[name, text]] = Object.entries(await import(new URL(file, folder)));
      console.log("  " + name.padEnd(18) + Buffer.from(text, "base64").length + " bytes");
    }`;
  const folder = new URL("../../packages/simd/dist/wasm/", import.meta.url).href;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script, folder], { encoding: "utf8" });
  process.stdout.write(`\nWebAssembly modules\n${stdout}`);
}

/** From the import of an engine to its first score, the model read before. */
function printStarts() {
  process.stdout.write(`\nfrom import to first score, ms (median of ${STARTS} processes)\n`);
  const file = fileURLToPath(new URL("firstEngineScore.js", import.meta.url));
  for (const name of ["simd", "tfjs"]) {
    const times = Array.from({ length: STARTS }, () =>
      Number(spawnSync(process.execPath, [file, name], { encoding: "utf8" }).stdout),
    );
    process.stdout.write(`  ${name.padEnd(6)} ${times.sort((a, b) => a - b)[STARTS >> 1].toFixed(0)}\n`);
  }
}
