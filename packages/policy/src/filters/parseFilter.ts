import { BtsbotError, describeIssue, toSafe } from "@btsbot/errors";
import type { Problem, SafeResult } from "@btsbot/errors";
import type * as z from "zod";
import { FILTER, findForm } from "./filterSchema.js";
import type { Filter } from "./types.js";

/** Rules in rules, and quantities in them, that a filter may nest; those of the surveys nest ten deep. */
const MOST_NESTED = 64;

/**
 * Reads a filter: checks that what JSON gave is one.
 *
 * @param json - the JSON text, or what `JSON.parse` made of it; it is not changed
 * @returns the filter; `JSON.stringify` writes it and `parseFilter` reads it back equal
 * @throws BtsbotError `json-invalid` for text that is not JSON; `filter-invalid`, with every place that is wrong
 *
 * @example
 * ```ts
 * import { applyFilter, parseFilter } from "@btsbot/policy";
 *
 * const filter = parseFilter(`{
 *   "name": "bright",
 *   "description": "Brighter than 18.5 mag, and real",
 *   "rule": { "all": [
 *     { "compare": ["magpsf", "<", 18.5] },
 *     { "compare": ["drb", ">", 0.5] }
 *   ] }
 * }`);
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1, magpsf: 18.7, drb: 0.9 } };
 * applyFilter(filter, alert).reason; // => "magpsf 18.7 >= 18.5"
 * ```
 */
export function parseFilter(json: unknown): Filter {
  const value = typeof json === "string" ? parseText(json) : json;
  if (isDeep(value)) {
    throw new BtsbotError("filter-invalid", "the filter nests too deeply", {
      expected: `at most ${MOST_NESTED} levels`,
    });
  }
  const { data, error } = FILTER.safeParse(value);
  if (error === undefined) return data;
  throw new BtsbotError(error.issues.flatMap((issue) => toProblems(issue, value)));
}

/**
 * {@link parseFilter} that returns its error.
 *
 * @param json - as there
 * @returns the filter or the error
 *
 * @example
 * ```ts
 * import { safeParseFilter } from "@btsbot/policy";
 *
 * const result = safeParseFilter({ name: "faint", description: "", rule: { all: [{ compare: ["magpsf", "=>", 19] }] } });
 * result.success ? [] : result.error.problems.map(({ path }) => path); // => ["rule.all[0].compare[1]"]
 * ```
 */
export function safeParseFilter(json: unknown): SafeResult<Filter> {
  return toSafe(() => parseFilter(json));
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BtsbotError("json-invalid", "the filter is not JSON", { cause });
  }
}

function isDeep(value: unknown, level = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return level > MOST_NESTED || Object.values(value).some((inner) => isDeep(inner, level + 1));
}

type Path = readonly PropertyKey[];

/** An issue, or, of a value that may have one of several forms, the issues of the form that seems meant. */
function toProblems(issue: z.core.$ZodIssue, root: unknown, base: Path = []): Problem[] {
  const path = [...base, ...issue.path];
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], root);
  if (issue.code !== "invalid_union") {
    const { summary, ...details } = describeIssue(issue, value);
    return [BtsbotError.problem("filter-invalid", summary, { path: showPath(path), ...details })];
  }
  const { names, meant } = findForm(value, issue.errors.length);
  if (meant >= 0) return issue.errors[meant].flatMap((inner) => toProblems(inner, root, path));
  return [
    BtsbotError.problem("filter-invalid", "it has none of the forms that are allowed here", {
      path: showPath(path),
      expected: names.join(", "),
      got: show(value),
    }),
  ];
}

function showPath(path: Path): string {
  return (
    path
      .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
      .join("")
      .replace(/^\./, "") || "filter"
  );
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}
