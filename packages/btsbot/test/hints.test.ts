import { readFileSync } from "node:fs";
import { BtsbotError, CODES } from "@btsbot/errors";
import type { Code, ErrorCode } from "@btsbot/errors";
import type { Command } from "commander";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { packages, sourceFiles } from "../../../test/support/packages.js";
import { createProgram } from "../src/createProgram.js";
import { createTerminal } from "../src/terminal/createTerminal.js";
import { COMMAND_HINTS, inCommandWords } from "../src/terminal/inCommandWords.js";

/** Advice that some source gives, and the codes of errors that it may come with; none where that cannot be read off. */
interface Hint {
  readonly where: string;
  readonly text: string;
  readonly codes: readonly Code[];
}

const isCode = (text: string): text is Code => text in CODES;

/** All texts of hints: `hint: "…"`, constants and variables whose name is hint, and what functions named …Hint give. */
function hintsIn(path: string, where: string): Hint[] {
  const found: Hint[] = [];
  const source = ts.createSourceFile(where, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const named =
      (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node)) &&
      /hints?$/i.test(node.name?.getText() ?? "");
    // The table of the command line's own words has a test of its own.
    if (named && node.name?.getText() !== "COMMAND_HINTS")
      for (const text of textsIn(node)) found.push({ where, text, codes: codesAround(node) });
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The texts of a piece of source, whatever is put into them as "X". */
function textsIn(node: ts.Node): string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return isWords(node.text) ? [node.text] : [];
  if (ts.isTemplateExpression(node)) {
    const text = node.head.text + node.templateSpans.map(({ literal }) => `X${literal.text}`).join("");
    return isWords(text) ? [text] : [];
  }
  const texts: string[] = [];
  ts.forEachChild(node, (child) => void texts.push(...textsIn(child)));
  return texts;
}

function isWords(text: string): boolean {
  return text.includes(" ") && !isCode(text);
}

function codesAround(node: ts.Node): Code[] {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isNewExpression(at) && !ts.isCallExpression(at)) continue;
    const codes = (at.arguments ?? []).flatMap((each) => (ts.isStringLiteral(each) ? [each.text] : []));
    if (codes.some(isCode)) return codes.filter(isCode);
  }
  return [];
}

const terminal = createTerminal(
  {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    stdin: (async function* () {})(),
    env: {},
  },
  () => 0,
);

/** Every command, by its words: `models pull`. */
function commandsOf(command: Command, words: readonly string[] = []): (readonly [string, Command])[] {
  return command.commands.flatMap((each) => {
    const own = [...words, each.name()];
    return [[own.join(" "), each] as const, ...commandsOf(each, own)];
  });
}

const commands = new Map(commandsOf(createProgram(terminal, () => undefined)));
const options = new Set([...commands.values()].flatMap((each) => each.options.map(({ long }) => long!)));
/** What all commands that read alerts have. */
const READING = ["score", "decide", "parity", "golden", "inspect"];

/** What in an advice the command line cannot do. */
function impossible(text: string): string[] {
  const plain = text.replace(/`(?:btsbot|git) [^`]*`/g, "");
  return [
    ...(plain.match(/`[^`]*`?|@[a-z]+\/[\w-]+|\b[a-z]+[A-Z]\w*/g) ?? []),
    ...(text.match(/--[a-z][a-z-]*/g) ?? []).filter((option) => !options.has(option)),
    ...[...text.matchAll(/btsbot ([a-z]+(?: [a-z]+)?)/g)]
      .map(([, words]) => words)
      .filter((words) => !commands.has(words) && !commands.has(words.split(" ")[0])),
  ];
}

const hints = packages.flatMap(({ path, folder }) =>
  sourceFiles(path).flatMap((file) => hintsIn(`${path}src/${file}`, `${folder}/${file}`)),
);

describe("advice on the command line", () => {
  it("is found in the sources", () => {
    expect(hints.length).toBeGreaterThan(30);
    const texts = hints.map(({ text }) => text).join("\n");
    // One of each way to write it.
    for (const part of ["maxBlockBytes", "`schemas`", "Choose a separate folder", "Restore a copy"])
      expect(texts).toContain(part);
  });

  it.each(hints.map((hint) => [`${hint.where}: ${hint.text}`, hint] as const))("can be followed: %s", (_, hint) => {
    // Where the code cannot be read off, the advice has to stand for itself.
    for (const code of hint.codes.length > 0 ? hint.codes : (["input-empty"] as const)) {
      const error = new BtsbotError(code as ErrorCode, "something is wrong", { hint: hint.text });
      const { message } = inCommandWords(error);
      expect(message.startsWith("something is wrong")).toBe(true);
      expect(impossible(message), message).toEqual([]);
    }
  });

  it.each(Object.entries(COMMAND_HINTS))("in its own words: %s", (code, text) => {
    expect(isCode(code)).toBe(true);
    expect(impossible(text)).toEqual([]);
  });

  it("has the options that it speaks of wherever alerts are read", () => {
    for (const name of READING)
      expect(commands.get(name)!.options.map(({ long }) => long)).toEqual(
        expect.arrayContaining(["--schema", "--max-bytes"]),
      );
  });

  it("raises what records may hold by the option that raises all limits", () => {
    const hint = "Raise `limits.bytes` if the file is trusted.";
    expect(inCommandWords(new BtsbotError("avro-length-invalid", "too much", { hint })).message).toMatch(
      /^too much\. Raise --max-bytes if the input is trusted/,
    );
  });

  it("keeps commands of any program that a user can run", () => {
    const hint = "Run `git lfs pull` where it comes from.";
    expect(inCommandWords(new BtsbotError("input-unrecognized", "a pointer", { hint })).message).toContain(hint);
  });

  it("keeps what it does not change, and says each thing once", () => {
    const error = new BtsbotError([
      BtsbotError.problem("input-too-large", "too long", { path: "line 1", hint: "Raise `maxBlockBytes`." }),
      BtsbotError.problem("alert-count", "two", { hint: "Use parseAlerts." }),
      BtsbotError.problem("file-unreadable", "gone", { hint: "Look for it." }),
    ]);
    expect(inCommandWords(error).message).toBe(
      `line 1: too long. ${COMMAND_HINTS["input-too-large"]!}; two; gone. Look for it.`,
    );
    const plain = new BtsbotError("json-invalid", "not JSON");
    expect(inCommandWords(plain)).toBe(plain);
  });
});
