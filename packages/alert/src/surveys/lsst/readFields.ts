import type { FieldKind, FieldTable } from "../Survey.js";
import { LETTERS } from "./fields.js";

/** A field as `fields.ts` has it. */
export interface FieldWord {
  readonly name: string;
  readonly type: (typeof LETTERS)[keyof typeof LETTERS];
  readonly nullable: boolean;
}

/** The fields that a text of words lists. */
export function readFields(words: string): FieldWord[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [name, letter = "f"] = word.split(":");
      const small = letter.toLowerCase();
      return { name, type: LETTERS[small as keyof typeof LETTERS], nullable: letter === small };
    });
}

/** Types whose values are checked when they are read. */
const KINDS: ReadonlySet<string> = new Set<FieldKind>(["long", "int", "float", "double", "string"]);

/** The same as a table by which records are checked; booleans are kept as they come. */
export function toFieldTable(words: string): FieldTable {
  return Object.fromEntries(
    readFields(words).flatMap(({ name, type }) => (KINDS.has(type) ? [[name, type as FieldKind]] : [])),
  );
}
