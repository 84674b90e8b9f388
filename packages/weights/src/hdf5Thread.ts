import type { Weight } from "@btsbot/model";

/**
 * What the thread is given.
 *
 * @internal
 */
export interface Hdf5Question {
  /** Where the h5wasm module is. */
  readonly module: string;
  readonly bytes: Uint8Array;
  /** `model`: what `model.save` writes; `weights`: the weights inside a `.keras` file. */
  readonly kind: "model" | "weights";
  readonly limits: Hdf5Limits;
}

/**
 * How far a file may unpack.
 *
 * @internal
 */
export interface Hdf5Limits {
  /** The largest number of bytes that all weights together may take. */
  readonly bytes: number;
  /** How often a name may be looked up or an attribute read. */
  readonly items: number;
  /** How many bytes the HDF5 library may ask for besides what it starts with. */
  readonly memory: number;
}

/**
 * The weights of one layer in a `.keras` file, in Keras's order; null for what is not a float.
 *
 * @internal
 */
export interface Hdf5Layer {
  /** Which group: the layer's class, and its number among those of that class. */
  readonly group: string;
  /** The layer's own name, where this version of Keras wrote it. */
  readonly name?: string;
  readonly variables: readonly (Weight | null)[];
}

/**
 * What the thread answers: the content of a Keras HDF5 file, or where and why it cannot be read.
 *
 * @internal
 */
export type Hdf5Answer =
  | { readonly config: string; readonly version?: string; readonly weights: readonly (readonly [string, Weight])[] }
  | { readonly layers: readonly Hdf5Layer[] }
  | Hdf5Refusal;

/**
 * Where and why a file cannot be read.
 *
 * @internal
 */
export interface Hdf5Refusal {
  readonly place: string;
  readonly summary: string;
  readonly expected?: string;
  readonly got?: string;
  readonly hint?: string;
}

/**
 * What the thread says, in this order: that the HDF5 library is there, so that what fails from now on fails
 * on the file; the answer.
 *
 * @internal
 */
export type Hdf5Message = "ready" | Hdf5Answer;

/**
 * The thread's program: it gets an {@link Hdf5Question} and posts {@link Hdf5Message}s.
 *
 * It is a text, and not a file or functions turned into text, so that it is the same whether it starts from the
 * sources, from what is built of them, or from a bundle, whose minifier would rename what functions refer to.
 *
 * @internal
 */
