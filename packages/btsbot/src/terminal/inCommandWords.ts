import { BtsbotError } from "@btsbot/errors";
import type { Code, Problem } from "@btsbot/errors";

/** What to do on the command line, where the library's advice is for whoever calls its functions. */
export const COMMAND_HINTS: Readonly<Partial<Record<Code, string>>> = {
  "avro-length-invalid": "Raise --max-bytes if the file is trusted.",
  "backend-unavailable": "Choose another with --backend.",
  "confluent-schema-unknown": "Give the schema that it was written with: --schema FILE, or --schema ID=FILE.",
  "input-too-large": "Raise --max-bytes if the input is trusted, or write one document on each line.",
  "integer-unsafe": "Write the id as a string, with all its digits.",
  "model-named-already": "Give yours another name; --force replaces one that is not published.",
  "model-undescribed":
    "Import it with them: `btsbot models import PATH --name NAME --profile PROFILE`, and name it by NAME.",
  "model-unnamed": "Name one with --model; `btsbot models list` lists them.",
};

/** Names of functions, options and packages: what a program can use, and a command cannot. */
const FOR_PROGRAMS = /`|@[a-z]+\/[\w-]+|\b[a-z]+[A-Z]\w*|\bengine\b/;
/** A command to run, as hints write it, and a path, in which there may be any letters. */
const NEUTRAL = /`(?:btsbot|git) [^`]*`|(?<!\S)[^@\s]\S*[/\\]\S*/g;

/**
 * An error with advice that can be followed on the command line, and no other.
 *
 * @internal
 */
export function inCommandWords(error: BtsbotError): BtsbotError {
  if (error.problems.every((problem) => hintFor(problem) === problem.hint)) return error;
  const problems = error.problems.map(translate);
  return Object.assign(new BtsbotError(problems), { cause: error.cause });
}

function translate(problem: Problem): Problem {
  const { hint = "", message, ...rest } = problem;
  const better = hintFor(problem);
  if (better === problem.hint) return problem;
  // The hint is the message's last sentence.
  const start = message.endsWith(hint) ? message.slice(0, message.length - hint.length).replace(/\.? $/, "") : message;
  return { ...rest, message: better === undefined ? start : `${start}. ${better}`, ...(better && { hint: better }) };
}

/** Limits of what records may hold: on the command line --max-bytes raises all of them. */
const LIMITS = /`limits\./;

/** What only a program can do, in words that say so: here an ONNX file is not scored. */
const ONNX = /and read it with \w+ of @btsbot\/onnx/;

function hintFor({ code, hint: given }: Problem): string | undefined {
  if (given === undefined) return undefined;
  if (LIMITS.test(given)) return "Raise --max-bytes if the input is trusted: it raises the other limits in proportion.";
  const hint = given.replace(ONNX, "and score it in a program of yours: the README of the ONNX package says how");
  return COMMAND_HINTS[code] ?? (FOR_PROGRAMS.test(hint.replace(NEUTRAL, "")) ? undefined : hint);
}
