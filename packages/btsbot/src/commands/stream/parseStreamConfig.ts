import { parseData } from "@btsbot/errors";
import * as z from "zod";
import { readYamlConfig } from "../../inputs/readYamlConfig.js";
import { portalSchema } from "../../portal/portalSchema.js";

/** The name of a variable of the environment: secrets stand there, and nowhere else. */
const variable = z.string().regex(/^[A-Za-z_]\w*$/);
const login = z.strictObject({ usernameFrom: variable, passwordFrom: variable });
const count = z.int().positive();
const output = z.strictObject({ topic: z.string().min(1) });

const schema = z.strictObject({
  kafka: z.strictObject({
    brokers: z.array(z.string().min(1)).min(1),
    tls: z
      .union([
        z.boolean(),
        z.strictObject({
          caFile: z.string().optional(),
          certFile: z.string().optional(),
          keyFile: z.string().optional(),
        }),
      ])
      .optional(),
    sasl: login.extend({ mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]) }).optional(),
    sessionMs: count.optional(),
    client: z.enum(["kafkajs", "confluent"]).default("kafkajs"),
  }),
  input: z
    .strictObject({
      topics: z.array(z.string().min(1)).min(1).optional(),
      pattern: z.string().min(1).optional(),
      group: z.string().min(1).default("btsbot"),
      from: z.enum(["earliest", "latest"]).default("earliest"),
      until: z.literal("end").optional(),
      programs: z.array(z.int()).default([1]),
      registry: z.strictObject({ url: z.url(), login: login.optional() }).optional(),
      schemaFile: z.string().min(1).optional(),
      datum: z.enum(["schemaFile", "key"]).optional(),
      maxBytes: count.optional(),
      maxMessages: count.optional(),
      maxWaitMs: z.int().nonnegative().optional(),
      refreshMs: count.optional(),
    })
    .refine(({ topics, pattern }) => (topics === undefined) !== (pattern === undefined), "give `topics` or `pattern`")
    .refine(
      ({ datum, schemaFile }) => datum !== "schemaFile" || schemaFile !== undefined,
      "`datum` needs `schemaFile`",
    ),
  decide: z
    .strictObject({
      model: z.string().optional(),
      profiles: z.array(z.string()).optional(),
      filter: z.string().optional(),
      policies: z.array(z.string()).default([]),
      rules: z.string().optional(),
      history: z.boolean().default(false),
    })
    .default({ policies: [], history: false }),
  store: z.string().min(1),
  outbox: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  output: z
    .strictObject({
      alerts: output.extend({ format: z.enum(["avro", "json"]).default("avro") }).optional(),
      decisions: output.optional(),
      failures: output.optional(),
      partitions: count.default(1),
    })
    .default({ partitions: 1 }),
  skyportal: portalSchema.optional(),
  http: z.strictObject({ host: z.string().default("127.0.0.1"), port: z.int().min(0).max(65535) }).optional(),
  graceMs: count.default(20_000),
  log: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

/**
 * By what a stream is run.
 *
 * @internal
 */
export type StreamConfig = z.infer<typeof schema>;

/**
 * Reads a configuration: JSON or YAML, of which JSON is a part.
 *
 * @throws BtsbotError `file-unreadable`; `config-invalid` with every place that is wrong
 *
 * @internal
 */
export async function parseStreamConfig(path: string): Promise<StreamConfig> {
  return parseData(schema, await readYamlConfig(path), "config-invalid", "the configuration");
}
