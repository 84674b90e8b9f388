import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataFolder } from "./inputs.js";

const cli = fileURLToPath(new URL("../../packages/btsbot/dist/cli.js", import.meta.url));
const program = fileURLToPath(new URL("timedRun.js", import.meta.url));

/** Calls with a folder that is gone afterwards, and an environment with the published model pulled. */
export async function withModelPulled(call) {
  const folder = mkdtempSync(join(tmpdir(), "btsbot-bench-"));
  try {
    const env = { ...process.env, BTSBOT_CACHE: join(folder, "cache") };
    const args = [cli, "models", "pull", "btsbot-v1.0.1", "--from", join(dataFolder, "models")];
    execFileSync(process.execPath, args, { env, stdio: "ignore" });
    await call(folder, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the timed program, and gives its output, its wall and processor time in seconds and its memory in MB. */
export function runTimed(args, env, stdout = "ignore") {
  const start = performance.now();
  const done = spawnSync(process.execPath, [program, ...args], {
    env,
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
    maxBuffer: 2 ** 30,
  });
  const wall = (performance.now() - start) / 1000;
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended with ${done.status}: ${done.stderr}`);
  const told = (what) => Number(new RegExp(`^${what} (.+)$`, "m").exec(done.stderr)?.[1]);
  return { stdout: done.stdout, wall, cpu: told("cpu"), rss: told("rss") };
}

/** A folder of packets, a file each. */
export function writePackets(into, packets, count) {
  mkdirSync(into);
  for (let place = 0; place < count; place += 1)
    writeFileSync(join(into, `${String(place).padStart(6, "0")}.avro`), packets[place % packets.length]);
  return into;
}

export function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1].toFixed(2);
}
