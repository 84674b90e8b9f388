import type { KafkaClient, KafkaMessage, PartitionOffset, StreamNotice } from "@btsbot/stream";
import type { Logger } from "pino";

/**
 * Logs what a stream reports, and says whether the broker can be reached.
 *
 * @internal
 */
export function tellNotice(log: Logger, onReachable: (isReachable: boolean) => void): (notice: StreamNotice) => void {
  return (notice) => {
    const event = notice.kind;
    switch (notice.kind) {
      case "unreachable":
        onReachable(false);
        log.warn({ event, code: notice.error.code, againMs: notice.againMs }, notice.error.message);
        break;
      case "reached":
        onReachable(true);
        log.info({ event }, "it can be reached again");
        break;
      case "topics":
        onReachable(true);
        log.info({ event, topics: notice.topics }, "these topics are read");
        break;
      case "first":
        log.info({ event, ...placeOf(notice.at) }, "the store has no position in this partition: it is read from here");
        break;
      case "gap":
        log.error({ event, ...placeOf(notice.at), to: String(notice.to) }, "messages are gone before they were read");
        break;
      case "renewed":
        log.error(
          { event, ...placeOf(notice.at), to: String(notice.to) },
          "the topic was made again, and is read from here",
        );
        break;
    }
  };
}

function placeOf({ topic, partition, offset }: PartitionOffset): object {
  return { topic, partition, offset: String(offset) };
}

/**
 * How many messages are to be read yet, of the partitions of which some were read.
 *
 * @internal
 */
export function createLag(client: KafkaClient): {
  readonly see: (messages: readonly KafkaMessage[]) => void;
  readonly count: () => Promise<ReadonlyMap<string, number>>;
} {
  const next = new Map<string, Map<number, bigint>>();
  return {
    see(messages) {
      for (const { topic, partition, offset } of messages) {
        const places = next.get(topic) ?? new Map<number, bigint>();
        next.set(topic, places.set(partition, offset + 1n));
      }
    },
    async count() {
      const counts = new Map<string, number>();
      for (const [topic, places] of next) {
        let left = 0n;
        for (const { partition, high } of await client.ranges(topic)) {
          const place = places.get(partition);
          if (place !== undefined && high > place) left += high - place;
        }
        counts.set(topic, Number(left));
      }
      return counts;
    },
  };
}
