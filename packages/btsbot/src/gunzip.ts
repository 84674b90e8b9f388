import { gunzipSync } from "node:zlib";
import type { Gunzip } from "@btsbot/cutout";

/**
 * Node's own zlib: twice as fast as the portable one.
 *
 * @internal
 */
export const gunzip: Gunzip = (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes });
