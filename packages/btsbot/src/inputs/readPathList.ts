import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { toFileError } from "@btsbot/tables";

/** Bytes of a list: a million paths have some tens of millions. */
const MAX_BYTES = 1 << 28;

/**
 * The paths that a list names: one a line, or each ended by a NUL, as `find -print0` writes them. Empty lines are left out.
 *
 * @param path - the list; `-` is standard input
 * @throws BtsbotError `file-unreadable`
 *
 * @internal
 */
export async function readPathList(path: string, stdin: AsyncIterable<Uint8Array>): Promise<string[]> {
  const text = path === "-" ? await readAll(stdin) : await readText(path);
  const paths = text.includes("\0") ? text.split("\0") : text.split(/\r?\n/);
  return paths.filter((each) => each !== "");
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw toFileError(cause, path, { doing: "read" });
  });
}

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new BtsbotError("file-unreadable", "standard input is too long for a list of paths", {
        hint: "Give alerts on standard input by the path -, and no list.",
      });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
