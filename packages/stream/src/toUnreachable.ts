import { BtsbotError } from "@btsbot/errors";

/**
 * What a client of Kafka throws, as an error of the registry.
 *
 * @internal
 */
export function toUnreachable(cause: unknown): BtsbotError {
  if (cause instanceof BtsbotError) return cause;
  return new BtsbotError("broker-unreachable", "the Kafka broker cannot be reached, or did not do what was asked", {
    got: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}
