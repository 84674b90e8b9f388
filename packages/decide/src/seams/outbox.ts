import type { JsonValue } from "@btsbot/policy";

/**
 * What one entry of the outbox is: a decision, for whoever reads it; one action of a plan, for whoever carries it out; an
 * alert with its scores; or an input that could not be read or judged.
 */
export type EntryKind = "decision" | "action" | "alert" | "failure";

/** What an entry of the outbox asks for. */
export interface OutboxEntry {
  /** What it is. */
  readonly kind: EntryKind;
  /** The same for the same decision or action, however often it is reached: a key is in the outbox once a kind. */
  readonly key: string;
  /** The source's name. */
  readonly objectId: string;
  /** The decision with its plan, the action, or what is announced, as JSON. */
  readonly body: JsonValue;
}

/** An entry that is to be handed over. */
export interface PendingEntry extends OutboxEntry {
  /** Its place in the outbox: entries are handed over in this order. */
  readonly number: number;
  /** How often it was handed over before, in vain. */
  readonly attempts: number;
}
