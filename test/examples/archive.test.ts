import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makePackets } from "../../examples/makePackets.js";
import { setup } from "../setup.js";
import { root } from "../support/packages.js";

const runs = (name: string, ...args: string[]): boolean => spawnSync(name, args).status === 0;
/** A Python that has Spark; `.ci/run` makes one. */
const PYTHON = process.env.BTSBOT_PYSPARK ?? "python3";
const hasSpark = runs("java", "-version") && runs(PYTHON, "-c", "import pyspark");
const hasParallel = runs("parallel", "--version");

const started = mkdtempSync(join(tmpdir(), "btsbot-archive-"));
const packets = makePackets();
let folder: string;
let command: string;
let count = 0;

beforeAll(() => setup(() => undefined));
afterAll(() => rmSync(started, { recursive: true, force: true }));

beforeEach(() => {
  folder = join(started, String((count += 1)));
  mkdirSync(join(folder, "alerts"), { recursive: true });
  mkdirSync(join(folder, "none"));
  for (const { name, bytes } of packets) writeFileSync(join(folder, "alerts", name), bytes);
  writeFileSync(join(folder, "alerts", "0.avro"), "not a packet");
  // The command whose first run is killed when it has written a line.
  command = join(folder, "btsbot");
  writeFileSync(
    command,
    `#!/bin/bash
if mkdir ${folder}/killed 2>/dev/null; then
  ${process.execPath} ${root}packages/btsbot/dist/cli.js "$@" | head -n 1
  kill -9 $$
fi
exec ${process.execPath} ${root}packages/btsbot/dist/cli.js "$@"
`,
  );
  chmodSync(command, 0o755);
});

interface Outcome {
  readonly status: number;
  readonly said: string;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  // No model in the cache: the one that ships with the library scores.
  const all = { ...process.env, BTSBOT: command, BTSBOT_CACHE: join(folder, "none"), ...env };
  return new Promise((resolve) => {
    execFile(program, [...args], { cwd: folder, env: all, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}

interface Line {
  readonly file: string;
  readonly objectId?: string;
  readonly error?: { readonly code: string };
}

function linesIn(out: string, names: RegExp): Line[] {
  return readdirSync(out)
    .filter((name) => names.test(name))
    .flatMap((name) => readFileSync(join(out, name), "utf8").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as Line);
}

/** Each alert once, whatever was killed, and what could not be read. */
function expectEachOnce(lines: readonly Line[]): void {
  const wanted = packets.map(({ name }) => name.replace(".avro", ""));
  expect(lines.flatMap(({ objectId }) => objectId ?? []).sort()).toEqual(wanted.sort());
  const failed = lines.filter(({ error }) => error !== undefined);
  expect(failed.map(({ error }) => error!.code)).toEqual(["input-unrecognized"]);
  expect(failed[0].file).toContain("0.avro");
}

describe.skipIf(!hasSpark)("examples/archive/spark.py (needs pyspark and Java: BTSBOT_PYSPARK)", () => {
  const spark = (failures: number): Promise<Outcome> =>
    run(PYTHON, [`${root}examples/archive/spark.py`, `${folder}/alerts/*.avro`, join(folder, "out")], {
      BTSBOT_MODEL: "btsbot-mini",
      SPARK_LOCAL_IP: "127.0.0.1",
      PYSPARK_PYTHON: PYTHON,
      PYSPARK_SUBMIT_ARGS: `--master local[2,${failures}] --conf spark.ui.enabled=false pyspark-shell`,
    });

  it("scores each alert once, though an executor's command is killed", async () => {
    const { status, said } = await spark(3);
    expect(status, said).toBe(0);
    expect(said).toMatch(/Lost task|failed/);
    expectEachOnce(linesIn(join(folder, "out"), /^part-/));
  });

  it("fails, and says no half of it is done, where it may not try again", async () => {
    const { status } = await spark(1);
    expect(status).not.toBe(0);
    expect(readdirSync(join(folder, "out"))).not.toContain("_SUCCESS");
  });
});

describe("examples/archive/slurm.sh", () => {
  it("gives each job its share, and a job that was killed and is started again its rest", async () => {
    const files = readdirSync(join(folder, "alerts")).map((name) => join(folder, "alerts", name));
    writeFileSync(join(folder, "nights"), `${files.join("\n")}\n`);
    const ends: number[] = [];
    for (const job of [0, 1, 2, 0]) {
      const { status } = await run("bash", [`${root}examples/archive/slurm.sh`, "nights", "out"], {
        SLURM_ARRAY_TASK_ID: String(job),
        SLURM_ARRAY_TASK_COUNT: "3",
      });
      ends.push(status);
    }
    expect(ends[0]).toBe(137);
    expectEachOnce(linesIn(join(folder, "out"), /jsonl$/));
  });
});

describe.skipIf(!hasParallel)("examples/archive/parallel.sh (needs GNU parallel)", () => {
  it("gives each file a run, and does again what was killed", async () => {
    const files = readdirSync(join(folder, "alerts")).map((name) => join(folder, "alerts", name));
    writeFileSync(join(folder, "nights"), `${files.join("\n")}\n`);
    const again = (): Promise<Outcome> => run("bash", [`${root}examples/archive/parallel.sh`, "nights", "out"]);
    expect((await again()).status).not.toBe(0);
    await again();
    expectEachOnce(linesIn(join(folder, "out"), /jsonl$/));
  });
});
