import { BtsbotError } from "@btsbot/errors";
import { readLines } from "./readLines.js";
import { rowProblem, showValue } from "./rowProblems.js";
import type { Row } from "./types.js";

/**
 * The rows of JSON Lines.
 *
 * @internal
 */
export async function* readJsonLines(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  for await (const { text, line } of readLines(chunks)) {
    const trimmed = text.replace(/^\uFEFF/, "").trim();
    if (trimmed !== "") yield toRow(parseObject(trimmed, path, line), line);
  }
}

function parseObject(text: string, path: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What it is stands in the error below.
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new BtsbotError([
    rowProblem(path, line, undefined, "the line is not a JSON object", { expected: "an object", got: showValue(text) }),
  ]);
}

function toRow(values: Readonly<Record<string, unknown>>, line: number): Row {
  return {
    line,
    get columns() {
      return Object.keys(values);
    },
    has: (column) => Object.hasOwn(values, column),
    get: (column) => (Object.hasOwn(values, column) ? values[column] : undefined),
  };
}
