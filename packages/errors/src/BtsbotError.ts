import type { ErrorCode, ReasonCode } from "./codes.js";

/** Problems that a message names: a damaged input can have as many as it has fields. */
const MOST_NAMED = 10;

/** What is wrong with one place of an input: the words behind a {@link Problem}. */
export interface ProblemDetails {
  /** Where: a field (`candidate.jd`), a byte offset, a layer, a file. */
  readonly path?: string | undefined;
  /** What the rule asks for, in a few words. */
  readonly expected?: string | undefined;
  /** What was found instead, in a few words. */
  readonly got?: string | undefined;
  /** What the reader can do about it, where that is not plain from the rest. */
  readonly hint?: string | undefined;
}

/** One thing that is wrong with an input, with its code and its place. */
export interface Problem extends ProblemDetails {
  /** The code, from the registry {@link CODES}. */
  readonly code: ErrorCode | ReasonCode;
  /** One line for people, made from the other fields unless given. */
  readonly message: string;
}

/**
 * The base of every error that these packages throw on purpose.
 *
 * An input can be wrong in several places: `problems` holds all of them, and `code`, `path`,
 * `expected` and `got` are those of the first. The message names the first ten.
 *
 * @example
 * ```ts
 * import { BtsbotError } from "@btsbot/errors";
 *
 * const error = new BtsbotError("stamp-truncated", "the gzip stream ends early", {
 *   path: "cutoutScience",
 *   expected: "15983 bytes",
 *   got: "400 bytes",
 * });
 * error.code; // => "stamp-truncated"
 * error.message; // => "cutoutScience: the gzip stream ends early (expected 15983 bytes, got 400 bytes)"
 * ```
 */
export class BtsbotError extends Error {
  /** The code of the first problem. */
  readonly code: ErrorCode | ReasonCode;
  /** Where the first problem is. */
  readonly path: string | undefined;
  /** What was expected there. */
  readonly expected: string | undefined;
  /** What was found there. */
  readonly got: string | undefined;
  /** Everything that is wrong with the input, at least one entry. */
  readonly problems: readonly Problem[];

  /**
   * @param code - what is wrong, from the registry
   * @param summary - one line for people, without place and values: those are appended from `details`
   * @param details - where, expected, got, hint; and `cause`, the error that led to this one
   */
  constructor(code: ErrorCode | ReasonCode, summary: string, details?: ProblemDetails & { readonly cause?: unknown });
  /**
   * @param problems - everything that is wrong with the input, at least one entry
   */
  constructor(problems: readonly Problem[]);
  constructor(
    codeOrProblems: ErrorCode | ReasonCode | readonly Problem[],
    summary = "",
    details: ProblemDetails & { readonly cause?: unknown } = {},
  ) {
    const { cause, ...rest } = details;
    const problems = typeof codeOrProblems === "string" ? [problem(codeOrProblems, summary, rest)] : codeOrProblems;
    super(nameAll(problems), cause === undefined ? undefined : { cause });
    // Not the class's own name, which bundlers shorten.
    this.name = "BtsbotError";
    this.code = problems[0].code;
    this.path = problems[0].path;
    this.expected = problems[0].expected;
    this.got = problems[0].got;
    this.problems = problems;
  }

  /**
   * Makes one {@link Problem}, for errors that gather several before they throw.
   *
   * @param code - what is wrong, from the registry
   * @param summary - one line for people, without place and values
   * @param details - where, expected, got, hint
   * @returns the problem with its message composed
   */
  static problem(code: ErrorCode | ReasonCode, summary: string, details: ProblemDetails = {}): Problem {
    return problem(code, summary, details);
  }
}

function nameAll(problems: readonly Problem[]): string {
  const named = problems.slice(0, MOST_NAMED).map(({ message }) => message);
  const more = problems.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function problem(code: ErrorCode | ReasonCode, summary: string, details: ProblemDetails): Problem {
  const { path, expected, got, hint } = details;
  const values = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(", ");
  const message = `${path ? `${path}: ` : ""}${summary}${values ? ` (${values})` : ""}${hint ? `. ${hint}` : ""}`;
  return { code, message, ...details };
}
