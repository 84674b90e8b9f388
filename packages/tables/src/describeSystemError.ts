/** What systems say in capitals (errno(3)), in words. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EISDIR: "a folder where a file is needed",
  EACCES: "no permission",
  EPERM: "not permitted",
  EEXIST: "a file where a folder is needed",
  ENOTDIR: "a file where the path needs a folder",
  EROFS: "a read-only file system",
  ENOSPC: "no room left on the disk",
  EDQUOT: "the user's disk quota is used up",
  EFBIG: "a file longer than the system allows",
  EIO: "the device failed",
  EPIPE: "the reader is gone",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  ENAMETOOLONG: "a name that is too long",
  ELOOP: "links that lead round in a circle",
};

/**
 * The system's error code in words, where there are better ones.
 *
 * @param code - such as `"ENOENT"`
 * @returns a few words; the code itself where it is not known
 *
 * @example
 * ```ts
 * import { describeSystemError } from "@btsbot/tables";
 *
 * describeSystemError("ENOENT"); // => "no such file or folder"
 * ```
 */
export function describeSystemError(code: string): string {
  return WORDS[code] ?? code;
}
