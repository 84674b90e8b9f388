import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeMachine } from "./inputs.js";

/** Four actions each. */
const SOURCES = process.env.SEND_SOURCES ?? "500";
const KILLS = process.env.SEND_KILLS ?? "200";
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The sender against the SkyPortal of the tests: calls that fail in every way, and a process that is killed. */
export function send() {
  const folder = mkdtempSync(join(tmpdir(), "btsbot-send-"));
  const report = join(folder, "report");
  try {
    process.stdout.write(`${describeMachine()}\n`);
    const { status, stdout } = spawnSync("npx", ["vitest", "run", "test/sends.test.ts"], {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: "1",
        SEND_SOURCES: SOURCES,
        SEND_KILLS: KILLS,
        SEND_REAL: "1",
        SEND_REPORT: report,
      },
    });
    process.stdout.write(readFileSync(report, "utf8"));
    if (status !== 0) process.stdout.write(stdout.toString());
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
