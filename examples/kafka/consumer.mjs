// What a consumer of another broker pastes: messages in, scores out, batched. It knows no Kafka library and needs none:
// a message is its bytes, an Avro container as the survey sends them or a Confluent-framed record.
//
//   const { handle, close } = await createHandler({ models: ["btsbot-v1.0.1"], store: openCache(), schemas, publish });
//
// kafkajs and @confluentinc/kafka-javascript, whose offsets move on only once the whole batch is published:
//   await consumer.run({ eachBatch: ({ batch }) => Promise.all(batch.messages.map(({ value }) => handle(value))) });
//
// Anything that is an async iterable of messages:
//   await consume(stream, handle);
import { gunzipSync } from "node:zlib";
import { readAlerts } from "@btsbot/alert";
import { createScorer, toJsonResult } from "@btsbot/core";

/**
 * @typedef {object} HandlerOptions
 * @property {(message: Uint8Array | null, results: object[]) => unknown} publish - gets each message with one result for
 *   each alert in it, in order: `{ objectId, candid, jd, scores }`, or `{ error: { code, message } }` for what cannot be
 *   read, so that one bad message does not stop the others. What it returns is awaited
 * @property {import("@btsbot/alert").SchemaSource} [schemas] - schemas of framed messages: one, or by id
 * @property {number} [batchSize] - messages that are scored together at the most
 * @property {number} [lingerMs] - how long the first message waits for others, milliseconds
 */

/**
 * Makes the function that is called with each message.
 *
 * @param {import("@btsbot/core").ScorerOptions & HandlerOptions} options - `models`, `store`, `engine` and others of
 *   `createScorer`, and those of the handler
 * @returns `handle(message)`, whose promise is fulfilled once its results are published: wait for it before you commit
 *   the offset; and `close()`, which publishes what waits and frees the models
 */
export async function createHandler({ publish, schemas, batchSize = 32, lingerMs = 50, ...options }) {
  const gunzip = (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes });
  const scorer = await createScorer({ gunzip, batchSize, ...options });
  const waiting = [];
  let timer;
  let running;

  function handle(message) {
    return new Promise((resolve, reject) => {
      waiting.push({ message, resolve, reject });
      if (waiting.length >= batchSize) run();
      else timer ??= setTimeout(run, lingerMs);
    });
  }

  /** Scores what waits, batch after batch; one run at a time, so that messages are published in order. */
  function run() {
    clearTimeout(timer);
    timer = undefined;
    running ??= (async () => {
      while (waiting.length > 0) await runBatch(waiting.splice(0, batchSize));
    })().finally(() => (running = undefined));
    return running;
  }

  async function runBatch(batch) {
    try {
      const results = await scoreMessages(batch.map(({ message }) => message));
      for (const [place, { message, resolve }] of batch.entries()) resolve(await publish(message, results[place]));
    } catch (error) {
      // Nothing is known to be published: whoever waits must not commit. Those fulfilled already stay so.
      for (const { reject } of batch) reject(error);
    }
  }

  async function scoreMessages(messages) {
    const alerts = [];
    const results = messages.map((message) =>
      // A message without a value (a tombstone) is read as no bytes, which is an error of that message.
      [...readAlerts(message ?? new Uint8Array(0), { schemas })].map((read) => {
        if (!read.success) return { error: { code: read.error.code, message: read.error.message } };
        alerts.push(read.data);
        return undefined;
      }),
    );
    const scored = [];
    for await (const { data } of scorer.scoreAlerts(alerts)) scored.push(toJsonResult(data));
    return results.map((ofMessage) => ofMessage.map((result) => result ?? scored.shift()));
  }

  return {
    handle,
    close: async () => {
      await run();
      scorer.dispose();
    },
  };
}

/**
 * Handles a stream of messages, and reads no further while `limit` of them wait: a slow publisher slows the reading,
 * and memory stays flat.
 *
 * @param {Iterable<Uint8Array | null> | AsyncIterable<Uint8Array | null>} messages
 * @param {(message: Uint8Array | null) => Promise<unknown>} handle
 * @param {number} [limit] - twice the batch size or more, so that one batch gathers while another is scored
 */
export async function consume(messages, handle, limit = 64) {
  const pending = new Set();
  for await (const message of messages) {
    // A failure stays among the pending, so that it is met below and ends the reading.
    const done = handle(message).then(() => pending.delete(done));
    done.catch(() => undefined);
    pending.add(done);
    if (pending.size >= limit) await Promise.race(pending);
  }
  await Promise.all(pending);
}
