import { BtsbotError, checkArgument, countOf } from "@btsbot/errors";
import type { Weight } from "@btsbot/model";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { maskedCrc32c } from "./crc32c.js";
import { inFile } from "./inFile.js";
import { readTable } from "./readTable.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";

/** TensorFlow's names of its types, by number (tensorflow/core/framework/types.proto). */
const DTYPES: Readonly<Record<number, string>> = {
  1: "float32",
  2: "float64",
  3: "int32",
  4: "uint8",
  5: "int16",
  6: "int8",
  7: "string",
  8: "complex64",
  9: "int64",
  10: "bool",
  14: "bfloat16",
  17: "uint16",
  19: "float16",
  22: "uint32",
  23: "uint64",
};

/** Bytes of a float32. */
const FLOAT_LENGTH = 4;

/** What the index says of a tensor (BundleEntryProto). */
interface Entry extends CheckpointTensor {
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly crc: number;
  readonly sliced: boolean;
}

/**
 * Reads a TensorFlow checkpoint, version 2 (a "tensor bundle"), as TensorFlow 1 and 2 write it.
 *
 * The index is read and verified at once. A tensor is read, and its CRC-32C verified, when it is asked
 * for, so that the state of an optimizer costs nothing.
 *
 * @param index - the bytes of the `.index` file
 * @param shards - the bytes of the `.data-0000i-of-0000n` files, in order
 * @param name - the checkpoint's name, for messages: what its files' names have before `.index` and `.data`
 * @returns the tensors' names, types and shapes, and a function that reads one
 * @throws BtsbotError `checkpoint-invalid` for an index that is cut short or is not one, or another number
 * of shards; `checkpoint-crc` for a damaged index. Reading a tensor throws the same, with its name.
 * With a name given, each begins with the name of the file that it is about
 *
 * Source: tensorflow/core/util/tensor_bundle/tensor_bundle.h and tensorflow/core/protobuf/tensor_bundle.proto.
 *
 * @example
 * ```ts
 * import { toSafe } from "@btsbot/errors";
 * import { readTfCheckpoint } from "@btsbot/weights";
 *
 * const result = toSafe(() => readTfCheckpoint(new Uint8Array(10), []));
 * result.success; // => false
 * ```
 */
export function readTfCheckpoint(index: Uint8Array, shards: readonly Uint8Array[], name?: string): Checkpoint {
  checkArgument("readTfCheckpoint", "index", index, "bytes");
  checkArgument("readTfCheckpoint", "shards", shards, "list");
  const tensors = within(name && `${name}.index`, () => readIndex(index, shards.length));
  const count = String(shards.length).padStart(5, "0");
  const held = shards.reduce((sum, { length }) => sum + length, 0);
  const done = new Set<string>();
  let sum = 0;
  const read = (tensor: string): Weight => {
    const entry = tensors.get(tensor);
    // No two tensors share bytes: a small file whose tensors all lie in one place would unpack to any amount.
    if (!done.has(tensor)) sum += entry?.size ?? 0;
    if (done.size > 0 && sum > held)
      throw invalid(
        tensor,
        "its tensors are longer than the data together",
        `at most ${countOf(held, "byte")}`,
        countOf(sum, "byte"),
      );
    done.add(tensor);
    const file = entry === undefined ? "index" : `data-${String(entry.shard).padStart(5, "0")}-of-${count}`;
    return within(name && `${name}.${file}`, () => readTensor(tensor, entry, shards));
  };
  return { tensors, read };
}

/** Puts the file, if its name is known, before the place of what goes wrong. */
function within<T>(file: string | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw file !== undefined && error instanceof BtsbotError ? inFile(file, error) : error;
  }
}

function readIndex(index: Uint8Array, shards: number): Map<string, Entry> {
  const table = readTable(index);
  const header = table.get("");
  if (header === undefined) throw invalid("index", "no header");
  checkHeader(header, shards);
  const tensors = new Map<string, Entry>();
  for (const [name, value] of table) {
    if (name !== "")
      tensors.set(
        name,
        decode(name, () => readEntry(name, value)),
      );
  }
  return tensors;
}

