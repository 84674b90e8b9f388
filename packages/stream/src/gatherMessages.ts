import type { KafkaMessage, KafkaReader, Signal } from "./types.js";

/** How messages are gathered. */
interface MessageBounds {
  readonly maxBytes: number;
  readonly maxMessages: number;
  /** The longest that the first message waits for others. */
  readonly maxWaitMs: number;
  /** How long to wait for the first. */
  readonly idleMs: number;
  readonly signal: Signal | undefined;
}

/**
 * Takes messages that are to be judged together: as soon as there is one, and those that come soon after it. The
 * signal ends the wait.
 *
 * @returns none where there were none, or the signal was aborted first
 *
 * @internal
 */
export async function gatherMessages(reader: KafkaReader, options: MessageBounds): Promise<readonly KafkaMessage[]> {
  const { maxBytes, maxMessages, maxWaitMs, idleMs, signal } = options;
  let stop = (): void => undefined;
  const aborted = new Promise<"aborted">((resolve) => {
    stop = () => resolve("aborted");
    signal?.addEventListener("abort", stop, { once: true });
  });
  const take = async (waitMs: number, bytes: number, messages: number): Promise<readonly KafkaMessage[]> => {
    if (signal?.aborted === true) return [];
    const taken = reader.take({ maxBytes: bytes, maxMessages: messages, waitMs });
    // What comes too late is not committed, and is read again.
    const first = await Promise.race([taken, aborted]);
    if (first !== "aborted") return first;
    taken.catch(() => undefined);
    return [];
  };
  try {
    const gathered = [...(await take(idleMs, maxBytes, maxMessages))];
    let bytes = sizeOf(gathered);
    const until = performance.now() + maxWaitMs;
    for (let left = maxWaitMs; gathered.length > 0 && left > 0; left = until - performance.now()) {
      if (bytes >= maxBytes || gathered.length >= maxMessages || signal?.aborted === true) break;
      const more = await take(left, maxBytes - bytes, maxMessages - gathered.length);
      bytes += sizeOf(more);
      gathered.push(...more);
    }
    return gathered;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function sizeOf(messages: readonly KafkaMessage[]): number {
  return messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
