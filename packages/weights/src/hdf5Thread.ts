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
  /** The largest number of bytes that all weights together may take. */
  readonly maxBytes: number;
}

/**
 * What the thread answers: the content of a Keras HDF5 file, or where and why it cannot be read.
 *
 * @internal
 */
export type Hdf5Answer =
  | { readonly config: string; readonly weights: readonly (readonly [string, Weight])[] }
  | {
      readonly place: string;
      readonly summary: string;
      readonly expected?: string;
      readonly got?: string;
      readonly hint?: string;
    };

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

async function main() {
  const h5 = await import(workerData.module);
  await h5.ready;
  const system = h5.FS;
  // The lowest free descriptor is the one that is opened next: 2, standard error.
  system.close(system.getStream(2));
  system.open(PRINTED, "a");
  parentPort.postMessage("ready");
  // What is read now, for the message of the error that it may end in.
  const at = { place: "" };
  let answer;
  try {
    system.writeFile(FILE, workerData.bytes);
    answer = readFile(h5, workerData.maxBytes, at);
  } catch (error) {
    const got = reasonOf(system.readFile(PRINTED, { encoding: "utf8" })) ?? error.message;
    answer = { place: at.place, summary: at.place === "" ? "not an HDF5 file, or damaged or cut short" : "it cannot be read", got };
  }
  parentPort.postMessage(answer);
}

function readFile(h5, maxBytes, at) {
  const file = new h5.File(FILE, "r");
  if (!(file.file_id > 0n)) throw new Error("it cannot be opened");
  at.place = "model_config";
  const [config] = textsOf(file, "model_config");
  if (config === undefined) {
    const hint = "A file with weights alone (save_weights) has none: save the whole model.";
    return { place: at.place, summary: "the file does not hold the network", expected: "an attribute with its JSON", hint };
  }
  at.place = "model_weights";
  const group = file.get("model_weights");
  if (group === null || group.type !== "Group") return { place: at.place, summary: "no such group", expected: "the weights, one group for each layer" };
  at.place = "model_weights.layer_names";
  const layers = textsOf(group, "layer_names");
  if (layers.length === 0) return { place: at.place, summary: "no such attribute", expected: "the layers' names" };
  const weights = [];
  let room = maxBytes;
  for (const layer of layers) {
    at.place = "model_weights/" + layer;
    const inside = group.get(layer);
    for (const name of inside?.type === "Group" ? textsOf(inside, "weight_names") : []) {
      at.place = "model_weights/" + layer + "/" + name;
      const data = inside.get(name);
      if (data?.type !== "Dataset") continue;
      const { dtype, shape } = data;
      if (dtype !== "<f") return { place: at.place, summary: "not a weight", expected: "float32", got: String(dtype) };
      const length = (shape ?? []).reduce((product, axis) => product * axis, 1);
      room -= 4 * length;
      if (!(room >= 0)) {
        return { place: at.place, summary: "the weights are larger than the limit", expected: "at most " + maxBytes + " bytes in all", got: "(" + shape?.join(", ") + ")" };
      }
      const values = data.value;
      if (!(values instanceof Float32Array) || values.length !== length) throw new Error(values?.length + " of " + length + " values");
      // conv_1/kernel:0, where Keras adds scopes in front and the number of the output behind.
      weights.push([layer + "/" + name.slice(name.lastIndexOf("/") + 1).replace(/:\d+$/, ""), { shape, values }]);
    }
  }
  return { config, weights };
}

// A text, or several; Keras spreads what is longer than 64 kB over name0, name1, and so on.
function textsOf(group, name) {
  const attributes = group.attrs;
  const texts = [];
  const add = (value) => {
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
