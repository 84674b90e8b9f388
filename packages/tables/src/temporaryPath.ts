import { randomBytes } from "node:crypto";

/**
 * A path beside a file, for what is to become it: drawn, since a process number is not enough where containers share a
 * folder, as each may have the same.
 *
 * @param path - the file
 * @returns the path
 *
 * @example
 * ```ts
 * import { temporaryPath } from "@btsbot/tables";
 *
 * temporaryPath("a.csv").startsWith("a.csv."); // => true
 * ```
 */
export function temporaryPath(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.tmp`;
}
