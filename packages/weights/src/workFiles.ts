import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** `name.pid.random.kind`: a download that is not complete, or a folder that is being written. */
const WORK_FILE = /^(.+)\.(\d+)\.[0-9a-f]{8}\.(part|tmp)$/;

type Kind = "part" | "tmp";

/** What this process works on now. Another process's are told by its id. */
const inUse = new Set<string>();

/**
 * A new path for work in progress, which no other pull uses, in this process or another.
 *
 * @internal
 */
export function workPath(folder: string, name: string, kind: Kind): string {
  const path = join(folder, `${name}.${process.pid}.${randomBytes(4).toString("hex")}.${kind}`);
  inUse.add(path);
  return path;
}

/**
 * Says that the work on a path is over; what is left there is anyone's.
 *
 * @internal
 */
export function release(path: string): void {
  inUse.delete(path);
}

/**
 * The paths of work that nobody goes on with: those of a process that has ended, or that this one released.
 *
 * @internal
 */
export async function abandoned(folder: string, name: string, kinds: readonly Kind[]): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => {
    const [, owner, pid, kind] = WORK_FILE.exec(file) ?? [];
    const path = join(folder, file);
    if (owner !== name || !kinds.includes(kind as Kind)) return [];
    const taken = Number(pid) === process.pid ? inUse.has(path) : isRunning(Number(pid));
    return taken ? [] : [path];
  });
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 is not sent: it only asks whether one could be.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