function readTensor(name: string, entry: Entry | undefined, shards: readonly Uint8Array[]): Weight {
  if (entry === undefined) throw invalid(name, "no such tensor");
  if (entry.dtype !== "float32") throw invalid(name, "only float32 is read", "float32", entry.dtype);
  if (entry.sliced) throw invalid(name, "the tensor is stored in slices, which are not read here");
  const { shape, shard, offset, size } = entry;
  const length = shape.reduce((product, axis) => product * axis, 1);
  if (size !== length * FLOAT_LENGTH) {
    throw invalid(
      name,
      "its size does not fit its shape",
      countOf(length * FLOAT_LENGTH, "byte"),
      countOf(size, "byte"),
    );
  }
  const data = shards[shard] as Uint8Array | undefined;
  if (data === undefined) throw invalid(name, "its shard does not exist", `0 to ${shards.length - 1}`, String(shard));
  if (offset + size > data.length) {
    throw invalid(
      name,
      "the data end before the tensor does",
      countOf(offset + size, "byte"),
      countOf(data.length, "byte"),
    );
  }
  const bytes = data.subarray(offset, offset + size);
  const crc = maskedCrc32c(bytes);
  if (crc !== entry.crc) {
    throw new BtsbotError("checkpoint-crc", "the tensor's checksum does not match its bytes", {
      path: name,
      expected: `0x${entry.crc.toString(16)}`,
      got: `0x${crc.toString(16)}`,
    });
  }
  // A file's bytes may lie anywhere in a larger memory, as Node's buffers do.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { shape, values: Float32Array.from({ length }, (_, i) => view.getFloat32(i * FLOAT_LENGTH, true)) };
}

/** BundleHeaderProto: 1 number of shards, 2 byte order (0 is little-endian). */
function checkHeader(bytes: Uint8Array, shards: number): void {
  const fields = { 1: 0, 2: 0 };
  decode("header", () => {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === 1 || field === 2) fields[field] = reader.int32();
      else reader.skip(type, field);
    }
  });
  if (fields[1] !== shards)
    throw invalid("header", "the number of data files is not the stated one", String(fields[1]), String(shards));
  if (fields[2] !== 0) throw invalid("header", "the data are big-endian, which is not supported");
}

/** BundleEntryProto: 1 type, 2 shape, 3 shard, 4 offset, 5 size, 6 checksum, 7 slices. */
function readEntry(name: string, bytes: Uint8Array): Entry {
  const entry = { name, dtype: "unknown", shape: [] as number[], shard: 0, offset: 0, size: 0, crc: 0, sliced: false };
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) entry.dtype = dtypeName(reader.int32());
    else if (field === 2) entry.shape = readShape(reader.bytes());
    else if (field === 3) entry.shard = reader.int32();
    else if (field === 4) entry.offset = length(reader.int64());
    else if (field === 5) entry.size = length(reader.int64());
    else if (field === 6) entry.crc = reader.fixed32();
    else {
      if (field === 7) entry.sliced = true;
      reader.skip(type, field);
    }
  }
  return entry;
}

/** TensorShapeProto: 2 the axes, each with 1 its length. */
function readShape(bytes: Uint8Array): number[] {
  const shape: number[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== 2 || type !== WireType.LengthDelimited) {
      reader.skip(type, field);
      continue;
    }
    const axis = new BinaryReader(reader.bytes());
    let size = 0;
    while (axis.pos < axis.len) {
      const [part, partType] = axis.tag();
      if (part === 1) size = length(axis.int64());
      else axis.skip(partType, part);
    }
    shape.push(size);
  }
  return shape;
}

function dtypeName(number: number): string {
  return DTYPES[number] ?? `type ${number}`;
}

function length(value: bigint | string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`a length of ${value}`);
  return number;
}

/** Protobuf's own errors are plain ones: they become errors of the registry here. */
function decode<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BtsbotError("checkpoint-invalid", "its entry in the index cannot be read", {
      path,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

function invalid(path: string, summary: string, expected?: string, got?: string): BtsbotError {
  return new BtsbotError("checkpoint-invalid", summary, {
    path,
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
  });
}
