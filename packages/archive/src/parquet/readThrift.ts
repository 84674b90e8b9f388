import { damaged } from "./parquetErrors.js";

/** A struct of Thrift by the ids of its fields. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** What a field holds; integers beyond 2^53 are as near as a number can be. */
export type ThriftValue = number | boolean | Uint8Array | ThriftStruct | readonly ThriftValue[];

/** Types of the compact protocol: thrift-compact-protocol.md of Apache Thrift, "Struct encoding". */
const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12];
/** Bytes of an integer of 64 bits, seven bits each. */
const MOST_VARINT = 10;
/** Structs in one another: Parquet's metadata have six. */
const MOST_DEPTH = 16;

/**
 * Reads a struct of Thrift's compact protocol, and finds its end. The library that reads Parquet takes any length for true and walks
 * integers without end: what this reads costs no more than its bytes.
 *
 * @param bytes - from the struct on
 * @returns the struct, and where it ends
 * @throws BtsbotError `archive-invalid`
 *
 * @internal
 */
export function readThrift(bytes: Uint8Array): { readonly struct: ThriftStruct; readonly end: number } {
  const reader = new ThriftReader(bytes);
  return { struct: reader.struct(0), end: reader.at };
}

class ThriftReader {
  at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth: number): ThriftStruct {
    if (depth > MOST_DEPTH) throw damaged("its metadata nest too deeply");
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ;) {
      const head = this.byte();
      if (head === 0) return fields;
      id = head >> 4 === 0 ? this.zigzag() : id + (head >> 4);
      fields.set(id, this.value(head & 15, depth));
    }
  }

  private value(type: number, depth: number): ThriftValue {
    switch (type) {
      case TRUE:
        return true;
      case FALSE:
        return false;
      case BYTE:
        return this.byte();
      case I16:
      case I32:
      case I64:
        return this.zigzag();
      case DOUBLE:
        this.need(8);
        this.at += 8;
        return this.view.getFloat64(this.at - 8, true);
      case BINARY: {
        const length = this.varint();
        this.need(length);
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
      }
      case LIST:
        return this.list(depth);
      case STRUCT:
        return this.struct(depth + 1);
      default:
        throw damaged(`its metadata hold a field of the unknown type ${type}`);
    }
  }

  private list(depth: number): ThriftValue[] {
    if (depth > MOST_DEPTH) throw damaged("its metadata nest too deeply");
    const head = this.byte();
    const count = head >> 4 === 15 ? this.varint() : head >> 4;
    // Each item has a byte at least, a boolean too.
    this.need(count);
    const type = head & 15;
    const items: ThriftValue[] = [];
    for (let i = 0; i < count; i += 1)
      items.push(type === TRUE || type === FALSE ? this.byte() === TRUE : this.value(type, depth + 1));
    return items;
  }

  private byte(): number {
    this.need(1);
    return this.bytes[this.at++];
  }

  private varint(): number {
    let [value, scale] = [0, 1];
    for (let count = 0; count < MOST_VARINT; count += 1, scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw damaged("its metadata hold an integer of more than 64 bits");
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private need(count: number): void {
    if (!(count <= this.bytes.length - this.at)) throw damaged("its metadata end early");
  }
}
