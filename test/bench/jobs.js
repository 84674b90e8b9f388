import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataFolder, describeMachine, readInputs } from "./inputs.js";

/** Packets in the folder that is scored; `JOBS_ALERTS=20000` takes as many. */
const ALERTS = Number(process.env.JOBS_ALERTS ?? 3000);
/** Packets of the run by which the start of a process is taken away. */
const FEW = 64;
const ROUNDS = Number(process.env.JOBS_ROUNDS ?? 3);
const root = fileURLToPath(new URL("../../", import.meta.url));

const program = fileURLToPath(new URL("timedRun.js", import.meta.url));

/** `btsbot score` on a folder of packets: two jobs beside one, and one job beside the library. */
export async function jobs() {
  const { packets } = await readInputs();
  const folder = mkdtempSync(join(tmpdir(), "btsbot-bench-"));
  try {
    const env = { ...process.env, BTSBOT_CACHE: join(folder, "cache") };
    const cli = join(root, "packages/btsbot/dist/cli.js");
    execFileSync(process.execPath, [cli, "models", "pull", "btsbot-v1.0.1", "--from", join(dataFolder, "models")], {
      env,
      stdio: "ignore",
    });
    const [many, few] = [write(folder, "many", packets, ALERTS), write(folder, "few", packets, FEW)];
    const load = () => loadavg()[0].toFixed(1);
    process.stdout.write(
      `${describeMachine()}; btsbot score, ${ALERTS} packets, btsbot-v1.0.1; load before ${load()}\n`,
    );
    const score = (of, count) =>
      time(["command", "score", of, "--model", "btsbot-v1.0.1", "--jobs", String(count)], env);
    const rounds = Array.from({ length: ROUNDS }, () => {
      const [one, two, core] = [score(many, 1), score(many, 2), time(["core", many], env)];
      const [oneStart, twoStart, coreStart] = [score(few, 1), score(few, 2), time(["core", few], env)];
      const perAlert = (all, start, what = "cpu") => (1000 * (all[what] - start[what])) / (ALERTS - FEW);
      const [oneWall, twoWall] = [perAlert(one, oneStart, "wall"), perAlert(two, twoStart, "wall")];
      return {
        jobs: oneWall / twoWall,
        core: perAlert(one, oneStart) / perAlert(core, coreStart),
        line: `  one job ${oneWall.toFixed(3)}, two ${twoWall.toFixed(3)} ms an alert; processor: one job ${perAlert(one, oneStart).toFixed(3)}, core ${perAlert(core, coreStart).toFixed(3)} ms an alert; load ${load()}\n`,
      };
    });
    for (const { line } of rounds) process.stdout.write(line);
    process.stdout.write(`jobs2/jobs1 ${median(rounds.map((each) => each.jobs))}\n`);
    process.stdout.write(`command/core ${median(rounds.map((each) => each.core))}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function time(args, env) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return { wall, cpu: Number(/^cpu (.+)$/m.exec(stderr)[1]) };
}

function write(folder, name, packets, count) {
  const into = join(folder, name);
  mkdirSync(into);
  for (let place = 0; place < count; place++)
    writeFileSync(join(into, `${String(place).padStart(6, "0")}.avro`), packets[place % packets.length]);
  return into;
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1].toFixed(2);
}
