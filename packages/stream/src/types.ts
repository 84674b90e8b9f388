import type { BtsbotError, Platform } from "@btsbot/errors";

/** A part of a topic. */
export interface TopicPartition {
  /** The topic's name. */
  readonly topic: string;
  /** The partition, from 0. */
  readonly partition: number;
}

/** A place in a partition. */
export interface PartitionOffset extends TopicPartition {
  /** The offset of the next message. */
  readonly offset: bigint;
}

/** Which offsets a partition has. */
export interface PartitionRange extends TopicPartition {
  /** Offset of the first message that is still there. */
  readonly low: bigint;
  /** Offset that the next message will have. */
  readonly high: bigint;
}

/** A message that was read. */
export interface KafkaMessage extends PartitionOffset {
  /** Its key; null where it has none. */
  readonly key: Uint8Array | null;
  /** What it says; null for nothing. */
  readonly value: Uint8Array | null;
  /** When it was produced, ms since 1970. */
  readonly timestampMs?: number;
}

/** A message that is to be sent. */
export interface OutgoingMessage {
  /** Where to. */
  readonly topic: string;
  /** What says which partition: messages of a key stay in order. */
  readonly key: string;
  /** What it says. */
  readonly value: Uint8Array;
  /** What stands beside it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a group reads. */
export interface ReadingOptions {
  /** The consumer group: its members share the partitions. */
  readonly group: string;
  /** Topics by name; those that the broker has. */
  readonly topics: readonly string[];
  /**
   * Asked where to begin, each time that partitions are given to this member. Nothing is read of them before.
   *
   * @param partitions - those that are given
   * @returns a place for each, in order
   */
  readonly place: (partitions: readonly TopicPartition[]) => Promise<readonly bigint[]>;
  /** The most bytes that the broker is asked for at once; 8 MiB by default. A larger message comes alone. */
  readonly maxBytes?: number;
  /** After how many ms without a sign of life the broker gives this member's partitions to others; 10,000 by default. */
  readonly sessionMs?: number;
}

/** How much is taken at once. */
export interface TakeOptions {
  /** The most bytes of messages; one that is larger comes alone. */
  readonly maxBytes: number;
  /** The most messages. */
  readonly maxMessages: number;
  /** How long to wait for the first, ms. */
  readonly waitMs: number;
}

/** A member of a group that reads. */
export interface KafkaReader {
  /**
   * Takes the next messages: those that are there, at least one, as soon as there is one. Only what lies at or after its
   * partition's place, in order, and nothing of a partition that was taken away.
   *
   * @param options - how much, and how long to wait
   * @returns messages; none where the time is over
   * @throws BtsbotError `broker-unreachable` once it cannot go on: it is to be closed, and another opened
   */
  take(options: TakeOptions): Promise<readonly KafkaMessage[]>;
  /**
   * Tells the group how far was read, for whoever watches its lag. Places are the caller's, so a failure harms nothing and
   * is not told.
   *
   * @param offsets - the next message of each partition
   */
  tell(offsets: readonly PartitionOffset[]): Promise<void>;
  /** Leaves the group. */
  close(): Promise<void>;
}

/** What a transaction holds. */
export interface KafkaTransaction {
  /** The messages: readers of committed messages see all of them, or none. */
  readonly messages: readonly OutgoingMessage[];
  /** An offset of a group that is committed with them: the number of the last one. */
  readonly marker: PartitionOffset & {
    /** The group. */
    readonly group: string;
  };
}

/** Sends in transactions. */
export interface KafkaSender {
  /**
   * Sends messages and marker in one transaction.
   *
   * @param transaction - what it holds
   * @throws BtsbotError `broker-unreachable` where it is not known whether it was committed: the sender is to be closed,
   * another opened and the marker read; `message-refused` where the broker will never take a message
   */
  send(transaction: KafkaTransaction): Promise<void>;
  /** Lets go. */
  close(): Promise<void>;
}

/** What a broker is asked: a few things that every client of Kafka can do. */
export interface KafkaClient {
  /** The topics that there are, each with its number of partitions. */
  topics(): Promise<ReadonlyMap<string, number>>;
  /**
   * Makes topics that are not there yet.
   *
   * @param topics - their names, each with its number of partitions
   */
  createTopics(topics: ReadonlyMap<string, number>): Promise<void>;
  /**
   * Which offsets partitions have.
   *
   * @param topic - the topic
   * @returns of each of its partitions
   */
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  /**
   * What a group has committed of a topic.
   *
   * @param group - the group
   * @param topic - the topic
   * @returns of each partition with an offset
   */
  committed(group: string, topic: string): Promise<readonly PartitionOffset[]>;
  /**
   * Joins a group.
   *
   * @param options - which, what of, and where to begin
   * @returns what reads
   */
  openReader(options: ReadingOptions): Promise<KafkaReader>;
  /**
   * Opens what sends in transactions. Another with the same id can send no more, and what it had not committed is
   * given up.
   *
   * @param transactionalId - the id
   * @returns what sends
   */
  openSender(transactionalId: string): Promise<KafkaSender>;
  /** Lets go of what all share. */
  close(): Promise<void>;
}

/** How a client reaches its brokers. */
export interface ClientOptions {
  /** Brokers to begin with, `host:port`. */
  readonly brokers: readonly string[];
  /** What this client is called in the brokers' logs; `btsbot` by default. */
  readonly clientId?: string;
  /** Whether the connection is encrypted, or how (`tls.connect` of Node); it is not by default. */
  readonly tls?: boolean | TlsSettings;
  /** Who logs in; nobody by default. */
  readonly sasl?: SaslLogin;
  /** How messages that are sent are compressed; `gzip` by default. */
  readonly compression?: "none" | "gzip";
  /** Told what the client says of its brokers: lost connections, elections. */
  readonly onNotice?: (notice: string) => void;
}

/** How a connection is encrypted. */
export interface TlsSettings {
  /** Certificates that are trusted, PEM; the system's by default. */
  readonly ca?: string;
  /** This client's certificate, PEM. */
  readonly cert?: string;
  /** This client's key, PEM. */
  readonly key?: string;
}

/** Who logs in. */
export interface SaslLogin {
  /** How. */
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  /** The name. */
  readonly username: string;
  /** The password. */
  readonly password: string;
}

/** What a stream reports of its work: said, not thrown. */
export type StreamNotice =
  | {
      /** A partition is read from its beginning or end, since the store knows no place in it. */
      readonly kind: "first";
      /** Where it begins. */
      readonly at: PartitionOffset;
    }
  | {
      /** Messages are gone before they were read. */
      readonly kind: "gap";
      /** The first that is gone. */
      readonly at: PartitionOffset;
      /** Where it goes on. */
      readonly to: bigint;
    }
  | {
      /** A partition ends before the place that the store knows: the topic was made anew. It is read from its beginning. */
      readonly kind: "renewed";
      /** The place that the store knows. */
      readonly at: PartitionOffset;
      /** Where it goes on. */
      readonly to: bigint;
    }
  | {
      /** The topics that are read are others than before. */
      readonly kind: "topics";
      /** Those that are read now. */
      readonly topics: readonly string[];
    }
  | {
      /** The broker or the registry cannot be reached; it is tried again. */
      readonly kind: "unreachable";
      /** What is wrong. */
      readonly error: BtsbotError;
      /** When it is tried again, ms from now. */
      readonly againMs: number;
    }
  | {
      /** It can be reached again. */
      readonly kind: "reached";
    };

/** What ends a wait. */
export type Signal = Platform<"AbortSignal">;
