import type { AvroSchema } from "@btsbot/alert";
import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames, PlatformFunction } from "@btsbot/errors";

/** Where schemas are kept under numbers. */
export interface SchemaRegistry {
  /**
   * A schema; each is asked for once.
   *
   * @param id - its number
   * @returns the schema; undefined where the registry has none under this number
   * @throws BtsbotError `registry-unreachable`
   */
  schema(id: number): Promise<AvroSchema | undefined>;
  /**
   * Keeps a schema, and gives its number: the same for the same schema.
   *
   * @param subject - whose it is: by convention the topic's name and `-value`
   * @param schema - the schema
   * @returns its number
   * @throws BtsbotError `registry-unreachable`
   */
  register(subject: string, schema: AvroSchema): Promise<number>;
}

/** How a registry is reached. */
export interface RegistryOptions {
  /** Its address. */
  readonly url: string;
  /** Who asks; nobody by default. */
  readonly login?: {
    /** The name. */
    readonly username: string;
    /** The password. */
    readonly password: string;
  };
  /** What fetches; the platform's by default. */
  readonly fetch?: PlatformFunction<"fetch">;
  /** How long an answer is waited for, ms; 10,000 by default. */
  readonly timeoutMs?: number;
}

/**
 * The names of {@link RegistryOptions}.
 *
 * @internal
 */
export const REGISTRY_OPTIONS: OptionNames<RegistryOptions> = {
  url: "string!",
  login: { username: "string!", password: "string!" },
  fetch: "function",
  timeoutMs: "number",
};

const TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;
const MEDIA = "application/vnd.schemaregistry.v1+json";

/**
 * Makes a client of a schema registry with Confluent's interface (`/schemas/ids/ID`, `/subjects/SUBJECT/versions`).
 *
 * @param options - its address, and who asks
 * @returns the client; nothing is asked yet
 *
 * @example
 * ```ts
 * import { createSchemaRegistry } from "@btsbot/stream";
 *
 * const answer = { schema: '{"type":"record","name":"alert","fields":[]}' };
 * const registry = createSchemaRegistry({ url: "http://127.0.0.1:8081", fetch: async () => Response.json(answer) });
 * await registry.schema(7); // => {"type":"record","name":"alert","fields":[]}
 * ```
 */
export function createSchemaRegistry(options: RegistryOptions): SchemaRegistry {
  checkOptions("createSchemaRegistry", options, REGISTRY_OPTIONS);
  const known = new Map<string, Promise<unknown>>();
  /** A question that was answered is not asked again; one that was not, is. */
  const once = <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    const asked = (known.get(name) as Promise<T> | undefined) ?? ask();
    known.set(name, asked);
    asked.catch(() => known.delete(name));
    return asked;
  };
  return {
    schema: (id) =>
      once(`schema ${id}`, async () => {
        const answer = (await ask(`/schemas/ids/${id}`, options)) as { readonly schema?: string } | undefined;
        return answer === undefined ? undefined : (JSON.parse(answer.schema ?? "null") as AvroSchema);
      }),
    register: (subject, schema) =>
      once(`register ${subject} ${JSON.stringify(schema)}`, async () => {
        const path = `/subjects/${encodeURIComponent(subject)}/versions`;
        const answer = (await ask(path, options, { schema: JSON.stringify(schema) })) as { readonly id?: number };
        if (typeof answer?.id !== "number") throw toError(options.url, "an answer without an id");
        return answer.id;
      }),
  };
}

async function ask(path: string, options: RegistryOptions, body?: object): Promise<unknown> {
  const { url, login, timeoutMs = TIMEOUT_MS, fetch: get = globalThis.fetch } = options;
  const basic = login && Buffer.from(`${login.username}:${login.password}`).toString("base64");
  try {
    const response = await get(url.replace(/\/+$/, "") + path, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: MEDIA, "content-type": MEDIA, ...(basic && { authorization: `Basic ${basic}` }) },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    if (response.status === NOT_FOUND && body === undefined) return undefined;
    if (!response.ok) throw toError(url, `status ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw cause instanceof BtsbotError ? cause : toError(url, (cause as Error).message, cause);
  }
}

function toError(url: string, got: string, cause?: unknown): BtsbotError {
  return new BtsbotError("registry-unreachable", "the schema registry gives no answer", { path: url, got, cause });
}
