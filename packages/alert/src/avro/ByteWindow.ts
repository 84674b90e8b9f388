/**
 * The bytes of an input that are in memory: all of them, or those that a stream has given and that
 * nobody has used yet.
 */
export class ByteWindow {
  private bytes: Uint8Array;
  private start = 0;
  private end: number;
  /** Bytes before `start`, in the input. */
  private used = 0;
  /** The input has no more bytes than are here. */
  ended: boolean;

  /**
   * @param input - the input, if it is all there; without it, an empty window to append to
   */
  constructor(input?: Uint8Array) {
    this.bytes = input ?? new Uint8Array(0);
    this.end = this.bytes.length;
    this.ended = input !== undefined;
  }

  /** Bytes here. */
  get length(): number {
    return this.end - this.start;
  }

  /** Position in the input of the first byte here. */
  get position(): number {
    return this.used;
  }

  /** Memory taken, bytes. */
  get capacity(): number {
    return this.bytes.length;
  }

  /** The bytes here, valid until the next {@link append}. */
  peek(count = this.length): Uint8Array {
    return this.bytes.subarray(this.start, this.start + Math.min(count, this.length));
  }

  /** Lets go of bytes at the front and returns them, valid until the next {@link append}. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.start += taken.length;
    this.used += taken.length;
    return taken;
  }

  /** Adds bytes at the back. */
  append(chunk: Uint8Array): void {
    const { length } = this;
    if (this.end + chunk.length > this.bytes.length) {
      const room = length + chunk.length;
      // Half as much again, so that bytes are moved now and then only.
      const target = room > this.bytes.length ? new Uint8Array(Math.ceil(room * 1.5)) : this.bytes;
      target.set(this.peek());
      this.bytes = target;
      this.start = 0;
      this.end = length;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }
}
