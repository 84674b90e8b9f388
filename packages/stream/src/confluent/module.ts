/** What is used of @confluentinc/kafka-javascript, its older interface, which leaves places to the caller. */
export interface ConfluentModule {
  readonly KafkaConsumer: new (config: object, topicConfig: object) => RdConsumer;
  readonly Producer: new (config: object, topicConfig?: object) => RdProducer;
  readonly AdminClient: { create(config: object): RdAdmin };
}

export type Callback<T = unknown> = (error: Error | null | undefined, result: T) => void;

export interface RdMetadata {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly unknown[] }[];
}

export interface RdPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset?: number;
}

export interface RdMessage extends RdPlace {
  readonly offset: number;
  readonly key?: Uint8Array | string | null;
  readonly value: Uint8Array | null;
  readonly timestamp?: number;
}

export interface RdConsumer {
  on(event: string, listener: (error: Error & { readonly isFatal?: boolean }) => void): void;
  connect(options: object, done: Callback): void;
  disconnect(done: Callback): void;
  subscribe(topics: string[]): void;
  assign(places: RdPlace[]): void;
  unassign(): void;
  setDefaultConsumeTimeout(ms: number): void;
  consume(count: number, done: Callback<RdMessage[]>): void;
  commit(places: RdPlace[]): void;
  committed(places: RdPlace[], timeout: number, done: Callback<RdPlace[]>): void;
  getMetadata(options: object, done: Callback<RdMetadata>): void;
  queryWatermarkOffsets(
    topic: string,
    partition: number,
    timeout: number,
    done: Callback<{ readonly lowOffset: number; readonly highOffset: number }>,
  ): void;
}

export interface RdProducer {
  on(event: string, listener: (error: Error & { readonly code?: number }) => void): void;
  connect(options: object, done: Callback): void;
  disconnect(done: Callback): void;
  setPollInterval(ms: number): void;
  produce(
    topic: string,
    partition: null,
    value: Uint8Array,
    key: string,
    timestamp: null,
    opaque: null,
    headers: object[],
  ): void;
  flush(timeout: number, done: Callback): void;
  initTransactions(timeout: number, done: Callback): void;
  beginTransaction(done: Callback): void;
  commitTransaction(timeout: number, done: Callback): void;
  abortTransaction(timeout: number, done: Callback): void;
  sendOffsetsToTransaction(offsets: RdPlace[], consumer: RdConsumer, timeout: number, done: Callback): void;
}

export interface RdAdmin {
  createTopic(topic: object, timeout: number, done: Callback): void;
  disconnect(): void;
}

/**
 * A call with a callback, as a promise.
 *
 * @internal
 */
export function called<T>(call: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error == null ? resolve(result) : reject(error)));
  });
}
