/** Bytes that are handed on at once where nobody says how many. */
const ANY = Number.MAX_SAFE_INTEGER;

/**
 * Chunks that can be looked at before they are taken. Holds no more than what was looked at and the last chunk.
 *
 * @example
 * ```ts
 * import { ByteReader } from "@btsbot/archive";
 *
 * const reader = new ByteReader(new Blob([new Uint8Array([1, 2, 3])]).stream());
 * await reader.peek(2); // => new Uint8Array([1, 2])
 * await reader.take(); // => new Uint8Array([1, 2, 3])
 * ```
 */
export class ByteReader {
  private readonly source: AsyncIterator<Uint8Array, void, void>;
  private held: Uint8Array = new Uint8Array(0);
  private taken = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.source = chunks[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void, void>;
  }

  /** Bytes that were taken so far. */
  get position(): number {
    return this.taken;
  }

  /** The next bytes, fewer than `count` at the end alone. They stay. */
  async peek(count: number): Promise<Uint8Array> {
    // One chunk is handed on as it came.
    const parts = this.held.length === 0 ? [] : [this.held];
    let length = this.held.length;
    try {
      while (length < count) {
        const next = await this.source.next();
        if (next.done) break;
        parts.push(next.value);
        length += next.value.length;
      }
    } finally {
      // What came before the source failed stays, too.
      if (parts.length > 0) this.held = join(parts, length);
    }
    return this.held.subarray(0, count);
  }

  /** Some bytes, at least one and at most `most`; none at the end. */
  async take(most = ANY): Promise<Uint8Array | undefined> {
    // Unlike peek, this copies nothing: a chunk goes through as it came.
    while (this.held.length === 0) {
      const next = await this.source.next();
      if (next.done) return undefined;
      this.held = next.value;
    }
    const bytes = this.held.subarray(0, most);
    this.held = this.held.subarray(bytes.length);
    this.taken += bytes.length;
    return bytes;
  }

  /** Gives back the last bytes that were taken: they are the next ones. */
  putBack(bytes: Uint8Array): void {
    this.held = this.held.length === 0 ? bytes : join([bytes, this.held], bytes.length + this.held.length);
    this.taken -= bytes.length;
  }

  /** Lets go of bytes, as far as there are any; how many there were. */
  async skip(count: number): Promise<number> {
    const start = this.taken;
    while (this.taken - start < count) if ((await this.take(count - (this.taken - start))) === undefined) break;
    return this.taken - start;
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Uint8Array, void, void> {
    for (let bytes = await this.take(); bytes !== undefined; bytes = await this.take()) yield bytes;
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.source.return?.();
  }
}

/**
 * Bytes in one piece: a single part as it is.
 *
 * @internal
 */
export function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
