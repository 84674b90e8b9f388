import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeAlerts, ZTF_SCHEMA } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import { simulateSurvey, toTruthRow, TRUTH_COLUMNS } from "@btsbot/simulate";
import type { Truth } from "@btsbot/simulate";
import { describeSystemError } from "@btsbot/tables";
import { complain } from "./complain.js";
import type { Terminal } from "./createTerminal.js";
import { EXIT } from "./exitStatus.js";
import { createProgress } from "./progress.js";

/** The file names beside the packets. */
const TRUTH_FILE = "truth.csv";
const SCHEMA_FILE = "alert.avsc";
/** What systems say where there is no room. */
const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Options of `btsbot simulate`. */
export interface SimulateOptions {
  readonly out: string;
  readonly nights: number;
  readonly sources: number;
  readonly seed: number;
  readonly start?: number;
}

/**
 * `btsbot simulate`: one packet a file, as the survey's archive has them, and what is true of their sources.
 *
 * @throws BtsbotError `simulation-invalid`, `folder-unwritable`, `disk-full`
 *
 * @internal
 */
export async function simulateCommand({ out, ...survey }: SimulateOptions, terminal: Terminal): Promise<number> {
  const simulated = simulateSurvey(survey);
  // Wrong numbers are told before any folder is made.
  let next = simulated.next();
  if (!(await isEmpty(out))) {
    complain(terminal.stderr, `${out} holds files already: the alerts of two surveys must not mix`);
    return EXIT.usage;
  }
  const progress = createProgress(terminal.stderr);
  const truths = new Map<string, Truth>();
  let alerts = 0;
  for (; !next.done; next = simulated.next()) {
    const { alert, truth } = next.value;
    await writeWhole(join(out, `${alert.candid}.avro`), encodeAlerts([alert]));
    truths.set(truth.objectId, truth);
    alerts += 1;
    progress.show(`${alerts} alerts, the last of ${truth.objectId}`);
  }
  await writeWhole(join(out, SCHEMA_FILE), `${JSON.stringify(ZTF_SCHEMA, null, 2)}\n`);
  await writeWhole(
    join(out, TRUTH_FILE),
    [TRUTH_COLUMNS.join(","), ...[...truths.values()].map(toTruthRow), ""].join("\n"),
  );
  progress.clear();
  terminal.stderr.write(
    `${alerts} alerts of ${truths.size} sources in ${out}, and the truth in ${join(out, TRUTH_FILE)}\n`,
  );
  return EXIT.ok;
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    return (await readdir(folder)).length === 0;
  } catch (error) {
    throw toError(error, folder);
  }
}

/** A file is there in full or not at all. */
async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw toError(error, path);
  }
}

function toError(cause: unknown, path: string): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined) return cause;
  if (FULL.includes(code)) {
    return new BtsbotError("disk-full", "no room left; the packets before this one are whole", {
      path,
      got: code,
      cause,
    });
  }
  return new BtsbotError("folder-unwritable", "cannot be written", { path, got: describeSystemError(code), cause });
}
