import { alerceStampClassifier, initializeWeights, mmCnn, toKerasConfig, umCnn, weightSpecs } from "@btsbot/model";
import { registerSimdKernels } from "@btsbot/simd";
import { registerLayers } from "@btsbot/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { describeMachine } from "./inputs.js";
import { printTimes } from "./rounds.js";

const BATCH = 64;
const SCORED = 39;

/**
 * An unmodified tfjs-layers model with the plug-in of @btsbot/simd and without: predictions, and training
 * steps against the composite of plain tfjs kernels that makes `fit` run at all.
 */
export async function training() {
  tf.enableProdMode();
  await tf.setBackend("wasm");
  registerLayers();
  process.stdout.write(`\n${describeMachine()}\n`);
  const model = await compile(mmCnn());
  for (const count of [1, SCORED]) {
    const [inputs] = makeBatch(mmCnn(), count);
    const predict = () => tf.tidy(() => model.predictOnBatch(inputs).dataSync());
    const times = await timeBoth({ "tfjs wasm": predict }, { plugin: predict }, count, 11);
    printTimes(`MM-CNN as a tfjs-layers model, predictions, batch of ${count}`, times, "tfjs wasm");
    if (count === SCORED)
      process.stdout.write(`plugin/tfjs ${(times.plugin.median / times["tfjs wasm"].median).toFixed(3)}\n`);
    tf.dispose(inputs);
  }
  await timeSteps();
  model.dispose();
}

async function timeSteps() {
  const model = await compile(mmCnn());
  const [inputs, truth] = makeBatch(mmCnn(), BATCH);
  const step = () => model.trainOnBatch(inputs, truth);
  const times = await timeBoth({ composite: step }, { plugin: step }, BATCH, 3, addComposite);
  printTimes(`MM-CNN, one step of training, batch of ${BATCH}`, times, "composite");
  for (const [name, definition] of [
    ["UM-CNN", umCnn()],
    ["ALeRCE's stamp classifier", alerceStampClassifier()],
  ]) {
    const other = await compile(definition);
    const [batch, labels] = makeBatch(definition, BATCH);
    const other64 = await timeBoth({}, { plugin: () => other.trainOnBatch(batch, labels) }, BATCH, 5);
    printTimes(`${name}, one step of training, batch of ${BATCH}`, other64);
    tf.dispose([batch, labels]);
    other.dispose();
  }
  process.stdout.write(
    `training step of MM-CNN: ${times.plugin.median.toFixed(1)} ms per alert, plugin/composite ${(times.plugin.median / times.composite.median).toFixed(3)}\n`,
  );
  tf.dispose([inputs, truth]);
  model.dispose();
}

/** Interleaved rounds without the plug-in and with it; it is registered and warmed outside of what is timed. */
async function timeBoth(without, withPlugin, count, rounds, prepare = () => () => undefined) {
  const times = Object.fromEntries(Object.keys({ ...without, ...withPlugin }).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const restore = prepare();
    for (const [name, run] of Object.entries(without)) times[name].push(await timeOnce(run, count, round === 0));
    restore();
    const undo = await registerSimdKernels();
    for (const [name, run] of Object.entries(withPlugin)) times[name].push(await timeOnce(run, count, true));
    undo();
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, values]) => {
      const sorted = values.sort((a, b) => a - b);
      return [name, { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] }];
    }),
  );
}

async function timeOnce(run, count, warm) {
  if (warm) await run();
  const start = performance.now();
  await run();
  return (performance.now() - start) / count;
}

async function compile(definition) {
  const weights = initializeWeights(definition, 1);
  const specs = weightSpecs(definition).map(({ name, shape }) => ({ name, shape: [...shape], dtype: "float32" }));
  const bytes = Buffer.concat(specs.map(({ name }) => Buffer.from(weights.get(name).values.buffer)));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const model = await loadLayersModel(
    tf.io.fromMemory({ modelTopology: toKerasConfig(definition), weightSpecs: specs, weightData }),
  );
  model.compile({
    optimizer: tf.train.adam(1e-3),
    loss: definition.output.kind === "classes" ? "categoricalCrossentropy" : "binaryCrossentropy",
  });
  return model;
}

function makeBatch(definition, count) {
  const inputs = definition.inputs.map((input, seed) =>
    tf.randomNormal(
      input.kind === "features"
        ? [count, input.length]
        : [count, input.preprocessing.size, input.preprocessing.size, 3],
      0,
      0.5,
      "float32",
      seed + 1,
    ),
  );
  const classes = definition.output.classes?.length ?? 1;
  const labels = Array.from({ length: count }, (_, row) => row % Math.max(2, classes));
  const truth = tf.tensor2d(
    labels.flatMap((label) =>
      classes === 1 ? [label] : Array.from({ length: classes }, (_, column) => Number(column === label)),
    ),
    [count, classes],
  );
  return [inputs, truth];
}

/** The gradient of a filter from plain tfjs kernels: for each tap a slice of the padded input times the slope. */
function addComposite() {
  const kernelFunc = ({ inputs: { x, dy }, attrs: { filterShape, strides, pad }, backend }) => {
    const result = tf.tidy(() => {
      const { padInfo, outHeight, outWidth } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
      const [height, width, inputs, outputs] = filterShape;
      const padded = tf.pad(x, [
        [0, 0],
        [padInfo.top, padInfo.bottom],
        [padInfo.left, padInfo.right],
        [0, 0],
      ]);
      const slope = tf.reshape(dy, [-1, outputs]);
      const taps = [];
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const seen = tf.slice(padded, [0, row, column, 0], [-1, outHeight, outWidth, -1]);
          taps.push(tf.matMul(tf.reshape(seen, [-1, inputs]), slope, true, false));
        }
      }
      return tf.reshape(tf.stack(taps), filterShape);
    });
    // The tensor ends with this call, its data goes on.
    backend.incRef(result.dataId);
    const { dataId, shape, dtype } = result;
    result.dispose();
    return { dataId, shape, dtype };
  };
  tf.registerKernel({ kernelName: "Conv2DBackpropFilter", backendName: "wasm", kernelFunc });
  return () => tf.unregisterKernel("Conv2DBackpropFilter", "wasm");
}
