import { createReadStream, readFileSync } from "node:fs";
import { isPositive, readAlertStream } from "@btsbot/alert";
import { toInputs } from "./toInputs.js";

/** The real alerts of the data folder that BTSbot is made for, with the reference's scores; only ever to measure with. */
export async function readReal(folder) {
  const reference = JSON.parse(readFileSync(`${folder}/reference/scores.json`, "utf8"));
  const alerts = [];
  for (const file of [...new Set(reference.map((row) => row.file))]) {
    let index = 0;
    for await (const outcome of readAlertStream(createReadStream(`${folder}/alerts/${file}`))) {
      if (outcome.success) {
        const row = reference.find(
          (each) =>
            each.file === file && each.candid === String(outcome.data.candid) && (each.index ?? index) === index,
        );
        const inputs = toInputs(outcome.data);
        if (inputs && row)
          alerts.push({ ...inputs, row, alert: outcome.data, positive: isPositive(outcome.data.candidate.isdiffpos) });
      }
      index++;
    }
  }
  return alerts;
}
