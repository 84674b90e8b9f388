import { describe, it } from "vitest";
import { kafkaJars } from "./kafkaJars.js";

export { SCRAM_USER, startKafka } from "./startKafka.js";
export type { KafkaBroker } from "./startKafka.js";

/**
 * A `describe` whose tests need a broker: skipped by name, and counted as skipped, where its jars are absent.
 *
 * @param name - the name of the suite
 * @param tests - declares the tests
 */
export function describeWithKafka(name: string, tests: () => void): void {
  const title = `${name} (needs a Kafka broker: BTSBOT_KAFKA_JARS)`;
  if (kafkaJars === undefined) describe(title, () => it.skip("all of it"));
  else describe(title, tests);
}
