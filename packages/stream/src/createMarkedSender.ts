import { setTimeout } from "node:timers/promises";
import { BtsbotError } from "@btsbot/errors";
import { createBackoff } from "./createBackoff.js";
import type { KafkaClient, KafkaSender, OutgoingMessage, Signal, StreamNotice } from "./types.js";

/**
 * An entry with its message.
 *
 * @internal
 */
export interface Outgoing {
  readonly number: number;
  readonly message: OutgoingMessage;
}

/** What a sender with a marker is made of. */
interface MarkedSenderOptions {
  readonly client: KafkaClient;
  /** The transactional id, and the group whose offset is the marker. */
  readonly name: string;
  readonly topic: string;
  readonly onNotice?: (notice: StreamNotice) => void;
}

/**
 * A sender that is opened when it is needed, and anew after a failure; each time the marker says what arrived.
 *
 * @internal
 */
export interface MarkedSender {
  /** Number of the last entry that arrived. */
  marker(): Promise<number>;
  /** Does something until the broker can be reached; false where the signal ended that. */
  insist(work: () => Promise<void>, signal?: Signal): Promise<boolean>;
  /** Sends entries in transactions; notes which of them the broker refuses. False where the signal ended that. */
  send(entries: readonly Outgoing[], refused: Map<number, string>, signal?: Signal): Promise<boolean>;
  close(): Promise<void>;
}

/** What may be over when it is tried again. */
const LATER: readonly string[] = ["broker-unreachable", "registry-unreachable"];

/** A sender with the number of the last entry that arrived. */
interface Opened {
  readonly sender: KafkaSender;
  marker: number;
}

/**
 * Makes one; nothing is connected yet.
 *
 * @internal
 */
export function createMarkedSender({ client, name, topic, onNotice }: MarkedSenderOptions): MarkedSender {
  const backoff = createBackoff(onNotice);
  let opened: Opened | undefined;

  const open = async (): Promise<Opened> => {
    if (opened !== undefined) return opened;
    const sender = await client.openSender(name);
    try {
      const offsets = await client.committed(name, topic);
      const marker = Number(offsets.find(({ partition }) => partition === 0)?.offset ?? 0n);
      backoff.reset();
      return (opened = { sender, marker });
    } catch (error) {
      await sender.close();
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    const last = opened;
    opened = undefined;
    await last?.sender.close();
  };
  const insist: MarkedSender["insist"] = async (work, signal) => {
    for (;;) {
      try {
        await work();
        return true;
      } catch (error) {
        await close();
        if (!(error instanceof BtsbotError) || !LATER.includes(error.code)) throw error;
        if (isAborted(signal)) return false;
        await setTimeout(backoff.next(error), undefined, { ...(signal && { signal }) }).catch(() => undefined);
        if (isAborted(signal)) return false;
      }
    }
  };
  /** One transaction of what has not arrived, which the marker says where nobody else knows. */
  const sendOnce = async (entries: readonly Outgoing[]): Promise<void> => {
    const last = entries[entries.length - 1].number;
    const now = await open();
    const messages = entries.flatMap(({ number, message }) => (number > now.marker ? [message] : []));
    if (messages.length === 0) return;
    await now.sender.send({ messages, marker: { group: name, topic, partition: 0, offset: BigInt(last) } });
    now.marker = last;
  };
  /** What the broker refuses is found by halves: the others go on. */
  const send: MarkedSender["send"] = async (entries, refused, signal) => {
    try {
      return await insist(() => sendOnce(entries), signal);
    } catch (error) {
      if (!(error instanceof BtsbotError) || error.code !== "message-refused") throw error;
      if (entries.length === 1) {
        refused.set(entries[0].number, error.message);
        return true;
      }
      const half = entries.length >> 1;
      return (
        (await send(entries.slice(0, half), refused, signal)) && (await send(entries.slice(half), refused, signal))
      );
    }
  };
  return { marker: async () => (await open()).marker, insist, send, close };
}

function isAborted(signal: Signal | undefined): boolean {
  return signal?.aborted === true;
}
