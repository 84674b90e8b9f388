import { checkArgument } from "@btsbot/errors";

/**
 * Writes where an alert stands, as one text: `archive/member#index`. Without an index it is the member as a whole.
 *
 * @param file - the member's name
 * @param index - the alert's place in it, from 0
 *
 * @example
 * ```ts
 * import { formatPosition } from "@btsbot/archive";
 *
 * formatPosition("night.tar.gz/a.avro", 2); // => "night.tar.gz/a.avro#2"
 * ```
 */
export function formatPosition(file: string, index?: number): string {
  checkArgument("formatPosition", "file", file, "string");
  if (index !== undefined) checkArgument("formatPosition", "index", index, "number");
  return `${file}#${index ?? ""}`;
}
