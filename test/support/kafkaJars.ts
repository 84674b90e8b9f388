import { existsSync, readdirSync } from "node:fs";

/** The folder of a Kafka broker's jars, which `.ci/run` fetches; undefined where it is absent. */
export const kafkaJars: string | undefined = findJars();

function findJars(): string | undefined {
  const folder = process.env.BTSBOT_KAFKA_JARS;
  return folder !== undefined && existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("kafka_"))
    ? folder
    : undefined;
}
