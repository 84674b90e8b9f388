import { countOf } from "@btsbot/errors";
import { fstatSync, ftruncateSync, readFileSync, writeSync } from "node:fs";
import { readTail } from "./readTail.js";

/** A line is shorter: of a longer one it cannot be said whether it is whole. */
const LONGEST = 1 << 20;
/** The flag of a file that is written at its end alone (fcntl(2), Linux). */
const APPEND = 0o2000;
const LINE_FEED = 10;

/**
 * Sees to it that the lines to come begin on a line of their own, in a file that goes on: a run whose disk was full, or that was
 * killed, may have left half of one, and the first new line would be lost with it. What has no end gets
 * one: it may be anybody's. Half a line of JSON is taken away only where it is an earlier run's that will say it again.
 *
 * @param fd - the file, open for writing
 * @param isOurs - whether an earlier run, whose state goes on, wrote to it
 * @param tell - takes what was done, for people
 * @param name - what people call the file
 *
 * @internal
 */
export function mendTail(fd: number, isOurs: boolean, tell: (message: string) => void, name = "standard output"): void {
  const { size } = fstatSync(fd);
  if (!fstatSync(fd).isFile() || size === 0 || !isAppended(fd)) return;
  const tail = readLastLine(fd, size);
  if (tail?.length === 0) return;
  const half = tail !== undefined && isHalf(tail) ? countOf(tail.length, "byte") : undefined;
  if (isOurs && tail !== undefined && half !== undefined) {
    ftruncateSync(fd, size - tail.length);
    tell(`${name} ended in half a line, ${half} that an earlier run left; they are removed`);
    return;
  }
  writeSync(fd, "\n");
  if (half !== undefined)
    tell(`standard output ended in half a line, ${half}; it stays as it is, on a line of its own`);
}

/** Whether writes go to the end; where the system does not tell, a file that holds something is gone on with. */
function isAppended(fd: number): boolean {
  try {
    const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8")) ?? [];
    return flags === undefined || (parseInt(flags, 8) & APPEND) !== 0;
  } catch {
    return true;
  }
}

/** What follows the last line feed; undefined where it cannot be read, or is too long. */
function readLastLine(fd: number, size: number): Uint8Array | undefined {
  const bytes = readTail(fd, LONGEST);
  if (bytes === undefined) return undefined;
  const end = bytes.lastIndexOf(LINE_FEED);
  return end < 0 && size > bytes.length ? undefined : bytes.subarray(end + 1);
}

function isHalf(tail: Uint8Array): boolean {
  const text = new TextDecoder().decode(tail);
  if (!'{"'.startsWith(text.slice(0, 2))) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
