import { toKerasConfig, weightSpecs } from "@btsbot/model";
import type { Model, Weight } from "@btsbot/model";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { createTar } from "nanotar";
import { crc32c } from "./crc32c.js";

const MASK_DELTA = 0xa282ead8;
const DTYPE = { float32: 1, int64: 9 } as const;

/** A tensor for a checkpoint: float32 from a weight, or raw bytes of another type. */
export type TestTensor = Weight | { shape: readonly number[]; dtype: "int64"; bytes: Uint8Array };

/** Ways to write a checkpoint that is not as it should be, and the number of its data files. */
export interface CheckpointOptions {
  shards?: number;
  compression?: number;
  bigEndian?: boolean;
  sliced?: string;
  wrongCrc?: string;
  noHeader?: boolean;
  entriesPerBlock?: number;
}

/** Writes a TensorBundle as tensor_bundle.h describes it: an independent twin of `readTfCheckpoint`. */
export function writeCheckpoint(
  tensors: ReadonlyMap<string, TestTensor>,
  options: CheckpointOptions = {},
): { index: Uint8Array; shards: Uint8Array[] } {
  const { shards: count = 1, entriesPerBlock = 3 } = options;
  const shards: number[][] = Array.from({ length: count }, () => []);
  const entries: [string, Uint8Array][] = options.noHeader ? [] : [["", header(count, options.bigEndian ?? false)]];
  [...tensors.keys()].sort().forEach((name, i) => {
    const tensor = tensors.get(name)!;
    const bytes =
      "values" in tensor
        ? new Uint8Array(tensor.values.buffer, tensor.values.byteOffset, tensor.values.byteLength)
        : tensor.bytes;
    const shard = shards[i % count];
    const writer = new BinaryWriter();
    writer.tag(1, WireType.Varint).int32("values" in tensor ? DTYPE.float32 : DTYPE[tensor.dtype]);
    writer.tag(2, WireType.LengthDelimited).fork();
    for (const axis of tensor.shape)
      writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(axis).join();
    writer.join();
    writer
      .tag(3, WireType.Varint)
      .int32(i % count)
      .tag(4, WireType.Varint)
      .int64(shard.length)
      .tag(5, WireType.Varint)
      .int64(bytes.length);
    writer.tag(6, WireType.Bit32).fixed32(name === options.wrongCrc ? 1 : mask(crc32c(bytes)));
    if (name === options.sliced) writer.tag(7, WireType.LengthDelimited).fork().join();
    entries.push([name, writer.finish()]);
    for (const byte of bytes) shard.push(byte);
  });
  return {
    index: table(entries, entriesPerBlock, options.compression ?? 0),
    shards: shards.map((shard) => Uint8Array.from(shard)),
  };
}

function header(shards: number, bigEndian: boolean): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(shards)
    .tag(2, WireType.Varint)
    .int32(bigEndian ? 1 : 0)
    .finish();
}

function table(entries: readonly [string, Uint8Array][], perBlock: number, compression: number): Uint8Array {
  const out: number[] = [];
  const write = (items: readonly [string, Uint8Array][]) => {
    const bytes = [...block(items), compression];
    const handle = new BinaryWriter()
      .uint32(out.length)
      .uint32(bytes.length - 1)
      .finish();
    out.push(...bytes, ...uint32(mask(crc32c(Uint8Array.from(bytes)))));
    return handle;
  };
  const index: [string, Uint8Array][] = [];
  for (let i = 0; i < entries.length; i += perBlock) {
    const items = entries.slice(i, i + perBlock);
    index.push([items.at(-1)![0], write(items)]);
  }
  const footer = [...write([]), ...write(index)];
  out.push(...footer, ...new Array<number>(40 - footer.length).fill(0), 0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);
  return Uint8Array.from(out);
}

/** Keys share prefixes; one restart point at the start. */
function block(items: readonly [string, Uint8Array][]): number[] {
  const out: number[] = [];
  let last = new Uint8Array(0);
  for (const [name, value] of items) {
    const key = new TextEncoder().encode(name);
    let shared = 0;
    while (shared < Math.min(key.length, last.length) && key[shared] === last[shared]) shared++;
    out.push(
      ...new BinaryWriter()
        .uint32(shared)
        .uint32(key.length - shared)
        .uint32(value.length)
        .finish(),
    );
    out.push(...key.subarray(shared), ...value);
    last = key;
  }
  return [...out, ...uint32(0), ...uint32(1)];
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function mask(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}

/** The checkpoint's tensors of a model: layers with weights are numbered in the order of the configuration. */
export function checkpointTensors(model: Model): Map<string, TestTensor> {
  const paths = layerPaths(model);
  const tensors = new Map<string, TestTensor>();
  for (const { name } of weightSpecs(model.definition)) {
    const [layer, weight] = name.split("/");
    tensors.set(`${paths.get(layer)}/${weight}/.ATTRIBUTES/VARIABLE_VALUE`, model.weights.get(name)!);
  }
  // As Keras leaves them beside the weights.
  tensors.set("optimizer/_iterations/.ATTRIBUTES/VARIABLE_VALUE", {
    shape: [],
    dtype: "int64",
    bytes: new Uint8Array(8),
  });
  tensors.set("keras_api/metrics/0/total/.ATTRIBUTES/VARIABLE_VALUE", { shape: [], values: new Float32Array([1]) });
  return tensors;
}

/** Keras tells layers apart by `layer-N`, or `layer_with_weights-N` if they have weights. */
function layerPaths(model: Model): Map<string, string> {
  const weighted = new Set(weightSpecs(model.definition).map(({ name }) => name.split("/")[0]));
  let count = 0;
  return new Map(
    [...model.definition.inputs, ...model.definition.layers].map(({ name }, i) => [
      name,
      weighted.has(name) ? `layer_with_weights-${count++}` : `layer-${i}`,
    ]),
  );
}

/** `keras_metadata.pb` of a model. */
export function kerasMetadata(model: Model): Uint8Array {
  const config = toKerasConfig(model.definition);
  const writer = new BinaryWriter();
  const object = (path: string, json: string) =>
    writer
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(3, WireType.LengthDelimited)
      .string(path)
      .tag(5, WireType.LengthDelimited)
      .string(json)
      .join();
  // Python's json writes infinity so.
  object("root", JSON.stringify({ name: "model", ...config, largest: "HERE" }).replace('"HERE"', "-Infinity"));
  for (const [name, path] of layerPaths(model))
    object(`root.${path}`, JSON.stringify({ name, note: 'NaN, "Infinity"' }));
  object("root.keras_api.metrics.0", JSON.stringify({ name: "loss" }));
  return writer.finish();
}

/** The files of a SavedModel, in a folder. */
export function savedModelFiles(
  model: Model,
  tensors: ReadonlyMap<string, TestTensor> = checkpointTensors(model),
  options: CheckpointOptions = {},
): Map<string, Uint8Array> {
  const { index, shards } = writeCheckpoint(tensors, options);
  const suffix = String(shards.length).padStart(5, "0");
  return new Map([
    ["saved/keras_metadata.pb", kerasMetadata(model)],
    ["saved/variables/variables.index", index],
    ...shards.map((bytes, i): [string, Uint8Array] => [
      `saved/variables/variables.data-${String(i).padStart(5, "0")}-of-${suffix}`,
      bytes,
    ]),
  ]);
}

/** A tar archive with its end mark. */
export function tar(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const archive = createTar([{ name: "saved/" }, ...[...files].map(([name, data]) => ({ name, data }))]);
  const ended = new Uint8Array(archive.length + 1024);
  ended.set(archive);
  return ended;
}
