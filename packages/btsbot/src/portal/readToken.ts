import { readFile, stat } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";
import type { CliIo } from "../types.js";
import type { PortalConfig } from "./portalSchema.js";

/** What others than the owner may do with a file (stat(2)). */
const OTHERS = 0o077;

/**
 * Reads the token: from a file that its owner alone can read, or from the environment.
 *
 * @param of - whose token it is, for the message
 * @throws BtsbotError `config-invalid` where there is none, or others can read it; `file-unreadable`
 *
 * @internal
 */
export async function readToken(
  { tokenFile, tokenFrom }: Pick<PortalConfig, "tokenFile" | "tokenFrom">,
  env: CliIo["env"],
  of = "SkyPortal",
): Promise<string> {
  const text = tokenFile === undefined ? (env[tokenFrom] ?? "") : await readOwn(tokenFile);
  const token = text.trim();
  // What is wrong with it is not shown: it may be a token all the same.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new BtsbotError(
    "config-invalid",
    token === "" ? `there is no token of ${of}` : `a token of ${of} has no spaces, lines or other signs`,
    {
      path: tokenFile ?? tokenFrom,
      hint: "Put it into that variable of the environment, or into a file of mode 600, and name that one.",
    },
  );
}

async function readOwn(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    // Windows knows no such rights.
    if (process.platform !== "win32" && (mode & OTHERS) !== 0)
      throw new BtsbotError("config-invalid", "others can read the token", {
        path,
        expected: "mode 600",
        got: `mode ${(mode & 0o777).toString(8)}`,
        hint: `Take their right away: chmod 600 ${path}. If others may have read it, make a new one.`,
      });
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof BtsbotError) throw error;
    const got = describeSystemError((error as NodeJS.ErrnoException).code ?? "");
    throw new BtsbotError("file-unreadable", "the token cannot be read", { path, got, cause: error });
  }
}
