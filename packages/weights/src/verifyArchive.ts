import { createHash } from "node:crypto";
import { BtsbotError } from "@btsbot/errors";
import type { PublishedModel } from "./types.js";

/**
 * Checks that a file is the one that was published.
 *
 * @throws BtsbotError `checksum-mismatch`
 *
 * @internal
 */
export function verifyArchive(bytes: Uint8Array, model: PublishedModel, path: string, hint: string): void {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === model.sha256) return;
  throw new BtsbotError("checksum-mismatch", `not the file that was published as ${model.name}`, {
    path,
    expected: `SHA-256 ${model.sha256}, ${model.bytes} bytes`,
    got: `SHA-256 ${sha256}, ${bytes.length} bytes`,
    hint,
  });
}
