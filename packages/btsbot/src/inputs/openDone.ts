import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { AlertPlace } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import type { AlertFile } from "./listInputs.js";

/**
 * What an earlier run has done of its inputs, as the lines say that it wrote.
 *
 * @internal
 */
export interface DoneOutcomes {
  /** The same files without what is done. Their alerts are read past: nothing of them is scored again. */
  readonly leaveOut: (file: AlertFile) => AlertFile;
  /** To be called when all is read: whether there was all that the lines tell of. */
  readonly finish: () => Promise<void>;
}

/** Lines in a row of one file, whose places go up: a file, or a member of an archive, which may hold two of one name. */
interface Group {
  readonly file: string;
  readonly count: number;
  /** Whether its only line is of the file as a whole, which cannot be read. */
  readonly isWhole: boolean;
  readonly isLast: boolean;
}

/**
 * Opens the lines that an earlier run of `btsbot score` wrote. They are held against the inputs one after another, as both
 * are read: none of them is held.
 *
 * @param path - whole lines
 * @param size - bytes of them: more come while they are read
 * @param models - whose scores are in them
 *
 * @internal
 */
export function openDone(path: string, size: number, models: readonly string[]): DoneOutcomes {
  const groups = groupLines(readLines(path, size, models));
  let next: Promise<Group | undefined> | undefined;
  const peek = (): Promise<Group | undefined> => (next ??= groups.next().then(({ value }) => value ?? undefined));
  const skip = async (name: string): Promise<number> => {
    const group = await peek();
    if (group?.file !== name) return 0;
    next = undefined;
    return group.isLast && !group.isWhole ? group.count : Infinity;
  };
  return {
    leaveOut: (file) => ({
      ...file,
      isResumed: true,
      async *read(bytes) {
        for await (const each of file.read(bytes, skip)) {
          const group = await peek();
          if (group !== undefined) throw otherInputs(path, group.file, each.file);
          yield each;
        }
      },
    }),
    async finish() {
      const group = await peek();
      if (group !== undefined) throw otherInputs(path, group.file, "the end of the inputs");
    },
  };
}

async function* groupLines(lines: AsyncIterable<AlertPlace>): AsyncGenerator<Group, void, void> {
  let open: { readonly file: string; readonly last: number | undefined } | undefined;
  const toGroup = (isLast: boolean): Group => ({
    file: open!.file,
    count: open!.last === undefined ? 1 : open!.last + 1,
    isWhole: open!.last === undefined,
    isLast,
  });
  for await (const { file, index } of lines) {
    const goesOn =
      open !== undefined && file === open.file && open.last !== undefined && index !== undefined && index > open.last;
    if (open !== undefined && !goesOn) yield toGroup(false);
    open = { file, last: index };
  }
  if (open !== undefined) yield toGroup(true);
}

async function* readLines(
  path: string,
  size: number,
  models: readonly string[],
): AsyncGenerator<AlertPlace, void, void> {
  if (size === 0) return;
  let number = 0;
  const input = createReadStream(path, { end: size - 1 });
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    const { file, index, scores, error } = parseLine(text) as Partial<AlertPlace> & Record<string, unknown>;
    const isPlace = typeof file === "string" && (index === undefined || Number.isSafeInteger(index));
    if (!isPlace || (scores === undefined && error === undefined))
      throw new BtsbotError("lines-mismatch", "btsbot score did not write this", {
        path: `${path}, line ${number}`,
      });
    const named = Object.keys(scores ?? {});
    if (scores !== undefined && (named.length !== models.length || !models.every((name) => named.includes(name))))
      throw new BtsbotError("lines-mismatch", "the earlier run has scores of different models", {
        path: `${path}, line ${number}`,
        expected: models.join(", "),
        got: named.join(", "),
        hint: "Name the same models, or another file.",
      });
    yield { file, ...(index !== undefined && { index }) };
  }
}

function parseLine(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

function otherInputs(path: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("lines-mismatch", "the inputs are not those of the earlier run", {
    path,
    expected,
    got,
    hint: "Give the same paths in the same order, or name another file.",
  });
}
