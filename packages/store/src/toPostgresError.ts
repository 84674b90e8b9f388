import { BtsbotError } from "@btsbot/errors";
import type { ErrorCode } from "@btsbot/errors";

/** What is said of a failure, and what to do. */
interface Words {
  readonly code: ErrorCode;
  readonly summary: string;
  readonly hint?: string;
}

const LOST: Words = {
  code: "store-unreachable",
  summary: "the database server cannot be reached, or the connection was lost",
  hint: "What was not committed is lost. Check that the server runs and listens there, then run again.",
};
const REFUSED: Words = {
  code: "store-refused",
  summary: "the database server refuses",
  hint: "A password is read from PGPASSWORD, or from the file that PGPASSFILE names (~/.pgpass by default).",
};
const VALUE: Words = { code: "store-value", summary: "a value cannot be kept in the database" };

/** By the first characters of PostgreSQL's codes (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const STATES: readonly (readonly [state: string, words: Words])[] = [
  ["40", { code: "store-conflict", summary: "others that share the store wrote at the same time" }],
  [
    "55P03",
    {
      code: "store-busy",
      summary: "another run holds what is to be written",
      hint: "It waited for the stated time. Try again when the other has ended.",
    },
  ],
  ["53100", { code: "disk-full", summary: "the database server has no room left" }],
  ["53", REFUSED],
  ["28", REFUSED],
  ["3D", REFUSED],
  ["42501", REFUSED],
  ["25006", REFUSED],
  ["54", VALUE],
  ["22", VALUE],
  ["08", LOST],
  ["57P", LOST],
  ["25P03", LOST],
  ["XX001", { code: "store-damaged", summary: "the database was damaged", hint: "Restore a copy." }],
  ["XX002", { code: "store-damaged", summary: "the database was damaged", hint: "Restore a copy." }],
];

/** What Node and the driver say of a connection that is not there; the codes of the system are letters alone. */
const NO_CONNECTION = /^(E[A-Z_]+|ERR_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/;
const NO_CONNECTION_TEXT =
  /connection terminated|not queryable|connection error|timeout expired|timeout exceeded|socket|does not support SSL/i;

/**
 * What a server, or the way to it, says, as an error of the registry.
 *
 * @param cause - what was thrown
 * @param path - the address, which holds no password
 * @returns the error; what it does not know comes back as it is
 *
 * @internal
 */
export function toPostgresError(cause: unknown, path: string): Error {
  if (cause instanceof BtsbotError || !(cause instanceof Error)) return cause as Error;
  const words = wordsOf(cause);
  if (words === undefined) return cause;
  const { code, summary, hint } = words;
  return new BtsbotError(code, summary, { path, got: messageOf(cause), ...(hint !== undefined && { hint }), cause });
}

function wordsOf(cause: Error & { code?: unknown }): Words | undefined {
  const state = typeof cause.code === "string" ? cause.code : "";
  if (/password|SASL|authentication/i.test(cause.message) && !/^\d/.test(state)) return REFUSED;
  if (NO_CONNECTION.test(state) || (state === "" && NO_CONNECTION_TEXT.test(cause.message))) return LOST;
  return STATES.find(([start]) => state.startsWith(start))?.[1];
}

/** An attempt at several addresses of one host says nothing by itself. */
function messageOf(cause: Error): string {
  const of = cause instanceof AggregateError && cause.message === "" ? (cause.errors[0] as Error) : cause;
  return of.message.split("\n")[0];
}
