import type { KafkaSourceOptions } from "./kafkaSourceOptions.js";
import type { KafkaMessage, PartitionRange, TopicPartition } from "./types.js";

/** A transaction's end takes one offset, and no message has it. */
const CONTROL_RECORD = 1n;

/**
 * What knows places.
 *
 * @internal
 */
export interface Placer {
  /** Under which name it is kept how far a partition was read. */
  nameOf(where: TopicPartition): string;
  /** As `ReadingOptions.place`. */
  readonly place: (partitions: readonly TopicPartition[]) => Promise<readonly bigint[]>;
  /** Notes what was taken; messages that retention took away while others were read are told. */
  look(messages: readonly KafkaMessage[]): Promise<void>;
  /** Where topics end now, for whoever reads no further. */
  findEnds(topics: readonly string[]): Promise<Ends>;
}

/**
 * Where topics end.
 *
 * @internal
 */
export interface Ends {
  /** Whether it is known of all partitions from where they are read. */
  isPlaced(): boolean;
  /** Whether all was read. */
  isReached(): boolean;
}

/**
 * Knows from where partitions are read, and says where messages are missing.
 *
 * @internal
 */
export function createPlacer(options: KafkaSourceOptions): Placer {
  const { client, store, from = "earliest", onNotice } = options;
  const next = new Map<string, bigint>();
  const rangesOf = async (topics: readonly string[]): Promise<Map<string, PartitionRange>> => {
    const ranges = new Map<string, PartitionRange>();
    for (const topic of new Set(topics))
      for (const range of await client.ranges(topic)) ranges.set(nameOf(range), range);
    return ranges;
  };

  const placeOf = async (where: TopicPartition, range: PartitionRange | undefined): Promise<bigint> => {
    const kept = await store.cursor(nameOf(where));
    const { low, high } = range ?? { low: 0n, high: 0n };
    if (kept === undefined) {
      const offset = from === "earliest" ? low : high;
      onNotice?.({ kind: "first", at: { ...where, offset } });
      return offset;
    }
    const at = { ...where, offset: BigInt(kept) };
    if (at.offset > high) {
      onNotice?.({ kind: "renewed", at, to: low });
      return low;
    }
    if (at.offset < low) {
      onNotice?.({ kind: "gap", at, to: low });
      return low;
    }
    return at.offset;
  };

  return {
    nameOf,
    async place(partitions) {
      const ranges = await rangesOf(partitions.map(({ topic }) => topic));
      const places: bigint[] = [];
      for (const each of partitions) {
        const offset = await placeOf(each, ranges.get(nameOf(each)));
        next.set(nameOf(each), offset);
        places.push(offset);
      }
      return places;
    },

    async look(messages) {
      for (const { topic, partition, offset } of messages) {
        const name = nameOf({ topic, partition });
        const expected = next.get(name) ?? offset;
        next.set(name, offset + 1n);
        if (offset - expected <= CONTROL_RECORD) continue;
        const { low = 0n } = (await rangesOf([topic])).get(name) ?? {};
        const at = { topic, partition, offset: expected };
        if (low > expected) onNotice?.({ kind: "gap", at, to: low < offset ? low : offset });
      }
    },

    async findEnds(topics) {
      const left = new Map([...(await rangesOf(topics))].map(([name, { high }]) => [name, high]));
      const isRead = (name: string, high: bigint): boolean => (next.get(name) ?? -1n) >= high;
      return {
        isPlaced: () => [...left.keys()].every((name) => next.has(name)),
        isReached: () => [...left].every(([name, high]) => isRead(name, high)),
      };
    },
  };
}

/** Under which name it is kept how far a partition was read. */
function nameOf({ topic, partition }: TopicPartition): string {
  return `kafka/${topic}/${partition}`;
}
