import { writeFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";

/**
 * Writes a text to a file.
 *
 * @throws BtsbotError `folder-unwritable`
 *
 * @internal
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new BtsbotError("folder-unwritable", "the file cannot be written", {
      path,
      got: describeSystemError(code),
      cause,
    });
  }
}
