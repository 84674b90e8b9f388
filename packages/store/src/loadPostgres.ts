import { BtsbotError } from "@btsbot/errors";

/** How a server is reached. */
export interface PostgresPlace {
  /** Its address, without a password. */
  readonly url: string;
  /** The password; by default PGPASSWORD, then the file that PGPASSFILE names. */
  readonly password?: string | undefined;
  /** How long a lock is waited for, ms. */
  readonly waitMs: number;
}

/** What a statement did. */
export interface PostgresResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: Record<string, unknown>[];
}

/** A client as the driver makes it: pg's interface, as far as it is used. */
export interface PostgresClient {
  connect(): Promise<unknown>;
  query(question: { name?: string; text: string; values?: unknown[] }): Promise<PostgresResult>;
  on(event: "error" | "end", listener: () => void): unknown;
  end(): Promise<void>;
  /** What it talks through; not of the documented interface, and used to end at once what waits. */
  readonly connection?: { readonly stream?: { destroy(): unknown } };
}

/** Makes clients. */
export interface PostgresDriver {
  /** A client that is not yet connected. */
  connect(place: PostgresPlace, connectMs: number): PostgresClient;
}

/** Which password is looked for. */
interface PassPlace {
  readonly host: string;
  readonly port: number;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

type ReadPassFile = (place: PassPlace, give: (password: string | undefined) => void) => void;

/** Integers of 2, 4 and 8 bytes (https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat). */
const INTEGERS = new Set([21, 23, 20]);

/**
 * Loads the driver: pg, which is written in JavaScript alone.
 *
 * @throws BtsbotError `store-driver-missing`
 *
 * @internal
 */
export async function loadPostgres(): Promise<PostgresDriver> {
  try {
    const [{ default: pg }, { parse }, readPassFile] = await Promise.all([
      import("pg"),
      import("pg-connection-string"),
      loadPassFile(),
    ]);
    const types = {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        INTEGERS.has(oid) && format !== "binary" ? BigInt : (pg.types.getTypeParser(oid, format) as unknown),
    };
    return {
      connect({ url, password }, connectMs) {
        const { password: _, ...address } = parse(url);
        const given = password ?? process.env.PGPASSWORD;
        const client: InstanceType<typeof pg.Client> = new pg.Client({
          ...(address as object),
          fallback_application_name: "btsbot",
          keepAlive: true,
          connectionTimeoutMillis: connectMs,
          types: types,
          // Asked only where the server asks.
          password: async () =>
            given ?? (await new Promise<string | undefined>((give) => readPassFile(client, give))) ?? "",
        });
        return client;
      },
    };
  } catch (cause) {
    throw new BtsbotError("store-driver-missing", "the database driver cannot be loaded", {
      expected: "pg",
      got: (cause as Error).message.split("\n")[0],
      hint: "Install again.",
      cause,
    });
  }
}

async function loadPassFile(): Promise<ReadPassFile> {
  // @ts-expect-error: it has no types of its own
  const module = (await import("pgpass")) as { readonly default: ReadPassFile };
  return module.default;
}
