import { BtsbotError, countOf } from "@btsbot/errors";
import { hashBytes } from "@btsbot/model";
import type { Weight, Weights } from "@btsbot/model";
import type { TrainingState } from "./fitTypes.js";

/** The first bytes of a checkpoint: `BTSBOTTR`. */
const MAGIC = new TextEncoder().encode("BTSBOTTR");
/** Of this layout, which the next four bytes state (uint32, little-endian): where the first had the header's length. */
const FORMAT = 0xffff_0002;
/** Hexadecimal digits of the SHA-256 of all that follows them. */
const HASH = { start: MAGIC.length + 4, length: 64 };
/** Where the header's length stands (uint32, little-endian), and then the header. */
const LENGTH_START = HASH.start + HASH.length;
const HEADER_START = LENGTH_START + 4;

type Group = "weights" | "best" | "first" | "second";
const GROUPS: readonly Group[] = ["weights", "best", "first", "second"];

/** What the header says besides the state's own numbers. */
interface Header extends Omit<TrainingState, Group> {
  readonly arrays: readonly { readonly group: Group; readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * Writes where training stands as bytes: `BTSBOTTR`, the format, the SHA-256 of what follows, the length of a
 * JSON header (uint32), the header, and the arrays that it lists, little-endian float32.
 *
 * @internal
 */
export async function encodeState(state: TrainingState): Promise<Uint8Array> {
  const { weights, best, first, second, ...numbers } = state;
  const groups = { weights, best, first: asWeights(first), second: asWeights(second) };
  const arrays = GROUPS.flatMap((group) => [...groups[group]].map(([name, weight]) => ({ group, name, ...weight })));
  const data = new Uint8Array(4 * arrays.reduce((sum, { values }) => sum + values.length, 0));
  const view = new DataView(data.buffer);
  let offset = 0;
  for (const { values } of arrays) for (const value of values) view.setFloat32((offset += 4) - 4, value, true);
  const listed = arrays.map(({ group, name, shape }) => ({ group, name, shape }));
  const json: Header = { ...numbers, arrays: listed };
  const header = new TextEncoder().encode(JSON.stringify(json));
  const bytes = new Uint8Array(HEADER_START + header.length + data.length);
  bytes.set(MAGIC);
  const whole = new DataView(bytes.buffer);
  whole.setUint32(MAGIC.length, FORMAT, true);
  whole.setUint32(LENGTH_START, header.length, true);
  bytes.set(header, HEADER_START);
  bytes.set(data, HEADER_START + header.length);
  bytes.set(new TextEncoder().encode(await hashRest(bytes)), HASH.start);
  return bytes;
}

/**
 * Reads what {@link encodeState} wrote.
 *
 * @throws BtsbotError `resume-invalid` for what is cut short, damaged, or something else
 * @internal
 */
export async function decodeState(bytes: Uint8Array, path: string): Promise<TrainingState> {
  const header = await readHeader(bytes, path);
  const { arrays, ...numbers } = header.json;
  const data = bytes.subarray(header.end);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const groups: Record<Group, Map<string, Weight>> = {
    weights: new Map(),
    best: new Map(),
    first: new Map(),
    second: new Map(),
  };
  let offset = 0;
  for (const { group, name, shape } of arrays) {
    const values = Float32Array.from({ length: product(shape) }, () => view.getFloat32((offset += 4) - 4, true));
    groups[group].set(name, { shape, values });
  }
  return {
    ...numbers,
    weights: groups.weights,
    best: groups.best,
    first: asValues(groups.first),
    second: asValues(groups.second),
  };
}

/** The header, once all of the file is known to be what was written. */
async function readHeader(bytes: Uint8Array, path: string): Promise<{ json: Header; end: number }> {
  if (bytes.length < MAGIC.length || !MAGIC.every((byte, place) => bytes[place] === byte)) {
    throw invalid(path, "it is not a training checkpoint", "BTSBOTTR at its start", countOf(bytes.length, "byte"));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_START) throw invalid(path, "it is cut short", `${HEADER_START} bytes`, `${bytes.length}`);
  const format = view.getUint32(MAGIC.length, true);
  if (format !== FORMAT) {
    throw invalid(path, "another version of this library wrote it, or it is damaged", hex(FORMAT), hex(format));
  }
  const expected = new TextDecoder("latin1").decode(bytes.subarray(HASH.start, LENGTH_START));
  const got = await hashRest(bytes);
  if (got !== expected) throw invalid(path, "it is damaged or cut short", `SHA-256 ${expected}`, got);
  const end = HEADER_START + view.getUint32(LENGTH_START, true);
  return { json: JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_START, end))) as Header, end };
}

async function hashRest(bytes: Uint8Array): Promise<string> {
  return (await hashBytes(bytes.subarray(LENGTH_START))) ?? "";
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function invalid(path: string, summary: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("resume-invalid", summary, {
    path,
    expected,
    got,
    hint: "Remove it to begin from the start.",
  });
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, axis) => total * axis, 1);
}

function asWeights(arrays: ReadonlyMap<string, Float32Array>): Weights {
  return new Map([...arrays].map(([name, values]) => [name, { shape: [values.length], values }]));
}

function asValues(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { values }]) => [name, values]));
}
