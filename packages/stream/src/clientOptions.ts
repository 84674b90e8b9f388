import type { OptionNames } from "@btsbot/errors";
import type { ClientOptions } from "./types.js";

/**
 * The names of {@link ClientOptions}.
 *
 * @internal
 */
export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  brokers: "list!",
  clientId: "string",
  tls: "boolean|object",
  sasl: { mechanism: "string!", username: "string!", password: "string!" },
  compression: "string",
  onNotice: "function",
};
