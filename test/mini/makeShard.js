import { closeSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { isPositive } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import { simulateSurvey } from "@btsbot/simulate";
import { openCache } from "@btsbot/weights";
import { splitTeacher } from "./splitTeacher.js";
import { toInputs } from "./toInputs.js";
import { makeView } from "./views.js";

const AT_ONCE = 16;
const LENGTH = 63 * 63 * 3;

/** A worker that simulates surveys, makes views of their alerts, and asks the teacher what it sees in them. */
const { jobs, teacherName } = workerData;
const teacher = await splitTeacher(await openCache().load(teacherName));
for (const { survey, path, views, disturbed } of jobs) {
  const alerts = simulate(survey);
  const file = openSync(`${path}.f32`, "w");
  const opinions = [];
  const random = createRandom(survey.seed, 1);
  const batch = [];
  for (let place = 0; place < alerts.length * views; place++) {
    batch.push(
      disturbed === null
        ? alerts[Math.floor(place / views)].pixels
        : makeView(alerts, Math.floor(place / views), random, { disturbed }),
    );
    if (batch.length < AT_ONCE && place + 1 < alerts.length * views) continue;
    const pixels = new Float32Array(batch.length * LENGTH);
    batch.forEach((view, index) => pixels.set(view, index * LENGTH));
    writeSync(file, pixels);
    opinions.push(...(await teacher.image(pixels)));
    batch.length = 0;
  }
  closeSync(file);
  const rows = alerts.map(({ pixels: _, ...rest }) => rest);
  // Its name says that the survey is done: whole at once.
  writeFileSync(`${path}.json.part`, JSON.stringify({ rows, opinions }));
  renameSync(`${path}.json.part`, `${path}.json`);
  parentPort.postMessage(alerts.length);
}

function simulate(survey) {
  const alerts = [];
  for (const { alert, truth } of simulateSurvey(survey)) {
    const inputs = toInputs(alert);
    if (inputs === undefined) continue;
    const { objectId, label, class: name } = truth;
    const { jd, fid, magpsf, isdiffpos } = alert.candidate;
    alerts.push({
      objectId,
      candid: String(alert.candid),
      jd,
      fid,
      magpsf,
      positive: isPositive(isdiffpos),
      label,
      class: name,
      ...inputs,
      features: [...inputs.features],
    });
  }
  return alerts;
}
