import type { AvroSchema } from "@btsbot/alert";
import type { Source } from "@btsbot/decide";
import { createKafkaSource } from "@btsbot/stream";
import type { KafkaSourceOptions } from "@btsbot/stream";
import { readConfigFile } from "../../inputs/readConfigFile.js";
import type { StreamConfig } from "./parseStreamConfig.js";
import { topicsOf } from "./streamTopics.js";

/**
 * Opens the topics that are read.
 *
 * @param parts - what a configuration does not have
 * @throws BtsbotError `file-unreadable`, `json-invalid` for the schema
 *
 * @internal
 */
export async function openSource(
  config: StreamConfig,
  parts: Omit<KafkaSourceOptions, "topics" | "group">,
): Promise<Source> {
  const { topics: _, pattern: __, registry: ___, schemaFile, datum, ...input } = config.input;
  const { sessionMs } = config.kafka;
  const schema = schemaFile === undefined ? undefined : ((await readConfigFile(schemaFile)) as AvroSchema);
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return createKafkaSource({
    ...parts,
    ...(given as Pick<KafkaSourceOptions, "group">),
    topics: topicsOf(config),
    ...(datum === "key" && { datum }),
    ...(datum === "schemaFile" && schema !== undefined && { datum: schema }),
    ...(datum === undefined && schema !== undefined && { read: { schemas: schema } }),
    ...(sessionMs !== undefined && { sessionMs }),
  });
}
