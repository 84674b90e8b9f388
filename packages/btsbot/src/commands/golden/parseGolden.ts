import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { GOLDEN_FORMAT, GOLDEN_VERSION, SECTIONS } from "./goldenTypes.js";
import type { GoldenAlert, GoldenFile, GoldenHeader } from "./goldenTypes.js";

/**
 * Reads a golden file: a header, then a line for each alert.
 *
 * @param text - the file
 * @param path - its name, for errors
 * @throws BtsbotError `golden-invalid`, with every line that is wrong
 *
 * @internal
 */
export function parseGolden(text: string, path: string): GoldenFile {
  const problems: Problem[] = [];
  const lines = text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [{ line, place: `${path}:${index + 1}` }]));
  const read = lines.map(({ line, place }) => readObject(line, place, problems));
  const [header, ...alerts] = read;
  if (lines.length === 0)
    problems.push(invalid(path, "the file is empty", `a header with "format":"${GOLDEN_FORMAT}"`));
  else if (header !== undefined) problems.push(...checkHeader(header, lines[0].place));
  alerts.forEach((alert, index) => {
    if (alert !== undefined) problems.push(...checkAlert(alert, lines[index + 1].place));
  });
  if (problems.length === 0)
    return { header: header as unknown as GoldenHeader, alerts: alerts as unknown as GoldenAlert[] };
  throw new BtsbotError(problems);
}

type JsonObject = Readonly<Record<string, unknown>>;

function readObject(line: string, place: string, problems: Problem[]): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
    problems.push(invalid(place, "the line is not a JSON object", "an object", typeof value));
  } catch {
    problems.push(invalid(place, "the line is not JSON", "an object", JSON.stringify(line.slice(0, 20))));
  }
  return undefined;
}

function checkHeader({ format, formatVersion, models = {}, tolerances = {} }: JsonObject, place: string): Problem[] {
  if (format !== GOLDEN_FORMAT) {
    return [
      invalid(`${place}: format`, "the first line is not the header of a golden file", GOLDEN_FORMAT, show(format)),
    ];
  }
  const problems: Problem[] = [];
  if (formatVersion !== GOLDEN_VERSION) {
    problems.push(
      invalid(
        `${place}: formatVersion`,
        "a different version of the format",
        String(GOLDEN_VERSION),
        show(formatVersion),
      ),
    );
  }
  if (!isObject(models) || !Object.values(models).every(isObject)) {
    problems.push(invalid(`${place}: models`, "it is not understood", "an object for each model", show(models)));
  }
  if (!isObject(tolerances) || !Object.values(tolerances).every((value) => typeof value === "number" && value >= 0)) {
    problems.push(invalid(`${place}: tolerances`, "they are not understood", "numbers, 0 or more", show(tolerances)));
  }
  return problems;
}

function checkAlert(alert: JsonObject, place: string): Problem[] {
  const problems: Problem[] = [];
  const { objectId, candid } = alert;
  if (typeof objectId !== "string")
    problems.push(invalid(`${place}: objectId`, "the source's name is needed", "a string", show(objectId)));
  // A number may have lost digits before it came here.
  if (typeof candid !== "string" || !/^-?\d+$/.test(candid)) {
    problems.push(invalid(`${place}: candid`, "the alert's id is needed", "a string of digits", show(candid)));
  }
  for (const section of SECTIONS) {
    if (alert[section] !== undefined) checkValue(alert[section], `${place}: ${section}`, true, problems);
  }
  return problems;
}

function checkValue(value: unknown, place: string, mustBeObject: boolean, problems: Problem[]): void {
  if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) checkValue(inner, `${place}.${name}`, false, problems);
  } else if (mustBeObject) {
    problems.push(invalid(place, "it is not understood", "an object", show(value)));
  } else if (value !== null && typeof value !== "number") {
    problems.push(invalid(place, "it is not understood", "a number, null or an object", show(value)));
  }
}

function invalid(path: string, summary: string, expected?: string, got?: string): Problem {
  return BtsbotError.problem("golden-invalid", summary, {
    path,
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 40);
}
