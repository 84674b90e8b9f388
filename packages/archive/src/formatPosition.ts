import { checkArgument } from "@btsbot/errors";
import type { AlertPosition } from "./types.js";

/**
 * Writes where an alert stands, as one text: `archive/member#index`. Without an index it is the member as a whole.
 *
 * @param position - the member's name, and the alert's place in it from 0
 *
 * @example
 * ```ts
 * import { formatPosition } from "@btsbot/archive";
 *
 * formatPosition({ file: "night.tar.gz/a.avro", index: 2 }); // => "night.tar.gz/a.avro#2"
 * ```
 */
export function formatPosition(position: AlertPosition): string {
  checkArgument("formatPosition", "position", position, "object", ["file"]);
  return `${position.file}#${position.index ?? ""}`;
}
