import { gunzipSync } from "node:zlib";
import { parseAlert, toLightCurve } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { BTSBOT_V1, extractFeatures } from "@btsbot/features";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx } from "@btsbot/weights";
import avsc from "avsc";
import * as ort from "onnxruntime-node";
import * as ortWeb from "onnxruntime-web";
import { describeMachine, readInputs } from "./inputs.js";
import { printTimes, timeRounds } from "./rounds.js";

const gunzip = (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes }));
const TRIPLET = { normalization: "l2", size: 63 };

/** From bytes to score, stage by stage, and the network beside onnxruntime on the same weights. */
export async function path() {
  const { packets, model } = await readInputs();
  const alerts = packets.map((bytes) => parseAlert(bytes));
  process.stdout.write(`${describeMachine()}; ${packets.length} packets, one core\n`);

  const readAvsc = avscReader();
  printTimes(
    "decode",
    await timeRounds(
      {
        "@btsbot/alert": () => packets.map((bytes) => parseAlert(bytes)),
        "avsc, type cached": () => packets.map(readAvsc),
      },
      packets.length,
    ),
    "avsc, type cached",
  );

  const stamps = (options) => () => alerts.map((alert) => toTriplet(readStamps(alert, options), TRIPLET));
  const features = () => alerts.map((alert) => extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) }));
  const scorer = await createScorer({ models: [model], engine: nullEngine, gunzip });
  const stages = {
    "stamps, fflate": stamps(),
    "stamps, zlib": stamps({ gunzip }),
    "history and features": features,
    "all but the network": () => drain(scorer.scoreAlerts(packets)),
  };
  printTimes("stages", await timeRounds(stages, packets.length));

  await network(model, alerts);

  const whole = await createScorer({ models: [model], gunzip });
  const times = await timeRounds({ "bytes to score": () => drain(whole.scoreAlerts(packets)) }, packets.length, {
    rounds: 5,
  });
  printTimes("whole path, the default engine", times);
}

/** The network alone: the same weights, the same inputs, one thread each. */
async function network(model, alerts) {
  const count = alerts.length;
  const triplets = new Float32Array(count * 11907);
  const metadata = new Float32Array(count * 25);
  alerts.forEach((alert, index) => {
    triplets.set(toTriplet(readStamps(alert), TRIPLET).pixels, index * 11907);
    metadata.set(extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) }).values, index * 25);
  });
  const onnx = exportOnnx(model);
  const prepared = await createTfjsEngine().prepare(model);
  const native = await ort.InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  ortWeb.env.wasm.numThreads = 1;
  const web = await ortWeb.InferenceSession.create(onnx, { executionProviders: ["wasm"] });
  const feeds = ({ Tensor }) => ({
    triplet: new Tensor("float32", triplets, [count, 63, 63, 3]),
    metadata: new Tensor("float32", metadata, [count, 25]),
  });
  const [nativeFeeds, webFeeds] = [feeds(ort), feeds(ortWeb)];
  const runs = {
    [`tfjs ${prepared.backend}`]: () => prepared.predict({ triplet: triplets, metadata }, count),
    "onnxruntime-node": () => native.run(nativeFeeds),
    "onnxruntime-web wasm": () => web.run(webFeeds),
  };
  const ours = await prepared.predict({ triplet: triplets, metadata }, count);
  const theirs = (await native.run(nativeFeeds))[model.definition.output.layer].data;
  const largest = ours.reduce((difference, score, index) => Math.max(difference, Math.abs(score - theirs[index])), 0);
  printTimes(
    `network, batch of ${count}`,
    await timeRounds(runs, count, { rounds: 7, warmups: 1 }),
    "onnxruntime-node",
  );
  process.stdout.write(`  largest difference of the scores to onnxruntime-node: ${largest.toExponential(1)}\n`);
  prepared.dispose();
}

/** Answers at once, so that what is left is everything else. */
const nullEngine = {
  name: "null",
  canRun: async () => true,
  prepare: async () => ({
    backend: "none",
    predict: async (_, count) => new Float32Array(count),
    dispose: () => undefined,
  }),
};

/** avsc as a program would use it: the type built once for each schema text, defaults dropped, longs as bigints. */
function avscReader() {
  const types = new Map();
  const long = avsc.types.LongType.__with({
    fromBuffer: (buffer) => buffer.readBigInt64LE(),
    toBuffer: (value) => {
      const buffer = Buffer.alloc(8);
      buffer.writeBigInt64LE(value);
      return buffer;
    },
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value) => typeof value === "bigint",
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  });
  const header = avsc.Type.forSchema({
    type: "record",
    name: "Header",
    fields: [
      { name: "magic", type: { type: "fixed", name: "Magic", size: 4 } },
      { name: "meta", type: { type: "map", values: "bytes" } },
      { name: "sync", type: { type: "fixed", name: "Sync", size: 16 } },
    ],
  });
  const varint = avsc.Type.forSchema("long");
  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { value, offset } = header.decode(buffer);
    const text = value.meta["avro.schema"].toString();
    if (value.meta["avro.codec"]?.toString() === "snappy") return undefined;
    let type = types.get(text);
    if (type === undefined) {
      const withoutDefaults = JSON.parse(text, (key, item) => {
        if (item && typeof item === "object" && "default" in item) delete item.default;
        return item;
      });
      type = avsc.Type.forSchema(withoutDefaults, { registry: { long }, wrapUnions: false });
      types.set(text, type);
    }
    const count = varint.decode(buffer, offset);
    const size = varint.decode(buffer, count.offset);
    return type.decode(buffer, size.offset).value;
  };
}

async function drain(outcomes) {
  for await (const outcome of outcomes) if (!outcome.success) throw outcome.error;
}
