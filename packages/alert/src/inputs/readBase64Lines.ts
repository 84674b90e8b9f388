import { BtsbotError, countOf } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { ByteWindow } from "../avro/ByteWindow.js";
import { NEED_BYTES } from "../avro/readContainer.js";
import { decodeLine } from "../json/base64.js";
import { countLines, skipBlanks } from "../json/readArray.js";
import type { Budget } from "./Budget.js";
import { give } from "./give.js";
import { findLine, skipLine } from "./lines.js";
import type { ReadStep } from "./ReadStep.js";
import { countBlank, skipBlank } from "./sniff.js";

/**
 * Reads lines of base64, as Spark's `pipe` and tools that print messages of Kafka write binary alerts: each line is an input of
 * its own, a packet, a container, a framed message or JSON. A line that is damaged is an error, which says its number, and the
 * others go on. All of them share one budget.
 *
 * @param window - the input, at the beginning of the first line
 * @param read - reads what a line stands for
 *
 * Source: RFC 4648, sections 4 and 5; the padding may be left off.
 */
export function* readBase64Lines(
  window: ByteWindow,
  budget: Budget,
  read: (line: ByteWindow) => Iterable<ReadStep>,
): Generator<ReadStep, void, void> {
  const most = Math.ceil(budget.bounds.maxBlockBytes / 3) * 4;
  for (let number = 1 + countLines(window.take(skipBlank(window.peek(), 0))); ; number++) {
    number += yield* skipBlanks(window);
    const length = yield* findLine(window, most);
    if (length === 0) return;
    const decoded = length > most ? undefined : decodeLine(trimEnd(window.take(length)));
    if (length > most) yield* skipLine(window);
    if (decoded === undefined) {
      const error = length > most ? tooLong(number, budget) : notBase64(number);
      if ((yield* give([{ success: false, error }], budget)) === "over") return;
      continue;
    }
    let isEmpty = true;
    for (const step of read(new ByteWindow(decoded))) {
      // A line is there as a whole.
      if (step === NEED_BYTES) continue;
      isEmpty = false;
      yield step.success ? step : { success: false, error: inLine(step.error, number) };
    }
    const complaint = isEmpty ? budget.skip(length) : undefined;
    if (complaint !== undefined) yield { success: false, error: complaint };
    if (budget.isSpent) return;
  }
}

function trimEnd(line: Uint8Array): Uint8Array {
  let { length } = line;
  while (length > 0 && countBlank(line.subarray(length - 1, length)) === 1) length -= 1;
  return line.subarray(0, length);
}

/** The error of what a line holds, with the line's number. */
function inLine({ problems, cause }: BtsbotError, number: number): BtsbotError {
  const named = problems.map((problem): Problem => {
    const { path = "", message } = problem;
    const place = path === "" ? `line ${number}` : `line ${number}, ${path}`;
    const rest = path !== "" && message.startsWith(path) ? message.slice(path.length) : `: ${message}`;
    return { ...problem, path: place, message: `${place}${rest}` };
  });
  return Object.assign(new BtsbotError(named), cause !== undefined && { cause });
}

function notBase64(number: number): BtsbotError {
  return new BtsbotError("base64-invalid", "the line is not base64", {
    path: `line ${number}`,
    expected: "an alert in base64, as the other lines",
  });
}

function tooLong(number: number, { bounds: { maxBlockBytes } }: Budget): BtsbotError {
  return new BtsbotError("input-too-large", "the line is longer than the limit", {
    path: `line ${number}`,
    expected: `base64 of at most ${countOf(maxBlockBytes, "byte")}`,
    hint: "Raise `maxBlockBytes` if the input is trusted.",
  });
}
