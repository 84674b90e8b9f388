import { countOf } from "@btsbot/errors";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeAlerts, ZTF_SCHEMA } from "@btsbot/alert";
import { simulateSurvey, toTruthRow, TRUTH_COLUMNS } from "@btsbot/simulate";
import type { Truth } from "@btsbot/simulate";
import { makeFolder, toFileError } from "@btsbot/tables";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { createProgress } from "../../terminal/progress.js";

/** The file names beside the packets. */
const TRUTH_FILE = "truth.csv";
const SCHEMA_FILE = "alert.avsc";

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
  const progress = createProgress(terminal.stderr, terminal.now);
  const truths = new Map<string, Truth>();
  let alerts = 0;
  for (; !next.done; next = simulated.next()) {
    const { alert, truth } = next.value;
    await writeWhole(join(out, `${alert.candid}.avro`), encodeAlerts([alert]));
    truths.set(truth.objectId, truth);
    alerts += 1;
    progress.show(`${countOf(alerts, "alert")}, the last of ${truth.objectId}`);
  }
  await writeWhole(join(out, SCHEMA_FILE), `${JSON.stringify(ZTF_SCHEMA, null, 2)}\n`);
  await writeWhole(
    join(out, TRUTH_FILE),
    [TRUTH_COLUMNS.join(","), ...[...truths.values()].map(toTruthRow), ""].join("\n"),
  );
  progress.clear();
  terminal.stderr.write(
    `${countOf(alerts, "alert")} of ${countOf(truths.size, "source")} in ${out}, and the truth in ${join(out, TRUTH_FILE)}\n`,
  );
  return EXIT.ok;
}

async function isEmpty(folder: string): Promise<boolean> {
  await makeFolder(folder);
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    throw toFileError(error, folder, { doing: "write" });
  }
}

/** A file is there in full or not at all. Thousands of packets are not forced to the disk one by one. */
async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw toFileError(error, path, { doing: "write" });
  }
}
