import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAlert } from "@btsbot/alert";
import { packParquet } from "../support/packParquet.js";
import { dataFolder, describeMachine, readInputs } from "./inputs.js";

/** Packets of each form; a night of the survey has 10^5 to 10^6. */
const ALERTS = Number(process.env.ARCHIVE_ALERTS ?? 20_000);
/** Packets of the run by which the start of a process is taken away. */
const FEW = 64;
const ROUNDS = Number(process.env.ARCHIVE_ROUNDS ?? 3);
/** Rows of a row group of the Parquet file, and of a Parquet file: the writer holds all it writes. */
const [GROUP, ROWS] = [500, 5000];

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = fileURLToPath(new URL("timedRun.js", import.meta.url));

/** `btsbot score` on a tar.gz and on Parquet, beside the same packets as files: processor time an alert, one job, and memory. */
export async function archive() {
  const { packets } = await readInputs();
  const folder = mkdtempSync(join(tmpdir(), "btsbot-bench-"));
  try {
    const env = { ...process.env, BTSBOT_CACHE: join(folder, "cache") };
    const cli = join(root, "packages/btsbot/dist/cli.js");
    execFileSync(process.execPath, [cli, "models", "pull", "btsbot-v1.0.1", "--from", join(dataFolder, "models")], {
      env,
      stdio: "ignore",
    });
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
          const [all, start] = [time(many[form], env), time(few[form], env)];
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same packets as files, as a tar.gz and as Parquet. */
function writeForms(folder, packets, count) {
  const files = join(folder, `files-${count}`);
  mkdirSync(files);
  for (let place = 0; place < count; place += 1)
    writeFileSync(join(files, `${String(place).padStart(6, "0")}.avro`), packets[place % packets.length]);
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
  const { stdout } = run(path, env, "pipe");
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { candid, jd, scores } = JSON.parse(line);
      return JSON.stringify([candid, jd, scores]);
    });
}

function time(path, env) {
  const { stderr } = run(path, env, "ignore");
  return { cpu: Number(/^cpu (.+)$/m.exec(stderr)[1]), rss: Number(/^rss (.+)$/m.exec(stderr)[1]) };
}

function run(path, env, stdout) {
  const args = [program, "command", "score", path, "--model", "btsbot-v1.0.1", "--jobs", "1", "--format", "jsonl"];
  const done = spawnSync(process.execPath, args, {
    env,
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
    maxBuffer: 2 ** 30,
  });
  if (done.status !== 0) throw new Error(`${path} ended with ${done.status}: ${done.stderr}`);
  return done;
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1].toFixed(2);
}
