import { gunzipSync } from "node:zlib";
import type { Gunzip } from "@btsbot/cutout";

/** A stamp is 20,160 bytes: with room for it at once, a third of the time goes. */
const CHUNK = 24 * 1024;

/**
 * Node's own zlib: twice as fast as the portable one.
 *
 * @internal
 */
export const zlibGunzip: Gunzip = (bytes, maxBytes) =>
  gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK });
