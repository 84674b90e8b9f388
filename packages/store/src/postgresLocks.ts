import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { EntryKind } from "@btsbot/decide";

/** "btsb", as a number of 32 bits, so that no other program's locks are ours. */
const OURS = 0x62747362;

/**
 * What is locked beside rows, by PostgreSQL's advisory locks
 * (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS): numbers that only this program uses.
 */
export const LOCKS = {
  tables: OURS,
  numbers: OURS + 1,
  decision: OURS + 2,
  action: OURS + 3,
  alert: OURS + 4,
  failure: OURS + 5,
} as const satisfies Record<EntryKind | "tables" | "numbers", number>;

/**
 * The two numbers of a lock: each schema has its own.
 *
 * @internal
 */
export function lockKey(lock: number): RawBuilder<unknown> {
  return sql`${sql.lit(lock)}, hashtext(current_schema())`;
}
