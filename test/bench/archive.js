import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseAlert } from "@btsbot/alert";
import { packParquet } from "../support/packParquet.js";
import { describeMachine, readInputs } from "./inputs.js";
import { median, runTimed, withModelPulled, writePackets } from "./timedCommand.js";

/** Packets of each form; a night of the survey has 10^5 to 10^6. */
const ALERTS = Number(process.env.ARCHIVE_ALERTS ?? 20_000);
/** Packets of the run by which the start of a process is taken away. */
const FEW = 64;
const ROUNDS = Number(process.env.ARCHIVE_ROUNDS ?? 3);
/** Rows of a row group of the Parquet file, and of a Parquet file: the writer holds all it writes. */
const [GROUP, ROWS] = [500, 5000];

/** `btsbot score` on a tar.gz and on Parquet, beside the same packets as files: processor time an alert, one job, and memory. */
export async function archive() {
  const { packets } = await readInputs();
  await withModelPulled(async (folder, env) => {
    const [many, few] = [ALERTS, FEW].map((count) => writeForms(folder, packets, count));
    process.stdout.write(
      `${describeMachine()}; btsbot score, ${ALERTS} packets, btsbot-v1.0.1, one job; load before ${loadavg()[0].toFixed(1)}\n`,
    );
    const [files, rows] = [scoresOf(few.files, env), scoresOf(few.parquet, env)];
    const same = files.length === FEW && files.every((line, i) => line === rows[i]);
    process.stdout.write(`scores of Parquet ${same ? "equal to" : "DIFFER from"} those of the packets\n`);
    const ratios = { tar: [], parquet: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const cost = Object.fromEntries(
        Object.keys(many).map((form) => {
          const [all, start] = [score(many[form], env), score(few[form], env)];
          return [form, { cpu: (1000 * (all.cpu - start.cpu)) / (ALERTS - FEW), rss: all.rss }];
        }),
      );
      ratios.tar.push(cost.tar.cpu / cost.files.cpu);
      ratios.parquet.push(cost.parquet.cpu / cost.files.cpu);
      const line = Object.entries(cost).map(
        ([form, { cpu, rss }]) => `${form} ${cpu.toFixed(3)} ms, ${rss.toFixed(0)} MB`,
      );
      process.stdout.write(`  ${line.join("; ")}; load ${loadavg()[0].toFixed(1)}\n`);
    }
    process.stdout.write(`tar/files ${median(ratios.tar)}\n`);
    process.stdout.write(`parquet/files ${median(ratios.parquet)}\n`);
  });
}

/** The same packets as files, as a tar.gz and as Parquet. */
function writeForms(folder, packets, count) {
  const files = writePackets(join(folder, `files-${count}`), packets, count);
  const tar = join(folder, `night-${count}.tar.gz`);
  execFileSync("tar", ["czf", tar, "-C", files, "."]);
  const parquet = join(folder, `parquet-${count}`);
  mkdirSync(parquet);
  const alerts = packets.map((bytes) => parseAlert(bytes));
  for (let from = 0; from < count; from += ROWS) {
    const some = Array.from({ length: Math.min(ROWS, count - from) }, (_, i) => alerts[(from + i) % alerts.length]);
    const file = openSync(join(parquet, `${String(from).padStart(6, "0")}.parquet`), "w");
    writeSync(file, packParquet(some, { rowGroupSize: GROUP }));
    closeSync(file);
  }
  return { files, tar, parquet };
}

/** What was scored of each alert, without where it stood. */
function scoresOf(path, env) {
  const { stdout } = score(path, env, "pipe");
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { candid, jd, scores } = JSON.parse(line);
      return JSON.stringify([candid, jd, scores]);
    });
}

function score(path, env, stdout) {
  const args = ["command", "score", path, "--model", "btsbot-v1.0.1", "--jobs", "1", "--format", "jsonl"];
  return runTimed(args, env, stdout);
}
