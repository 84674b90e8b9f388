import { loadavg } from "node:os";
import { join } from "node:path";
import { describeMachine, readInputs } from "./inputs.js";
import { median, runTimed, withModelPulled, writePackets } from "./timedCommand.js";

/** Packets in the folder that is scored; `JOBS_ALERTS=20000` takes as many. */
const ALERTS = Number(process.env.JOBS_ALERTS ?? 3000);
/** Packets of the run by which the start of a process is taken away. */
const FEW = 64;
const ROUNDS = Number(process.env.JOBS_ROUNDS ?? 3);

/** `btsbot score` on a folder of packets: two jobs beside one, and one job beside the library. */
export async function jobs() {
  const { packets } = await readInputs();
  await withModelPulled(async (folder, env) => {
    const [many, few] = [
      writePackets(join(folder, "many"), packets, ALERTS),
      writePackets(join(folder, "few"), packets, FEW),
    ];
    const load = () => loadavg()[0].toFixed(1);
    process.stdout.write(
      `${describeMachine()}; btsbot score, ${ALERTS} packets, btsbot-v1.0.1; load before ${load()}\n`,
    );
    const score = (of, count) =>
      runTimed(["command", "score", of, "--model", "btsbot-v1.0.1", "--jobs", String(count)], env);
    const rounds = Array.from({ length: ROUNDS }, () => {
      const [one, two, core] = [score(many, 1), score(many, 2), runTimed(["core", many], env)];
      const [oneStart, twoStart, coreStart] = [score(few, 1), score(few, 2), runTimed(["core", few], env)];
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
  });
}
