import { readFileSync } from "node:fs";
import { parseAlerts } from "@btsbot/alert";
import { applyFilter, FILTERS } from "@btsbot/policy";
import { dataFolder } from "./inputs.js";
import { printTimes, timeRounds } from "./rounds.js";

/** How often each round goes through the packets: one pass is too short for the clock. */
const PASSES = 20;

/** Every ready filter on 67 real packets with their light curves: all checks, with reasons. */
export async function filters() {
  const alerts = parseAlerts(new Uint8Array(readFileSync(`${dataFolder}/alerts/fink-67.avro`)));
  const runs = Object.fromEntries(
    FILTERS.map((filter) => [
      filter.name,
      () => {
        for (let pass = 0; pass < PASSES; pass++) for (const alert of alerts) applyFilter(filter, alert);
      },
    ]),
  );
  printTimes(
    `ready filters on ${alerts.length} packets`,
    await timeRounds(runs, PASSES * alerts.length),
    "bts-production",
  );
}
