import type { Seat } from "@btsbot/model";

/** Bytes of a line of the cache: everything begins on one. */
const LINE = 64;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** What shares room: images do with images and vectors with vectors, which outlive a group of images. */
export type Sharers = "images" | "vectors";

/**
 * Gives out addresses of a memory that does not exist yet. What is released is given out again, to its
 * like; constants lie where nothing else ever does. Threads that share the memory have the same constants, and rooms
 * of their own side by side: each gives out addresses by itself, and all come to the same places.
 */
export class Arena {
  #end = LINE;
  readonly #own: [address: number, bytes: number][] = [];
  readonly #free: Record<Sharers, Block[]> = { images: [], vectors: [] };
  readonly #held = new Map<number, readonly [Sharers, number]>();

  constructor(private readonly seat: Pick<Seat, "index" | "count">) {}

  /** Bytes that the memory needs. */
  get bytes(): number {
    return this.#end;
  }

  /** Where this thread alone writes. */
  get own(): readonly (readonly [address: number, bytes: number])[] {
    return this.#own;
  }

  /** An address for something that is the same for all threads. */
  share(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / LINE) * LINE;
    return address;
  }

  /** An address for something of this thread that stays. */
  keep(bytes: number): number {
    const { index, count } = this.seat;
    const size = Math.ceil(bytes / LINE) * LINE;
    const address = this.share(count * size) + index * size;
    this.#own.push([address, size]);
    return address;
  }

  /** An address for something that is released later. */
  hold(bytes: number, sharers: Sharers): number {
    const size = Math.ceil(bytes / LINE) * LINE;
    const free = this.#free[sharers];
    const place = free.findIndex((block) => block.bytes >= size);
    const address = place < 0 ? this.keep(size) : free[place].address;
    if (place >= 0) free.splice(place, 1, { address: address + size, bytes: free[place].bytes - size });
    this.#held.set(address, [sharers, size]);
    return address;
  }

  /** Gives back what `hold` gave out. */
  release(address: number): void {
    const [sharers, bytes] = this.#held.get(address)!;
    this.#held.delete(address);
    const blocks: Block[] = [];
    for (const block of [...this.#free[sharers], { address, bytes }].sort((a, b) => a.address - b.address)) {
      const last = blocks.at(-1);
      // Neighbours become one.
      if (last === undefined || last.address + last.bytes !== block.address) blocks.push(block);
      else blocks[blocks.length - 1] = { address: last.address, bytes: last.bytes + block.bytes };
    }
    this.#free[sharers] = blocks.filter((block) => block.bytes > 0);
  }
}
