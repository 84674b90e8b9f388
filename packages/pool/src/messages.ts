import type { Alert } from "@btsbot/alert";
import type { AlertInput, AlertOutcome, FailedOutcome, ReadOutcome } from "@btsbot/core";
import { BtsbotError, OptionsError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { Seat } from "@btsbot/model";
import type { SentOptions } from "./toSendable.js";
import type { DescribedOutcome } from "./types.js";

/**
 * What the pool sends: first the models, then inputs to score, or to compare.
 *
 * @internal
 */
export type Request =
  | { readonly kind: "start"; readonly options: SentOptions & { readonly seat?: Seat } }
  | { readonly kind: "score"; readonly job: number; readonly inputs: readonly AlertInput[] };

/**
 * What a worker answers.
 *
 * @internal
 */
export type Response<T = unknown> =
  | { readonly kind: "ready"; readonly shared: ReadonlyMap<string, unknown> }
  | { readonly kind: "scored"; readonly job: number; readonly outcomes: readonly SentOutcome<T>[] }
  | { readonly kind: "failed"; readonly job?: number; readonly error: SentError };

/**
 * An error on its way: a clone loses its class.
 *
 * @internal
 */
export interface SentError {
  readonly problems?: readonly Problem[];
  readonly message: string;
  /** Whether it is an OptionsError. */
  readonly isOptions?: boolean;
}

/**
 * An outcome without its alert: the pool has the bytes, and a clone of all that they hold takes longer than to
 * read them again.
 *
 * @internal
 */
export type WorkerOutcome<T> = (Omit<ReadOutcome<T>, "alert"> & DescribedOutcome) | FailedOutcome;

/**
 * An outcome on its way.
 *
 * @internal
 */
export type SentOutcome<T> =
  (Omit<ReadOutcome<T>, "alert"> & DescribedOutcome) | (Omit<FailedOutcome, "error"> & { readonly error: SentError });

/**
 * Makes an error that can be cloned.
 *
 * @internal
 */
export function packError(error: unknown): SentError {
  if (error instanceof BtsbotError) return { problems: error.problems, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof OptionsError ? { message, isOptions: true } : { message };
}

/**
 * Makes the error again.
 *
 * @internal
 */
export function unpackError({ problems, message, isOptions }: SentError): Error {
  if (isOptions) return new OptionsError(message);
  return problems === undefined ? new Error(message) : new BtsbotError(problems);
}

/**
 * Makes an outcome that can be cloned.
 *
 * @param describe - what else is to be sent of the alert
 *
 * @internal
 */
export function packOutcome<T>(outcome: AlertOutcome<T>, describe?: (alert: Alert) => unknown): SentOutcome<T> {
  if (!outcome.success) return { ...outcome, error: packError(outcome.error) };
  const { alert, ...rest } = outcome;
  return describe === undefined ? rest : { ...rest, described: describe(alert) };
}

/**
 * Makes the outcome again.
 *
 * @internal
 */
export function unpackOutcome<T>(outcome: SentOutcome<T>): WorkerOutcome<T> {
  return outcome.success ? outcome : { ...outcome, error: new BtsbotError(outcome.error.problems!) };
}
