import type { IncomingMessage } from "node:http";
import { fail } from "./portal.js";
import type { Fields, PortalAnswer } from "./portal.js";

/**
 * Reads a body as SkyPortal does: what it cannot read is a 500, and an empty one an empty object.
 *
 * @param request - the request
 * @returns the body, or what is answered; `PATH` in the message stands for the path
 */
export async function readBody(
  request: IncomingMessage,
): Promise<{ readonly body: Fields | undefined; readonly wrong?: PortalAnswer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return { body: undefined };
  const wrong = (message: string) => ({ body: undefined, wrong: fail(message, 500) });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return wrong("'utf-8' codec can't decode byte 0xff in position 7: invalid start byte");
  }
  const body = parse(text);
  if (body === undefined)
    return wrong(
      "JSON decode of request body failed on PATH. Please ensure all requests are of type application/json.",
    );
  if (Array.isArray(body)) return wrong("Please ensure posted data is of type application/json");
  // Python reads NaN, and PostgreSQL does not.
  if (parse(text.replaceAll(/\bNaN\b/g, "")) === undefined && /\bNaN\b/.test(text))
    return wrong("(psycopg.errors.InvalidTextRepresentation) invalid input syntax for type json");
  return { body: body as Fields };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/:\s*NaN\b/g, ":null"));
  } catch {
    return undefined;
  }
}
