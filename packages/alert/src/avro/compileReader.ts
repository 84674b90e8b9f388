import type { AvroNode, RecordNode } from "./parseSchema.js";
import { MAX_DEPTH } from "../inputs/maxDepth.js";
import { setField } from "../inputs/setField.js";
import type { Tap } from "./Tap.js";

/** Reads one value of a type and leaves the tap behind it. */
export type Reader = (tap: Tap) => unknown;

/** The records that are made and measured: a schema can name one many times. */
interface Done {
  readonly readers: Map<AvroNode, Reader>;
  readonly sizes: Map<AvroNode, number>;
}

type Fields = Record<string, unknown>;

/**
 * The same copy at eight places: engines copy fast where they have seen at most four kinds of objects, and
 * field by field, ten times slower, elsewhere. A packet has five kinds of records, and a stream two schemas.
 */
const COPIES: readonly ((record: Fields) => Fields)[] = [
  (record) => ({ ...record }),
  (record) => ({ ...record }),
  (record) => ({ ...record }),
  (record) => ({ ...record }),
  (record) => ({ ...record }),
  (record) => ({ ...record }),
  (record) => ({ ...record }),
  (record) => ({ ...record }),
];
let nextCopy = 0;

/** Fields of a record above which engines make a table of it, which takes several times as long; Rubin has 200. */
const WIDE = 256;

/** What a record costs beside its fields, in values: a survey's measurement is made of it, and a point of the light curve. */
const RECORD_VALUES = 12;

/** What a field of such a record costs, in values, and one that takes no bytes of any input, as no survey's does. */
const DEAR_VALUES = 12;

/**
 * Makes the reader of a type: closures over closures, one for each node, so that no code is
 * generated (a content security policy without `unsafe-eval` forbids that).
 */
export function compileReader(node: AvroNode, done: Done = { readers: new Map(), sizes: new Map() }): Reader {
  switch (node.kind) {
    case "null":
      return () => null;
    case "boolean":
      return (tap) => tap.readBoolean();
    case "int":
      return (tap) => tap.readInt();
    case "long":
      return (tap) => tap.readLong();
    case "float":
      return (tap) => tap.readFloat();
    case "double":
      return (tap) => tap.readDouble();
    case "bytes":
      return (tap) => tap.readBytes();
    case "string":
      return (tap) => tap.readString();
    case "fixed":
      return (tap) => tap.readFixed(node.size);
    case "enum":
      return enumReader(node.symbols);
    case "array":
      return arrayReader(compileReader(node.items, done), minBytes(node.items, done.sizes));
    case "map":
      return mapReader(compileReader(node.values, done), minBytes(node.values, done.sizes) + 1);
    case "union":
      return chooseUnionReader(node.branches, done);
    case "record":
      return recordReader(node, done);
  }
}

