/** Where a Mac's archiver puts the attributes of files, beside the files. */
const MAC_FOLDER = "__MACOSX";

/**
 * Whether a path is one that people do not see: a part of it begins with a dot, as the `._` files do in which
 * a Mac keeps attributes on foreign disks and in archives.
 *
 * @param path - parts with slashes between them; `.` and `..` hide nothing
 *
 * @example
 * ```ts
 * import { isHidden } from "@btsbot/archive";
 *
 * isHidden("2020/._a.avro"); // => true
 * isHidden("./2020/a.avro"); // => false
 * ```
 */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => part === MAC_FOLDER || (/^\./.test(part) && part !== "." && part !== ".."));
}
