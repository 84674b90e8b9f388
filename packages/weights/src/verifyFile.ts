import { createHash } from "node:crypto";
import { BtsbotError, countOf } from "@btsbot/errors";
import type { PublishedFile } from "./types.js";

/**
 * Checks that a file is the one that was published.
 *
 * @throws BtsbotError `checksum-mismatch`
 *
 * @internal
 */
export function verifyFile(bytes: Uint8Array, file: PublishedFile, path: string, hint: string): void {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === file.sha256) return;
  throw new BtsbotError("checksum-mismatch", "not the file that was published", {
    path,
    expected: `SHA-256 ${file.sha256}, ${countOf(file.bytes, "byte")}`,
    got: `SHA-256 ${sha256}, ${countOf(bytes.length, "byte")}`,
    hint,
  });
}
