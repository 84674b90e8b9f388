import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/**
 * Simulates surveys and asks the teacher about views of their alerts, in as many threads as there are cores.
 * Surveys that are in the folder are not simulated again.
 *
 * @param jobs - for each survey the options of `simulateSurvey`, `views` (of each alert) and `disturbed` (part
 * of the views that are not as simulated; null for the alert itself, not turned)
 * @param folder - where to
 * @param teacherName - the teacher, from the cache of `btsbot models pull`
 * @returns for each survey its alerts, and `pixels` and the teacher's `opinions` of all views, view after view
 */
export async function makeAlerts(jobs, folder, teacherName, log) {
  mkdirSync(folder, { recursive: true });
  const named = jobs.map((job) => ({
    ...job,
    path: join(
      folder,
      createHash("sha256")
        .update(JSON.stringify([job, teacherName]))
        .digest("hex")
        .slice(0, 16),
    ),
  }));
  const due = named.filter(({ path }) => !existsSync(`${path}.json`));
  const threads = Math.min(availableParallelism(), due.length);
  let done = 0;
  const onSurvey = (alerts) => log(`simulated ${++done} of ${due.length} surveys, ${alerts} alerts`);
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      runWorker({ jobs: due.filter((_, place) => place % threads === thread), teacherName }, onSurvey),
    ),
  );
  return named.map(({ path, views }) => readShard(path, views));
}

function runWorker(workerData, onSurvey) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("makeShard.js", import.meta.url), { workerData });
    worker.on("message", onSurvey).on("error", reject).on("exit", resolve);
  });
}

function readShard(path, views) {
  const bytes = readFileSync(`${path}.f32`);
  const { rows, opinions } = JSON.parse(readFileSync(`${path}.json`, "utf8"));
  return {
    alerts: rows,
    views,
    opinions: Float32Array.from(opinions),
    pixels: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
  };
}