function recordReader(node: RecordNode, done: Done): Reader {
  const known = done.readers.get(node);
  if (known) return known;
  const names = node.fields.map(({ name }) => name);
  // A copy of an object that has all the keys, each null: most fields of an upper limit stay so.
  // JSON.parse makes even `__proto__` a field like any other.
  const empty = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`) as Fields;
  const copy = COPIES[nextCopy++ % COPIES.length];
  const readers: Reader[] = [];
  // Of a name that comes twice the last value counts, null too.
  const seen = new Set<string>();
  const isRepeated = names.map((name) => seen.has(name) || !seen.add(name));
  const hasRepeated = seen.size < names.length;
  const dear = names.length > WIDE ? names : node.fields.filter(({ type }) => minBytes(type, done.sizes) === 0);
  const count = names.length + dear.length * (DEAR_VALUES - 1) + RECORD_VALUES;
  const read: Reader = (tap) => {
    tap.enter(count);
    if (tap.isWalk) return walk(readers, tap);
    const record = copy(empty);
    for (let i = 0; i < readers.length; i++) {
      const value = readers[i](tap);
      // Null is there already, and a store by name is what costs most here.
      if (value !== null || (hasRepeated && isRepeated[i])) record[names[i]] = value;
    }
    tap.depth -= 1;
    return record;
  };
  done.readers.set(node, read);
  for (const field of node.fields) readers.push(compileReader(field.type, done));
  return read;
}

/** Steps over the fields of a record. */
function walk(readers: readonly Reader[], tap: Tap): null {
  for (const read of readers) read(tap);
  tap.depth -= 1;
  return null;
}

function chooseUnionReader(branches: readonly AvroNode[], done: Done): Reader {
  const nullIndex = branches.findIndex(({ kind }) => kind === "null");
  if (branches.length !== 2 || nullIndex < 0) return unionReader(branches, done);
  return nullableReader(compileReader(branches[1 - nullIndex], done), nullIndex, unionReader(branches, done));
}

/** The union that most fields are: null or one type. */
function nullableReader(read: Reader, nullIndex: number, any: Reader): Reader {
  // Indices 0 and 1 as zigzag varints.
  const [nullByte, valueByte] = nullIndex === 0 ? [0, 2] : [2, 0];
  return (tap) => {
    const byte = tap.bytes[tap.pos];
    if (byte === nullByte) {
      tap.pos += 1;
      return null;
    }
    if (byte !== valueByte) return any(tap);
    tap.pos += 1;
    return read(tap);
  };
}

/** Branches are made when they are met: a schema may name tens of thousands, which no record uses. */
function unionReader(branches: readonly AvroNode[], done: Done): Reader {
  const readers: Reader[] = [];
  return (tap) => {
    const at = tap.pos;
    const index = tap.readSize();
    const branch = branches[index];
    if (branch === undefined) {
      tap.fail("avro-datum-invalid", "the union has no such branch", {
        expected: `0 to ${branches.length - 1}`,
        got: `${index}`,
        at,
      });
    }
    return (readers[index] ??= compileReader(branch, done))(tap);
  };
}

function enumReader(symbols: readonly string[]): Reader {
  return (tap) => {
    const at = tap.pos;
    const index = tap.readInt();
    return (
      symbols[index] ??
      tap.fail("avro-datum-invalid", "the enum has no such symbol", {
        expected: `0 to ${symbols.length - 1}`,
        got: `${index}`,
        at,
      })
    );
  };
}

function arrayReader(read: Reader, itemBytes: number): Reader {
  return (tap) => {
    tap.enter();
    const items: unknown[] = [];
    for (let count = tap.readCount(itemBytes); count > 0; count = tap.readCount(itemBytes)) {
      for (let i = 0; i < count; i++) {
        const item = read(tap);
        if (!tap.isWalk) items.push(item);
      }
    }
    tap.depth -= 1;
    return items;
  };
}

function mapReader(read: Reader, entryBytes: number): Reader {
  return (tap) => {
    tap.enter();
    const entries: Fields = {};
    for (let count = tap.readCount(entryBytes); count > 0; count = tap.readCount(entryBytes)) {
      // The keys are values too.
      tap.charge(count);
      for (let i = 0; i < count; i++) {
        const key = tap.readString();
        const value = read(tap);
        if (tap.isWalk) continue;
        setField(entries, key, value);
      }
    }
    tap.depth -= 1;
    return entries;
  };
}

/** The fewest bytes that a value of this type takes: bounds what a count can mean. */
export function minBytes(node: AvroNode, known: Map<AvroNode, number>, depth = 0): number {
  switch (node.kind) {
    case "null":
      return 0;
    case "float":
      return 4;
    case "double":
      return 8;
    case "fixed":
      return node.size;
    case "record": {
      const size = known.get(node);
      if (size !== undefined) return size;
      // No record so deep is read.
      if (depth > MAX_DEPTH) return 0;
      // 0 while it is being added up, for a record that holds itself.
      known.set(node, 0);
      const sum = node.fields.reduce((bytes, { type }) => bytes + minBytes(type, known, depth + 1), 0);
      known.set(node, sum);
      return sum;
    }
    default:
      return 1;
  }
}
