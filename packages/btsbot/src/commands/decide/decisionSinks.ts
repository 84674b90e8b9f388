import type { DecisionLine, PendingEntry, Sink } from "@btsbot/decide";
import type { Terminal } from "../../terminal/createTerminal.js";
import type { CliOutput } from "../../types.js";
import { escapeUnsafe } from "../../terminal/printable.js";
import { createDecisionTable } from "./decideTable.js";

/**
 * The sink of decisions that writes them as lines of JSON, by the contract in docs/formats.md. Where they go to a file,
 * those that a run had written before it died are known by their lines.
 *
 * @internal
 */
export function createLinesSink(stdout: CliOutput): Sink {
  return {
    ...createSink(stdout, async (lines) => {
      for (const line of lines) {
        stdout.write(`${JSON.stringify(line)}\n`);
        await stdout.drained?.();
      }
    }),
    ...(stdout.readTail && { recall: (entries) => Promise.resolve(findWritten(stdout, entries)) }),
  };
}

/** Bytes of lines besides those in doubt that a run may have written after them: reasons of inputs that cannot be read. */
const BETWEEN = 1 << 20;

/** The entries whose lines stand in the file that standard output goes to. Half a line does not count: it is removed. */
function findWritten(stdout: CliOutput, entries: readonly PendingEntry[]): Set<string> {
  // As the output writes them.
  const lines = entries.map(({ body }) => escapeUnsafe(JSON.stringify(body)));
  // UTF-8 has up to three bytes for each of UTF-16's halves.
  const tail = stdout.readTail?.(BETWEEN + 3 * lines.reduce((sum, { length }) => sum + length + 1, 0));
  if (tail === undefined) return new Set();
  const written = new Set(new TextDecoder().decode(tail).split("\n").slice(0, -1));
  return new Set(entries.filter((_, place) => written.has(lines[place])).map(({ key }) => key));
}

/**
 * The sink of decisions that writes them for people.
 *
 * @param policies - names of the policies that decide
 *
 * @internal
 */
export function createTableSink(policies: readonly string[], terminal: Terminal): Sink {
  return createSink(terminal.stdout, createDecisionTable(policies, terminal));
}

/** What is written is done when it is where it was to go: what nobody takes, or finds no room on the disk, is not. */
function createSink(stdout: CliOutput, write: (lines: readonly DecisionLine[]) => unknown): Sink {
  return {
    kind: "decision",
    async take(entries: readonly PendingEntry[]) {
      await write(entries.map(({ body }) => body as unknown as DecisionLine));
      await stdout.flush?.();
      return entries.map(() => ({ state: "done" as const }));
    },
  };
}
