import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { createConfluentClient, createKafkajsClient, createSchemaRegistry } from "@btsbot/stream";
import type { ClientOptions, KafkaClient, SchemaRegistry } from "@btsbot/stream";
import type { Terminal } from "../../terminal/createTerminal.js";
import type { StreamConfig } from "./parseStreamConfig.js";

const CONFLUENT: string = "@confluentinc/kafka-javascript";

/**
 * Makes the client of the brokers, with who logs in from the environment.
 *
 * @throws BtsbotError `config-invalid` for a variable that is not set, `file-unreadable`
 *
 * @internal
 */
export async function openClient(
  { kafka: { brokers, tls, sasl, client } }: StreamConfig,
  { env }: Terminal,
  onNotice: (notice: string) => void,
): Promise<KafkaClient> {
  const read = async (path: string | undefined): Promise<string | undefined> => path && readText(path);
  const files =
    typeof tls === "object"
      ? { ca: await read(tls.caFile), cert: await read(tls.certFile), key: await read(tls.keyFile) }
      : undefined;
  const given = files && Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
  const options: ClientOptions = {
    brokers,
    ...(tls !== undefined && { tls: given ?? tls === true }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, ...loginFrom(sasl, env) } }),
    onNotice,
  };
  if (client === "confluent") return createConfluentClient(await loadConfluent(), options);
  const { default: kafkajs } = await import("kafkajs");
  return createKafkajsClient(kafkajs, options);
}

/** Native code, which is there where it was installed beside this command. */
async function loadConfluent(): Promise<object> {
  try {
    return ((await import(CONFLUENT)) as { readonly default: object }).default;
  } catch (cause) {
    throw new BtsbotError("config-invalid", "the client on librdkafka cannot be loaded", {
      path: "kafka.client",
      got: (cause as Error).message.split("\n")[0],
      hint: `Install ${CONFLUENT} beside this command, or leave kafka.client out.`,
      cause,
    });
  }
}

/**
 * Makes the client of the schema registry, if there is one.
 *
 * @throws BtsbotError `config-invalid` for a variable that is not set
 *
 * @internal
 */
export function openRegistry({ input: { registry } }: StreamConfig, { env }: Terminal): SchemaRegistry | undefined {
  if (registry === undefined) return undefined;
  return createSchemaRegistry({ url: registry.url, ...(registry.login && { login: loginFrom(registry.login, env) }) });
}

function loginFrom(
  names: { readonly usernameFrom: string; readonly passwordFrom: string },
  env: Terminal["env"],
): { username: string; password: string } {
  const get = (name: string): string => {
    const value = env[name];
    if (value !== undefined && value !== "") return value;
    throw new BtsbotError("config-invalid", "an environment variable is not set", { path: name });
  };
  return { username: get(names.usernameFrom), password: get(names.passwordFrom) };
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new BtsbotError("file-unreadable", "cannot be read", { path, got: cause.code ?? String(cause), cause });
  });
}
