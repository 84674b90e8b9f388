import type { KafkaClient } from "@btsbot/stream";
import type { Logger } from "pino";
import type { DecideSetup } from "../../deciding/types.js";
import type { StreamConfig } from "./parseStreamConfig.js";

/**
 * What a stream is made of.
 *
 * @internal
 */
export interface StreamParts {
  readonly config: StreamConfig;
  readonly setup: DecideSetup;
  readonly client: KafkaClient;
  readonly log: Logger;
}
