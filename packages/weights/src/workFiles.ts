import { randomBytes } from "node:crypto";
import { readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `name.random.kind`: a download that is not complete, or a folder that is being written. Earlier versions put a process id between. */
const WORK_FILE = /^(.+?)(?:\.\d+)?\.([0-9a-f]{8}|[0-9a-f]{16})\.(part|tmp)$/;

/** How often a process says that it is at work, milliseconds. */
const BEAT = 5000;

/**
 * After how long without a word the work of a process that cannot be asked is nobody's, milliseconds: one that is
 * busy converting is silent for a second, one whose machine was suspended for as long as that.
 */
const SILENCE = 60_000;

type Kind = "part" | "tmp";

/**
 * Work in progress on a path that no other pull uses, in this process or another, on this host or another.
 *
 * @internal
 */
export interface Work {
  readonly path: string;
  /** Says that the work is over; what is left at its path is anyone's. */
  end(): Promise<void>;
}

/** What this process works on now. */
const inUse = new Set<string>();

/**
 * Begins work on a new path, and says so beside it, in a file `name.random.live` that is written again while the
 * work goes on. Whoever finds its path tells by that file whether anybody is there: a process id alone says nothing
 * on a folder that containers or hosts share.
 *
 * @internal
 */
export async function startWork(folder: string, name: string, kind: Kind): Promise<Work> {
  const random = randomBytes(8).toString("hex");
  const path = join(folder, `${name}.${random}.${kind}`);
  const live = join(folder, `${name}.${random}.live`);
  const word = JSON.stringify({ space: await processSpace(), pid: process.pid });
  inUse.add(path);
  try {
    await writeFile(live, word);
  } catch (error) {
    inUse.delete(path);
    await rm(live, { force: true }).catch(() => undefined);
    throw error;
  }
  // A beat that fails is not the end of the work: on a full disk the work itself fails.
  let beating = Promise.resolve();
  const timer = setInterval(() => {
    beating = writeFile(live, word).catch(() => undefined);
  }, BEAT);
  timer.unref();
  return {
    path,
    async end() {
      clearInterval(timer);
      await beating;
      await rm(live, { force: true }).catch(() => undefined);
      inUse.delete(path);
    },
  };
}

/**
 * Work that nobody goes on with.
 *
 * @internal
 */
export interface AbandonedWork {
  readonly path: string;
  /** Whether its process has certainly ended, or let it go; else it was silent for long. */
  readonly isCertain: boolean;
}

/**
 * Finds work that nobody goes on with: whose process let it go, has ended, or, where it cannot be asked, has been
 * silent for a minute by the clock of the file system.
 *
 * @internal
 */
export async function findAbandoned(folder: string, name: string, kinds: readonly Kind[]): Promise<AbandonedWork[]> {
  const files = await readdir(folder).catch(() => []);
  const found: AbandonedWork[] = [];
  for (const file of files) {
    const [, owner, random, kind] = WORK_FILE.exec(file) ?? [];
    const path = join(folder, file);
    if (owner !== name || !kinds.includes(kind as Kind) || inUse.has(path)) continue;
    const live = join(folder, `${name}.${random}.live`);
    const state = await askOwner(live);
    // An earlier version's process does not say that it is at work, but by what it writes.
    const isSilent = state === "unknown" || (state === "gone" && random.length === 8);
    if (isSilent && !(await hasBeenSilent(folder, state === "unknown" ? live : path))) continue;
    if (state !== "working") found.push({ path, isCertain: !isSilent });
  }
  return found;
}

/**
 * Removes work that nobody goes on with, and what its process said.
 *
 * @internal
 */
export async function removeWork(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
  await rm(path.replace(/\.(part|tmp)$/, ".live"), { force: true }).catch(() => undefined);
}

/** What is known of the process that said it was at work. */
async function askOwner(live: string): Promise<"working" | "gone" | "unknown"> {
  const text = await readFile(live, "utf8").catch((error: NodeJS.ErrnoException) => error.code ?? "");
  if (text === "ENOENT") return "gone";
  const owner = /^\{"space":"([^"]+)","pid":(\d+)\}$/.exec(text);
  // Only who shares our process ids can be asked. One that runs may be another under the same id: its silence tells.
  if (owner === null || owner[1] !== (await processSpace())) return "unknown";
  return isRunning(Number(owner[2])) ? "unknown" : "gone";
}

/** By the clock of the file system, which those who share it have in common. */
async function hasBeenSilent(folder: string, path: string): Promise<boolean> {
  const probe = join(folder, `.${randomBytes(8).toString("hex")}.now`);
  try {
    await writeFile(probe, "");
    const [now, last] = [await stat(probe), await stat(path)];
    return now.mtimeMs - last.mtimeMs > SILENCE;
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

let space: Promise<string | null> | undefined;

/**
 * Names the processes among which an id is one process: this boot of this kernel, and in it this namespace. Null
 * where a system does not tell.
 *
 * Source: proc(5), random(4), pid_namespaces(7).
 */
function processSpace(): Promise<string | null> {
  space ??= Promise.all([readFile("/proc/sys/kernel/random/boot_id", "utf8"), readlink("/proc/self/ns/pid")]).then(
    ([boot, namespace]) => `${boot.trim()} ${namespace}`,
    () => null,
  );
  return space;
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
