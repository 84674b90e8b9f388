import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError, makeFolder } from "@btsbot/tables";

/** A lock is an empty file whose name says who holds it, so that it is never there without that. */
const LOCK = /^lock\.(\d+)\.(\d+)\.[0-9a-f]+\.(.+)$/;
/** What this program keeps in its folder. */
const OWN = /^(state\.jsonl(\.new)?$|lock\.\d)/;
/** Two runs that start at one moment may see each other and both step back; they try again. */
const TRIES = 4;
const PAUSE_MS = 40;
/** What is wrong where there can be no lock. */
const UNKEPT = "the state cannot be kept here";

/**
 * Takes a folder for one run, and makes it where it is not there. A lock that a killed run left counts for nothing.
 *
 * Whoever wants it writes a lock of its own first and looks for others then: of two, at least one sees the other.
 *
 * @returns what gives it back
 * @throws BtsbotError `state-locked` if another run has it; `folder-unwritable`
 *
 * @internal
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  try {
    await makeFolder(folder, UNKEPT);
    await checkOwn(folder);
    return await takeLock(folder);
  } catch (cause) {
    if (cause instanceof BtsbotError) throw cause;
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new BtsbotError("folder-unwritable", UNKEPT, {
      path: folder,
      got: describeSystemError(code),
      cause,
    });
  }
}

/** A state laid among the alerts, by a slip, would look like one of them. */
async function checkOwn(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  if (names.length === 0 || names.some((name) => OWN.test(name))) return;
  throw new BtsbotError("folder-unwritable", "the folder holds other files, and no state", {
    path: folder,
    expected: "an empty folder, a new one, or one with a state",
    got: names.slice(0, 3).join(", "),
    hint: "Choose a separate folder.",
  });
}

async function takeLock(folder: string): Promise<() => Promise<void>> {
  const mark = randomBytes(4);
  const mine = `lock.${process.pid}.${(await startOf(process.pid)) ?? 0}.${mark.toString("hex")}.${encodeURIComponent(hostname())}`;
  const release = (name: string): Promise<void> => rm(join(folder, name), { force: true });
  for (let tries = 1; ; tries += 1) {
    await writeFile(join(folder, mine), "", { flag: "wx" });
    const others = (await readdir(folder)).filter((name) => LOCK.test(name) && name !== mine);
    const held = await findHeld(others);
    if (held === undefined) {
      for (const stale of others) await release(stale);
      return () => release(mine);
    }
    await release(mine);
    if (tries === TRIES) throw locked(folder, held);
    await setTimeout(PAUSE_MS * (1 + mark[0] / 255));
  }
}

function locked(folder: string, name: string): BtsbotError {
  const [, pid, , host] = LOCK.exec(name)!;
  return new BtsbotError("state-locked", "another run uses the state", {
    path: folder,
    got: `process ${pid} on ${decodeURIComponent(host)}`,
    hint: `Wait until it has ended. If there is no such run, remove ${join(folder, name)}.`,
  });
}

async function findHeld(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isHeld(name)) return name;
  return undefined;
}

/** False if the holder has ended. One on another host cannot be asked, and counts as alive. */
async function isHeld(name: string): Promise<boolean> {
  const [, pid, started, host] = LOCK.exec(name)!;
  if (host !== encodeURIComponent(hostname())) return true;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  const now = await startOf(Number(pid));
  // In containers every run may have the same number.
  return started === "0" || now === undefined || now === started;
}

/** When a process started, where the system tells it in a file (Linux: proc(5), field 22 of stat). */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}
