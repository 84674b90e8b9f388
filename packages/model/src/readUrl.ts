import { BtsbotError } from "@btsbot/errors";
import type { Platform, PlatformFunction } from "@btsbot/errors";
import type { ReadFile } from "./readLayersModel.js";

/**
 * Reads a model's files over HTTP, for `readLayersModel`.
 *
 * @param base - address of the folder that holds `model.json`; in a page it may be relative to the page
 * @param fetchBytes - what fetches; the platform's `fetch` by default
 * @returns a function from a file's name to its bytes
 * @throws BtsbotError `download-failed`: at once, if the address is relative and there is no page to start
 * from; when called, with the address and the answer's status
 *
 * @example
 * ```ts
 * import { readUrl } from "@btsbot/model";
 *
 * const read = readUrl("https://example.org/models/btsbot-v1.0.1/", async () => new Response("{}"));
 * (await read("model.json")).length; // => 2
 * ```
 */
export function readUrl(base: string | Platform<"URL">, fetchBytes: PlatformFunction<"fetch"> = fetch): ReadFile {
  const folder = absolute(String(base).endsWith("/") ? String(base) : `${base}/`);
  return async (file) => {
    const url = new URL(file, folder).href;
    const response = await fetchBytes(url).catch((cause: unknown) => {
      throw new BtsbotError("download-failed", "no answer", { path: url, cause });
    });
    if (!response.ok) {
      throw new BtsbotError("download-failed", "the server does not give it", {
        path: url,
        got: `status ${response.status}`,
      });
    }
    return new Uint8Array(await response.arrayBuffer());
  };
}

function absolute(address: string): URL {
  // Typed as always there; only pages and workers have one.
  const page = globalThis.location as Location | undefined;
  try {
    return new URL(address, page?.href);
  } catch (cause) {
    throw new BtsbotError("download-failed", "not an address", {
      path: address,
      expected: "an absolute one, such as https://…",
      cause,
    });
  }
}
