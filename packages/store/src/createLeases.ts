import { hostname } from "node:os";
import type { EntryKind, Lease } from "@btsbot/decide";
import { LOCKS } from "./postgresLocks.js";
import type { PostgresLink } from "./postgresLink.js";

/** The two numbers of a lock; as `lockKey`, where there is no query layer. */
const KEY = "$1::int, hashtext(current_schema())";

/** Gives leases, each on a session of its own. */
interface LeaseGiver {
  take(kind: EntryKind, signal?: AbortSignal): Promise<Lease>;
  close(): Promise<void>;
}

/**
 * Gives the right to hand over entries: a lock of the session, which ends with it, however that ends. A row says whether
 * the last who had it gave it back.
 *
 * @param open - opens a session, whose locks are waited for as long as it takes
 *
 * @internal
 */
export function createLeases(open: () => PostgresLink): LeaseGiver {
  const idle: PostgresLink[] = [];
  const all = new Set<PostgresLink>();
  return {
    async take(kind, signal) {
      signal?.throwIfAborted();
      const link = idle.pop() ?? open();
      all.add(link);
      const stop = (): void => link.cut();
      signal?.addEventListener("abort", stop, { once: true });
      try {
        const lost = new AbortController();
        await link.query(`select pg_advisory_lock(${KEY})`, [LOCKS[kind]]);
        await link.onLost(() => lost.abort(new Error("the connection to the database server was lost")));
        const inDoubt = await mark(link, kind);
        signal?.throwIfAborted();
        return { inDoubt, lost: lost.signal, release: (cut = false) => release(link, kind, cut, lost.signal) };
      } catch (error) {
        all.delete(link);
        await link.close();
        throw signal?.aborted === true ? (signal.reason as Error) : error;
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    },
    async close() {
      for (const link of all) await link.close();
      all.clear();
    },
  };

  async function release(link: PostgresLink, kind: EntryKind, cut: boolean, lost: AbortSignal): Promise<void> {
    if (!all.has(link) || idle.includes(link)) return;
    // On a session other than the lock's, somebody else may have it already.
    if (!lost.aborted && !cut) await link.query("update leases set holder = null where kind = $1", [kind]);
    if (!lost.aborted) await link.query(`select pg_advisory_unlock(${KEY})`, [LOCKS[kind]]);
    idle.push(link);
  }
}

/** Says who has it; whether the one before has not given it back. */
async function mark(link: PostgresLink, kind: EntryKind): Promise<boolean> {
  const { rows } = await link.query(
    `with before as (select holder from leases where kind = $1)
     insert into leases (kind, holder) values ($1, $2)
     on conflict (kind) do update set holder = excluded.holder
     returning (select holder from before) as holder`,
    [kind, `process ${process.pid} on ${hostname()}`],
  );
  return (rows[0] as { holder: string | null }).holder !== null;
}