export const HDF5_THREAD: string = String.raw`
"use strict";
const { parentPort, workerData } = require("node:worker_threads");

// The file in the virtual file system, and the one that takes what the HDF5 library prints.
const FILE = "/keras.h5";
const PRINTED = "/printed";
// Counters and the seeds of random layers: no weights of a network.
const NOT_WEIGHTS = new Set(["seed_generator_state", "StateVar", "count"]);
const FLOATS = new Set(["<f", ">f", "<d", ">d"]);
const { limits, kind } = workerData;

// A refusal, with the place that is read now.
class Refusal extends Error {
  constructor(summary, details) {
    super(summary);
    this.answer = { place: at.place, summary, ...details };
  }
}
// What is read now, for the message of the error that it may end in.
const at = { place: "" };
const room = { bytes: limits.bytes, items: limits.items, pages: Math.ceil(limits.memory / 65536) };

async function main() {
  limitMemory();
  const h5 = await import(workerData.module);
  await h5.ready;
  const system = h5.FS;
  // The lowest free descriptor is the one that is opened next: 2, standard error.
  system.close(system.getStream(2));
  system.open(PRINTED, "a");
  parentPort.postMessage("ready");
  let answer;
  try {
    system.writeFile(FILE, workerData.bytes);
    answer = readFile(h5);
  } catch (error) {
    const got = reasonOf(system.readFile(PRINTED, { encoding: "utf8" })) ?? error.message;
    answer = error.answer ?? { place: at.place, summary: at.place === "" ? "not an HDF5 file, or damaged or cut short" : "it cannot be read", got };
  }
  parentPort.postMessage(answer);
}

// Whatever shape a file takes that makes the library ask for much, it does not get it.
function limitMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (pages > room.pages) throw new RangeError("more memory than the limit");
    room.pages -= pages;
    return grow.call(this, pages);
  };
}

function count() {
  room.items -= 1;
  if (room.items < 0) throw new Refusal("it holds more names than the limit", { expected: "at most " + limits.items });
}

function get(group, name) {
  count();
  return group.get(name);
}

function isGroup(found) {
  return found !== null && found !== undefined && found.type === "Group";
}

function readFile(h5) {
  const file = new h5.File(FILE, "r");
  if (!(file.file_id > 0n)) throw new Error("it cannot be opened");
  if (kind === "weights") return { layers: readLayers(file) };
  at.place = "model_config";
  const [config] = textsOf(file, "model_config");
  if (config === undefined) refuseWithoutNetwork(file);
  const [version] = textsOf(file, "keras_version");
  at.place = "model_weights";
  const names = new Set(file.keys());
  const group = names.has("model_weights") ? get(file, "model_weights") : null;
  if (!isGroup(group)) throw new Refusal("no such group", { expected: "the weights, one group for each layer" });
  return { config, ...(version !== undefined && { version }), weights: readWeights(group) };
}

function refuseWithoutNetwork(file) {
  const names = file.keys();
  const isWeights = "layer_names" in file.attrs || names.includes("layers") || names.includes("_layer_checkpoint_dependencies");
  const hint = "Save the whole model: model.save(\"model.keras\"), or model.save(\"model.h5\").";
  if (isWeights) throw new Refusal("the file holds weights alone (save_weights); the network is missing", { expected: "an attribute with its JSON", hint });
  throw new Refusal("the file does not hold the network", { expected: "an attribute with its JSON", hint });
}

function readWeights(group) {
  at.place = "model_weights.layer_names";
  const layers = textsOf(group, "layer_names");
  if (layers.length === 0) throw new Refusal("no such attribute", { expected: "the layers' names" });
  const weights = [];
  for (const layer of layers) {
    at.place = "model_weights/" + layer;
    const inside = get(group, layer);
    for (const name of isGroup(inside) ? textsOf(inside, "weight_names") : []) {
      at.place = "model_weights/" + layer + "/" + name;
      // conv_1/kernel:0, where Keras 2 adds scopes in front and the number of the output behind.
      const plain = name.slice(name.lastIndexOf("/") + 1).replace(/:\d+$/, "");
      if (NOT_WEIGHTS.has(plain)) continue;
      const data = get(inside, name);
      if (data?.type !== "Dataset") continue;
      if (!FLOATS.has(data.dtype)) throw new Refusal("not a weight", { expected: "float32 or float64", got: String(data.dtype) });
      weights.push([layer + "/" + plain, readWeight(data)]);
    }
  }
  return weights;
}

// Keras 3: a group for each layer, called by its class, and in it what the layer holds, by number.
function readLayers(file) {
  const containers = file.keys().filter((name) => name === "layers" || name === "_layer_checkpoint_dependencies");
  at.place = "layers";
  if (containers.length === 0) throw new Refusal("no such group", { expected: "the weights, one group for each layer" });
  const layers = [];
  for (const container of containers) {
    const groups = get(file, container);
    for (const group of isGroup(groups) ? groups.keys() : []) {
      at.place = container + "/" + group;
      const inside = get(groups, group);
      const held = isGroup(inside) && inside.keys().includes("vars") ? get(inside, "vars") : null;
      if (!isGroup(held)) continue;
      const [name] = textsOf(held, "name");
      const variables = [];
      const keys = new Set(held.keys());
      for (let number = 0; keys.has(String(number)); number++) {
        at.place = container + "/" + group + "/vars/" + number;
        const data = get(held, String(number));
        variables.push(data?.type === "Dataset" && FLOATS.has(data.dtype) ? readWeight(data) : null);
      }
      layers.push({ group, ...(name !== undefined && { name }), variables });
    }
  }
  return layers;
}

// In the order of this machine's bytes, whatever the file's is; float64 is rounded to float32.
function readWeight(data) {
  const shape = data.shape ?? [];
  const length = shape.reduce((product, axis) => product * axis, 1);
  room.bytes -= length * (data.metadata.size ?? 4);
  if (!(room.bytes >= 0)) {
    throw new Refusal("the weights are larger than the limit", { expected: "at most " + limits.bytes + " bytes in all", got: "(" + shape.join(", ") + ")" });
  }
  const values = data.value;
  if (values?.length !== length) throw new Error(values?.length + " of " + length + " values");
  return { shape: [...shape], values: values instanceof Float32Array ? values : Float32Array.from(values) };
}

// A text, or several; Keras spreads what is longer than 64 kB over name0, name1, and so on.
function textsOf(group, name) {
  count();
  const attributes = group.attrs;
  const texts = [];
  const add = (value) => {
    count();
    if (typeof value === "string") texts.push(value.replace(/\0+$/, ""));
    else if (Array.isArray(value)) value.forEach(add);
  };
  if (name in attributes) add(attributes[name].value);
  else for (let part = 0; name + part in attributes; part++) add(attributes[name + part].value);
  return texts;
}

// The innermost reason of the first error that the HDF5 library printed.
function reasonOf(printed) {
  const [, first = ""] = printed.split("HDF5-DIAG");
  return [...first.matchAll(/^ +#\d+:.*?\(\): (.*)$/gm)].at(-1)?.[1];
}

main();
`;
