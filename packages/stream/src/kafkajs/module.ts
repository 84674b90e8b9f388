/** A codec as kafkajs wants it. */
export interface KafkajsCodec {
  /** Packs. */
  compress(encoder: { readonly buffer: Uint8Array }): Promise<Uint8Array>;
  /** Unpacks. */
  decompress(buffer: Uint8Array): Promise<Uint8Array>;
}

/** What is used of kafkajs 2, as far as it is used. */
export interface KafkajsModule {
  readonly Kafka: new (config: Record<string, unknown>) => Kafkajs;
  readonly CompressionCodecs: Record<number, (() => KafkajsCodec) | undefined>;
  readonly CompressionTypes: { readonly None: number; readonly GZIP: number };
  readonly Partitioners: { readonly DefaultPartitioner: unknown };
  readonly logLevel: { readonly WARN: number };
}

export interface Kafkajs {
  admin(config?: object): KafkajsAdmin;
  consumer(config: object): KafkajsConsumer;
  producer(config: object): KafkajsProducer;
}

export interface KafkajsAdmin {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  fetchTopicMetadata(): Promise<{
    topics: readonly { readonly name: string; readonly partitions: readonly unknown[] }[];
  }>;
  createTopics(request: object): Promise<boolean>;
  fetchTopicOffsets(
    topic: string,
  ): Promise<readonly { readonly partition: number; readonly low: string; readonly high: string }[]>;
  fetchOffsets(request: object): Promise<
    readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[]
  >;
}

export interface KafkajsMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly offset: string;
  readonly timestamp: string;
}

export interface KafkajsBatch {
  readonly batch: { readonly topic: string; readonly partition: number; readonly messages: readonly KafkajsMessage[] };
  resolveOffset(offset: string): void;
  heartbeat(): Promise<void>;
}

export interface KafkajsConsumer {
  readonly events: { readonly CRASH: string; readonly GROUP_JOIN: string };
  on(event: string, listener: (event: { readonly payload: KafkajsEvent }) => void): unknown;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  subscribe(request: object): Promise<void>;
  run(config: object): Promise<void>;
  pause(partitions: readonly object[]): void;
  resume(partitions: readonly object[]): void;
  seek(place: object): void;
  commitOffsets(offsets: readonly object[]): Promise<void>;
}

export interface KafkajsEvent {
  readonly error?: Error;
  readonly memberAssignment?: Readonly<Record<string, readonly number[]>>;
}

export interface KafkajsProducer {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  transaction(): Promise<{
    sendBatch(batch: object): Promise<unknown>;
    sendOffsets(offsets: object): Promise<void>;
    commit(): Promise<void>;
    abort(): Promise<void>;
  }>;
}
