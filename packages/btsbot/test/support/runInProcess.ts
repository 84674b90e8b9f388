import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { runCli } from "btsbot";

/** What a run of the command left behind. */
export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON Lines. */
  readonly lines: () => Record<string, unknown>[];
}

/** How the command is run: by default no output is a terminal. */
export interface RunSettings {
  readonly cache?: string;
  readonly columns?: number;
  readonly isTTY?: boolean;
  readonly errorIsTTY?: boolean;
  readonly stdin?: readonly Uint8Array[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line in this process. */
export async function run(args: readonly string[], settings: RunSettings = {}): Promise<RunResult> {
  let [stdout, stderr] = ["", ""];
  const { cache, columns, isTTY, errorIsTTY, stdin = [], env } = settings;
  const status = await runCli(args, {
    stdout: { write: (text) => (stdout += text), isTTY, columns },
    stderr: { write: (text) => (stderr += text), isTTY: errorIsTTY },
    stdin: (async function* () {
      yield* stdin;
    })(),
    env: { BTSBOT_CACHE: cache ?? "/nonexistent", ...env },
  });
  const lines = () =>
    stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { status, stdout, stderr, lines };
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "btsbot-cli-"));
  folders.push(folder);
  return folder;
}

/** The text without colors. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences begin with ESC
  return text.replace(/\u001B\[[0-9;]*[A-Za-z]/g, "");
}
