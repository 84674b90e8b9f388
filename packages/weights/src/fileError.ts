import { BtsbotError } from "@btsbot/errors";

/** No room: the file system is full, or the user's share of it. */
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** The folder cannot be made or written: rights, a read-only file system, a file where a folder should be. */
const UNWRITABLE = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "EEXIST",
  "EISDIR",
  "ENOENT",
  "ENAMETOOLONG",
  "EINVAL",
]);

/**
 * Turns what the file system throws into an error of the registry, `disk-full` or the code given;
 * anything else comes back as it is.
 *
 * @internal
 */
export function fileError(error: unknown, path: string, unwritable: "cache-unwritable" | "folder-unwritable"): unknown {
  // What makeFolder says fits any folder: of the cache there is more to say.
  const own = error instanceof BtsbotError && error.code === "folder-unwritable" ? error.cause : error;
  const code = (own as NodeJS.ErrnoException | null)?.code;
  if (own instanceof BtsbotError || code === undefined) return error;
  if (FULL.has(code)) {
    return new BtsbotError("disk-full", "no room left; nothing was left half-written", {
      path,
      got: code,
      cause: own,
    });
  }
  if (!UNWRITABLE.has(code)) return error;
  return new BtsbotError(unwritable, "the folder cannot be written", {
    path,
    got: code,
    cause: own,
    ...(unwritable === "cache-unwritable" && { hint: "Set BTSBOT_CACHE to a folder that can be." }),
  });
}
