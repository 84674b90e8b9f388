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
 * like; constants lie where nothing else ever does.
 */
export class Arena {
  #end = LINE;
  readonly #free: Record<Sharers, Block[]> = { images: [], vectors: [] };
  readonly #held = new Map<number, readonly [Sharers, number]>();

  /** Bytes that the memory needs. */
  get bytes(): number {
    return this.#end;
  }

  /** An address for something that stays. */
  keep(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / LINE) * LINE;
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
