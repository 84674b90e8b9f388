import type { Platform } from "@btsbot/errors";
import type { JsonValue } from "@btsbot/policy";
import type { EntryKind, PendingEntry } from "./outbox.js";

/** What a sink says of an entry: taken; refused for good, and why; or to be handed over again later, and why. */
export interface SinkAnswer {
  /** What became of it. */
  readonly state: "done" | "refused" | "again";
  /** What whoever took it answered, to be kept; absent where there is nothing to keep. */
  readonly answer?: JsonValue;
  /** Why it was refused, or is to be handed over again. */
  readonly reason?: string;
}

/** Where decisions and actions go: a file, a terminal, a topic, SkyPortal. */
export interface Sink {
  /** What it takes; each kind has one sink. */
  readonly kind: EntryKind;
  /**
   * Of entries that an earlier run may have handed over before it died: the keys of those that arrived. Without it
   * each is handed over again, and who reads tells them by their key.
   *
   * @param entries - those in doubt
   * @returns the keys of those that need not be handed over again
   */
  recall?(entries: readonly PendingEntry[]): Promise<ReadonlySet<string>>;
  /**
   * Takes entries, in order.
   *
   * @param entries - at least one
   * @param signal - ends the waiting: what was not handed over is `again`
   * @returns an answer each, in order; what it throws leaves all of them in doubt and ends the run
   */
  take(entries: readonly PendingEntry[], signal?: Platform<"AbortSignal">): Promise<readonly SinkAnswer[]>;
}
