import type { PostgresClient, PostgresDriver, PostgresPlace, PostgresResult } from "./loadPostgres.js";

/** How long it takes at most until a server answers, ms. */
const CONNECT_MS = 10_000;
/** Statements that are kept prepared; those of a night are about forty. */
const MOST_STATEMENTS = 200;
/** Statements that may be prepared. */
const PREPARED = /^(select|insert|update|delete|with) /;

/**
 * What a session is to be (https://www.postgresql.org/docs/current/runtime-config-client.html): a commit is on the disk
 * when it returns; a process, or a host, that died lets go of its locks within seconds; numbers come back exactly.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  client_connection_check_interval: "1000",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
  extra_float_digits: "1",
  bytea_output: "hex",
};

/** A client that is connected. */
export interface Session {
  readonly client: PostgresClient;
  readonly isLost: () => boolean;
  readonly onLost: (listener: () => void) => void;
  readonly run: (text: string, values?: readonly unknown[]) => Promise<PostgresResult>;
}

/**
 * Connects to a server.
 *
 * @internal
 */
export async function openSession(driver: PostgresDriver, place: PostgresPlace): Promise<Session> {
  const client = driver.connect(place, CONNECT_MS);
  let lost = false;
  const listeners: (() => void)[] = [];
  const lose = (): void => {
    lost = true;
    for (const listener of listeners.splice(0)) listener();
  };
  client.on("error", lose);
  client.on("end", lose);
  const names = new Map<string, string>();
  const run = (text: string, values?: readonly unknown[]): Promise<PostgresResult> => {
    if (values === undefined || !PREPARED.test(text) || (names.size >= MOST_STATEMENTS && !names.has(text)))
      return client.query({ text, ...(values && { values: [...values] }) });
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    return client.query({ name, text, values: [...values] });
  };
  try {
    await client.connect();
    await client.query({
      text: `select set_config(name, wanted.value, false) from pg_settings join json_each_text($1::json) as wanted on wanted.key = name`,
      values: [JSON.stringify({ ...SETTINGS, lock_timeout: String(Math.max(1, Math.ceil(place.waitMs))) })],
    });
    await client.query({
      text: `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
    });
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return {
    client,
    isLost: () => lost,
    onLost: (listener) => {
      if (lost) listener();
      else listeners.push(listener);
    },
    run,
  };
}
