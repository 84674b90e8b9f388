const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EISDIR: "a folder, where one file is meant",
  EACCES: "no permission to read it",
  EEXIST: "a file, where a folder is meant",
  ENOTDIR: "a file, where the path needs a folder",
};

/**
 * The system's error code in words, where there are better ones.
 *
 * @internal
 */
export function describeSystemError(code: string): string {
  return WORDS[code] ?? code;
}
