import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { makerOf } from "../../deciding/makerOf.js";
import type { AlertFile } from "../../inputs/listInputs.js";
import type { DecideOptions, DecideSetup } from "./types.js";

/**
 * How far files were read: behind which alert, told twice, by numbers and by name. Two members of an archive may have one
 * name.
 *
 * @internal
 */
export interface FilePlace {
  /** Which of the files, from 0. */
  readonly file: number;
  /** Which of its members, from 1, those that are not archives being their own one; 0 for none. */
  readonly member: number;
  /** How many outcomes of that member were read. */
  readonly done: number;
  /** The alert, as `formatPosition` names it; empty for the beginning. */
  readonly at: string;
  /** How many inputs before it could not be read. */
  readonly failed: number;
  /** Bytes that standard output had by then, where it is a file. */
  readonly said?: number;
}

/**
 * The name of files of which no place is kept.
 *
 * @internal
 */
export const UNPLACED = "files";

/**
 * The place before the first alert.
 *
 * @internal
 */
export const BEGINNING: FilePlace = { file: 0, member: 0, done: 0, at: "", failed: 0 };

/**
 * Reads a place as a store keeps it.
 *
 * @throws BtsbotError `position-unknown`
 *
 * @internal
 */
export function parsePlace(text: string): FilePlace {
  const place = parseOr(text) as Partial<FilePlace> | null;
  const numbers = [place?.file, place?.member, place?.done, place?.failed, place?.said ?? 0];
  if (typeof place?.at === "string" && numbers.every(Number.isSafeInteger)) return place as FilePlace;
  throw new BtsbotError("position-unknown", "the place of an earlier run cannot be read", { got: text });
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The name under which a state keeps the place of a run over files: that of the same files, read and judged in the same
 * way. Others have another name, and begin anew.
 *
 * @returns the name; undefined where nobody can say whether an input is the same, as of standard input and pipes
 *
 * @internal
 */
export async function namePlace(
  files: readonly AlertFile[],
  { schema = [], maxBytes, history = false }: DecideOptions,
  setup: DecideSetup,
): Promise<string | undefined> {
  if (files.length === 0 || files.some(({ identity }) => identity === undefined)) return undefined;
  const schemas = await Promise.all(schema.map((each) => readFile(each.replace(/^\d+=/, ""), "utf8")));
  const parts = [
    files.map(({ name, identity }) => [name, identity]),
    { schema, schemas, maxBytes, history },
    makerOf(setup),
    // The user's own feature profiles are not part of what the hash of a definition covers.
    setup.model.definition.inputs,
  ];
  return `files ${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)}`;
}
