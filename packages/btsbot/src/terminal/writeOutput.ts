import { placeFile } from "@btsbot/tables";

/**
 * Writes a file that a command was asked for: whole, or not at all.
 *
 * @throws BtsbotError `folder-unwritable`, `disk-full`
 *
 * @internal
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  await placeFile(path, content);
}
