import { VERSION } from "@btsbot/core";
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { root } from "../../../test/support/packages.js";
import { createProgram } from "../src/createProgram.js";
import { createTerminal } from "../src/terminal/createTerminal.js";
import { EXIT } from "../src/terminal/exitStatus.js";
import { run } from "./support/runInProcess.js";

const COMMANDS = [
  [],
  ["score"],
  ["inspect"],
  ["models"],
  ["models", "list"],
  ["models", "pull"],
  ["models", "show"],
  ["models", "import"],
  ["models", "export"],
  ["parity"],
  ["golden"],
  ["simulate"],
  ["train"],
  ["search"],
  ["backtest"],
  ["tune"],
  ["decide"],
  ["store"],
  ["store", "info"],
  ["store", "export"],
  ["store", "prune"],
  ["store", "import"],
  ["stream"],
  ["send"],
  ["tns"],
];

it("knows every command", () => {
  const namesOf = ({ commands }: Command, before: string[] = []): string[][] =>
    commands.flatMap((command) => [[...before, command.name()], ...namesOf(command, [...before, command.name()])]);
  const output = { write: () => true };
  const io = { stdout: output, stderr: output, stdin: (async function* () {})(), env: {} };
  const program = createProgram(
    createTerminal(io, () => 0),
    () => undefined,
  );
  const names = namesOf(program).map((name) => name.join(" "));
  expect(names.filter((name) => name !== "help").sort()).toEqual(
    COMMANDS.slice(1)
      .map((name) => name.join(" "))
      .sort(),
  );
});

it("has every exit status in the README", () => {
  const page = readFileSync(`${root}packages/btsbot/README.md`, "utf8");
  const [, table] = /\| status +\|.*\n\|.*\n((?:\|.*\n)+)/.exec(page)!;
  const stated = [...table.matchAll(/^\| ([\d or]+?) +\|/gm)].flatMap(([, status]) => status.split(" or ").map(Number));
  // SIGINT's and SIGTERM's numbers with 128.
  expect(stated).toEqual([...new Set([...Object.values(EXIT), 143])].sort((a, b) => a - b));
});

describe.each(COMMANDS.map((command) => [["btsbot", ...command].join(" "), command] as const))(
  "%s --help",
  (name, command) => {
    it("teaches by example, and fits 80 columns", async () => {
      const { status, stdout, stderr } = await run([...command, "--help"]);
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("Examples:");
      expect(stdout).toContain(`$ ${name}`);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    });
  },
);

describe("usage", () => {
  it("prints the version", async () => {
    expect(await run(["--version"])).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  it.each([
    [["scor", "a.avro"], "Did you mean score?"],
    [["models", "pul"], "Did you mean pull?"],
    [["score", "--modle", "x", "a.avro"], "Did you mean --model?"],
    [["score"], "no alerts are given"],
    [["score", "--format", "csv", "a.avro"], "Allowed choices are table, jsonl"],
    [["score", "--batch", "0", "a.avro"], "A whole number from 1 to 4096"],
    [["score", "--batch", "4097", "a.avro"], "A whole number from 1 to 4096"],
    [["inspect", "--index", "-1", "a.avro"], "A whole number, 0 or more"],
    [["models", "export", "btsbot-v1.0.1"], "--to"],
    [["simulate"], "--out"],
    [["simulate", "--out", "x", "--nights", "two"], "A whole number, 0 or more"],
    [["simulate", "--out", "x", "--nights", "0"], "nights"],
    [["simulate", "--out", "x", "--sources", "10001"], "1 to 10000"],
    [["simulate", "--out", "x", "--start", "yesterday"], "start"],
    [["models", "pull", "btsbot-v9"], "btsbot-v1.0.1"],
    [["models", "show", "btsbot-v9"], "btsbot-v1.0.1"],
  ])("%j is wrong usage, and it says what is right", async (args, hint) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(hint);
    expect(stderr).toMatch(/^btsbot: /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("shows its help when nothing is asked", async () => {
    const { status, stderr } = await run([]);
    expect(status).toBe(2);
    expect(stderr).toContain("Examples:");
  });
});
