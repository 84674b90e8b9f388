import { READ_OPTIONS } from "@btsbot/alert";
import type { AvroSchema, ReadOptions } from "@btsbot/alert";
import type { Store } from "@btsbot/decide";
import type { OptionNames } from "@btsbot/errors";
import type { SchemaRegistry } from "./createSchemaRegistry.js";
import type { KafkaClient, KafkaMessage, StreamNotice } from "./types.js";

/** How topics are read. */
export interface KafkaSourceOptions {
  /** Talks to the brokers. */
  readonly client: KafkaClient;
  /** Topics by name, or a pattern of their names: what it matches is asked again while it runs. */
  readonly topics: readonly string[] | RegExp;
  /** The consumer group: its members share the partitions. */
  readonly group: string;
  /** Where it is kept how far each partition was read; it wins over what the group has committed. */
  readonly store: Pick<Store, "cursor">;
  /** Where to begin in a partition that the store does not know; `earliest` by default. */
  readonly from?: "earliest" | "latest";
  /** Goes on for ever by default; `end` stops where the topics end at the start: a replay. */
  readonly until?: "end";
  /** Gives the schemas of Confluent-framed messages. */
  readonly registry?: SchemaRegistry;
  /** The schema of messages that are a datum and nothing else; `key` where each message's key is its schema. */
  readonly datum?: AvroSchema;
  /** How packets are read: schemas, limits, surveys, brokers' forms. */
  readonly read?: ReadOptions;
  /** Of which programmes alerts are taken (ZTF's `programid`); by default the public one, 1. One without is taken. */
  readonly programs?: readonly number[];
  /** The most bytes of messages in a batch; 8 MiB by default. */
  readonly maxBytes?: number;
  /** The most messages in a batch; 256 by default. */
  readonly maxMessages?: number;
  /** The longest that a message waits for others to be judged with, ms; 200 by default. */
  readonly maxWaitMs?: number;
  /** How often topics are listed again, ms; 30,000 by default. */
  readonly refreshMs?: number;
  /** After how many ms without a sign of life this member's partitions go to others; the client's own by default. */
  readonly sessionMs?: number;
  /** Told what happens: first places, gaps, topics, lost connections. */
  readonly onNotice?: (notice: StreamNotice) => void;
  /** Shown messages as they are taken. */
  readonly onMessages?: (messages: readonly KafkaMessage[]) => void;
  /** Told how many alerts were left out because they are of other programmes. */
  readonly onWithheld?: (count: number) => void;
}

/**
 * The names of {@link KafkaSourceOptions}.
 *
 * @internal
 */
export const KAFKA_SOURCE_OPTIONS: OptionNames<KafkaSourceOptions> = {
  client: "object!",
  topics: "list|object!",
  group: "string!",
  store: "object!",
  from: "string",
  until: "string",
  registry: "object",
  datum: "object|string",
  read: READ_OPTIONS,
  programs: "list",
  maxBytes: "number",
  maxMessages: "number",
  maxWaitMs: "number",
  refreshMs: "number",
  sessionMs: "number",
  onNotice: "function",
  onMessages: "function",
  onWithheld: "function",
};
