import { BtsbotError } from "@btsbot/errors";
import { hashBytes } from "@btsbot/model";
import type { Weight, Weights } from "@btsbot/model";
import type { TrainingState } from "./fitTypes.js";

/** The first bytes of a checkpoint: `BTSBOTTR`. */
const MAGIC = new TextEncoder().encode("BTSBOTTR");
/** Magic, then the header's length (uint32, little-endian). */
const HEADER_START = MAGIC.length + 4;
/** Of this layout. */
const FORMAT = 1;

type Group = "weights" | "best" | "first" | "second";
const GROUPS: readonly Group[] = ["weights", "best", "first", "second"];

/** What the header says besides the state's own numbers. */
interface Header extends Omit<TrainingState, Group> {
  readonly format: number;
  readonly arrays: readonly { readonly group: Group; readonly name: string; readonly shape: readonly number[] }[];
  readonly sha256: string;
}

/**
 * Writes where training stands as bytes: `BTSBOTTR`, the length of a JSON header (uint32), the header,
 * and the arrays that it lists, little-endian float32.
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
  const json: Header = { ...numbers, format: FORMAT, arrays: listed, sha256: (await hashBytes(data)) ?? "" };
  const header = new TextEncoder().encode(JSON.stringify(json));
  const bytes = new Uint8Array(HEADER_START + header.length + data.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, HEADER_START);
  bytes.set(data, HEADER_START + header.length);
  return bytes;
}

/**
 * Reads what {@link encodeState} wrote.
 *
 * @throws BtsbotError `resume-invalid` for what is cut short, damaged, or something else
 * @internal
 */
export async function decodeState(bytes: Uint8Array, path: string): Promise<TrainingState> {
  const header = readHeader(bytes, path);
  const { format: _, arrays, sha256, ...numbers } = header.json;
  const data = bytes.subarray(header.end);
  const expected = 4 * arrays.reduce((sum, { shape }) => sum + product(shape), 0);
  if (data.length !== expected) throw invalid(path, "it is cut short", `${expected} bytes of data`, `${data.length}`);
  const got = (await hashBytes(data)) ?? "";
  if (got !== sha256) throw invalid(path, "its data are not those that its header describes", sha256, got);
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

function readHeader(bytes: Uint8Array, path: string): { json: Header; end: number } {
  if (bytes.length < HEADER_START || !MAGIC.every((byte, place) => bytes[place] === byte)) {
    throw invalid(path, "it is no training checkpoint", "BTSBOTTR at its start", `${bytes.length} bytes`);
  }
  const end = HEADER_START + new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_START, end))) as Header;
    if (json.format === FORMAT && Array.isArray(json.arrays)) return { json, end };
  } catch {
    // Said below.
  }
  throw invalid(path, "its header cannot be read", `format ${FORMAT}`, `${bytes.length} bytes`);
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
