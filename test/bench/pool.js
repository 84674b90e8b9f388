import { availableParallelism } from "node:os";
import { createScorerPool } from "@btsbot/pool";
import { describeMachine, readInputs } from "./inputs.js";
import { printTimes, timeRounds } from "./rounds.js";

/** Alerts in a round: two and a half seconds on two workers. In the first rounds engines still compile what runs all night. */
const ALERTS = 2048;

/** From bytes to scores on one worker, on two and on all cores. Nothing else is in the process: its garbage would be looked for on the same cores. */
export async function pool() {
  const { packets, model } = await readInputs();
  const inputs = Array.from({ length: ALERTS }, (_, i) => packets[i % packets.length]);
  const counts = [...new Set([1, 2, availableParallelism()])];
  const pools = await Promise.all(counts.map((workers) => createScorerPool({ models: [model], workers })));
  const runs = Object.fromEntries(pools.map((each) => [nameOf(each.workers), () => drain(each, inputs)]));
  process.stdout.write(`${describeMachine()}; ${model.definition.name}, bytes to scores\n`);
  const times = await timeRounds(runs, ALERTS, { rounds: 7, warmups: 2 });
  await Promise.all(pools.map((each) => each.close()));
  printTimes(`${ALERTS} alerts a round`, times, nameOf(1));
  process.stdout.write(
    `\ntwo workers do ${(times[nameOf(1)].median / times[nameOf(2)].median).toFixed(2)} times what one does\n`,
  );
}

const nameOf = (workers) => `${workers} ${workers === 1 ? "worker" : "workers"}`;

async function drain(scorer, inputs) {
  let scored = 0;
  for await (const { success } of scorer.scoreAlerts(inputs)) if (success) scored += 1;
  if (scored !== inputs.length) throw new Error(`${inputs.length - scored} alerts could not be read`);
}
