/** What SkyPortal writes before a token in its messages. */
const NAMED = /\b((?:token|user)\s+)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/**
 * Cuts tokens out of a text: SkyPortal's own messages name them (`operation "Token ... create ..."`).
 *
 * @param text - the text
 * @param token - the token that was sent
 * @returns the text without it, and without what is named as another one
 *
 * @example
 * ```ts
 * import { redactToken } from "@btsbot/skyportal";
 *
 * redactToken('operation "Token abc123 create Comment"', "abc123"); // => 'operation "Token *** create Comment"'
 * ```
 */
export function redactToken(text: string, token: string): string {
  const clean = token === "" ? text : text.split(token).join("***");
  return clean.replaceAll(NAMED, "$1***");
}
