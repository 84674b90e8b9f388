import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeHostile } from "./makeHostile.js";

const CHILD = fileURLToPath(new URL("measureHostile.js", import.meta.url));

/**
 * Measures files in a process of their own.
 *
 * @param {readonly string[]} files
 * @returns {{ what: string, length: number, got: string, ms: number, mb: number }[]}
 */
export function measureFiles(files) {
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [CHILD, ...files], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`the process ended with ${status ?? signal}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

/**
 * Makes hostile inputs and measures them, all in one process.
 *
 * @param {number} from - the first one's seed
 * @param {number} count
 */
export function measureHostile(from, count) {
  const folder = mkdtempSync(join(tmpdir(), "btsbot-hostile-"));
  try {
    const files = Array.from({ length: count }, (_, i) => {
      const { bytes, ...how } = makeHostile(from + i);
      const file = join(folder, `${from + i}`);
      writeFileSync(file, bytes);
      writeFileSync(`${file}.json`, JSON.stringify({ ...how, what: `${from + i}: ${how.what}` }));
      return file;
    });
    return measureFiles(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
