/**
 * The most bytes that one block of a container, one framed message, one JSON document or one line of
 * JSON Lines may take unless the caller says otherwise: 64 MiB. A packet takes about 75 kB, and
 * writers end a block after some tens of kB.
 *
 * @example
 * ```ts
 * import { MAX_BLOCK_BYTES } from "@btsbot/alert";
 *
 * MAX_BLOCK_BYTES; // => 67108864
 * ```
 */
export const MAX_BLOCK_BYTES = 67_108_864;
