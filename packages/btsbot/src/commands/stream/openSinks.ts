import { createEnrichedEncoder, createKafkaSink, encodeFailure, encodeJson } from "@btsbot/stream";
import type { EntryEncoder, KafkaClient, KafkaSink, SchemaRegistry, StreamNotice } from "@btsbot/stream";
import type { EntryKind } from "@btsbot/decide";
import type { StreamConfig } from "./parseStreamConfig.js";
import { outputsOf } from "./streamTopics.js";

/** What sinks are made of. */
interface SinkParts {
  readonly config: StreamConfig;
  readonly client: KafkaClient;
  readonly outbox: string;
  readonly registry?: SchemaRegistry;
  readonly onNotice: (notice: StreamNotice) => void;
}

/**
 * Opens a sink for each topic that is written to: enriched alerts first, since who waits for them waits for a score.
 *
 * @internal
 */
export function openSinks({ config, client, outbox, registry, onNotice }: SinkParts): KafkaSink[] {
  const { alerts } = config.output;
  const encoders: Partial<Record<EntryKind, EntryEncoder>> = {
    alert:
      alerts?.format === "json"
        ? encodeJson
        : createEnrichedEncoder(registry === undefined ? {} : { registry, subject: `${alerts?.topic}-value` }),
    failure: encodeFailure,
  };
  return [...outputsOf(config)].map(([kind, topic]) =>
    createKafkaSink({ client, kind, topic, outbox, encode: encoders[kind] ?? encodeJson, onNotice }),
  );
}
