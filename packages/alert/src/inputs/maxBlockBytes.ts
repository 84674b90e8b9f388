/**
 * The most bytes that one block of a container, packed or unpacked, one framed message or one line of JSON
 * Lines may take unless the caller says otherwise: 16 MiB. A packet takes about 75 kB, and writers end a
 * block after some tens of kB.
 *
 * @example
 * ```ts
 * import { MAX_BLOCK_BYTES } from "@btsbot/alert";
 *
 * MAX_BLOCK_BYTES; // => 16777216
 * ```
 */
export const MAX_BLOCK_BYTES = 16_777_216;
