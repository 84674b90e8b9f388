const scratch = new DataView(new ArrayBuffer(8));
const utf8 = new TextEncoder();

/** Bytes to start with. */
const START_BYTES = 4096;

/** A growing array of bytes, and the writing of Avro's primitive values there. */
export class ByteSink {
  private bytes = new Uint8Array(START_BYTES);
  length = 0;

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  writeByte(byte: number): void {
    this.reserve(1)[this.length++] = byte;
  }

  writeLong(value: bigint | number): void {
    let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
    for (; rest > 127n; rest >>= 7n) this.writeByte(Number(rest & 127n) | 128);
    this.writeByte(Number(rest));
  }

  writeFloat(value: number): void {
    scratch.setFloat32(0, value, true);
    this.writeFixed(new Uint8Array(scratch.buffer, 0, 4));
  }

  writeDouble(value: number): void {
    scratch.setFloat64(0, value, true);
    this.writeFixed(new Uint8Array(scratch.buffer, 0, 8));
  }

  writeBytes(value: Uint8Array): void {
    this.writeLong(value.length);
    this.writeFixed(value);
  }

  writeString(value: string): void {
    this.writeBytes(utf8.encode(value));
  }

  writeFixed(value: Uint8Array): void {
    this.reserve(value.length).set(value, this.length);
    this.length += value.length;
  }

  private reserve(count: number): Uint8Array {
    if (this.length + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return this.bytes;
  }
}
