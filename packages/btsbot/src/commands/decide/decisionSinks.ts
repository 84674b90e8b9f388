import type { DecisionLine, PendingEntry, Sink } from "@btsbot/decide";
import type { Terminal } from "../../terminal/createTerminal.js";
import type { CliOutput } from "../../types.js";
import { writeDecisionTable } from "./decideTable.js";

/**
 * The sink of decisions that writes them as lines of JSON, by the contract in docs/formats.md.
 *
 * @internal
 */
export function createLinesSink(stdout: CliOutput): Sink {
  return createSink(stdout, (lines) => {
    for (const line of lines) stdout.write(`${JSON.stringify(line)}\n`);
  });
}

/**
 * The sink of decisions that writes them for people.
 *
 * @internal
 */
export function createTableSink(terminal: Terminal): Sink {
  return createSink(terminal.stdout, (lines) => writeDecisionTable(lines, terminal));
}

/** What is written is done when it is where it was to go: what nobody takes, or finds no room on the disk, is not. */
function createSink(stdout: CliOutput, write: (lines: readonly DecisionLine[]) => void): Sink {
  return {
    kind: "decision",
    async take(entries: readonly PendingEntry[]) {
      write(entries.map(({ body }) => body as unknown as DecisionLine));
      await stdout.flush?.();
      return entries.map(() => ({ state: "done" as const }));
    },
  };
}
