import { createRequire } from "node:module";
import { createConfluentClient } from "@btsbot/stream";
import { describe, it } from "vitest";
import { describeKafkaClient } from "../../../test/support/kafkaClientConformance.js";

/** Where it is compiled; by default among the installed packages. It is native code, and not built everywhere. */
const NAME = process.env.BTSBOT_CONFLUENT_KAFKA ?? "@confluentinc/kafka-javascript";

function load(): object | undefined {
  try {
    return createRequire(import.meta.url)(NAME) as object;
  } catch {
    return undefined;
  }
}

const confluent = load();
const NAMED = "of @confluentinc/kafka-javascript";
if (confluent === undefined)
  describe(`the Kafka client ${NAMED} (needs it to be built: BTSBOT_CONFLUENT_KAFKA)`, () => it.skip("all of it"));
else describeKafkaClient(NAMED, (options) => createConfluentClient(confluent, options));
