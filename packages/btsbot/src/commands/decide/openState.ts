import { lockFolder } from "./lockFolder.js";
import { readState, writeState } from "./stateFile.js";
import { createBook } from "./stateLines.js";
import { makeStateMaker } from "./stateMaker.js";
import type { SourceBook } from "./stateTypes.js";
import type { DecideSetup } from "./types.js";

/**
 * What is remembered between runs, held by this one.
 *
 * @internal
 */
export interface OpenState {
  readonly book: SourceBook;
  /** Keeps the book as it is now. */
  save(): Promise<void>;
  /** Lets other runs have it. */
  close(): Promise<void>;
}

/**
 * Opens the state in a folder for this run alone; without a folder, what is forgotten at the end.
 *
 * @throws BtsbotError `state-locked`, `state-damaged`, `state-mismatch`, `file-unreadable` or `folder-unwritable`
 *
 * @internal
 */
export async function openState(folder: string | undefined, setup: DecideSetup): Promise<OpenState> {
  if (folder === undefined) {
    const nothing = (): Promise<void> => Promise.resolve();
    return { book: createBook(setup.policies), save: nothing, close: nothing };
  }
  const close = await lockFolder(folder);
  try {
    const maker = makeStateMaker(setup);
    const book = createBook(setup.policies, await readState(folder, maker));
    return { book, save: () => writeState(folder, maker, book), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Reads the state in a folder, which other runs may hold: what the last one left; undefined where there is none.
 *
 * @throws BtsbotError `state-damaged`, `state-mismatch` or `file-unreadable`
 *
 * @internal
 */
export async function peekState(folder: string, setup: DecideSetup): Promise<SourceBook | undefined> {
  const known = await readState(folder, makeStateMaker(setup));
  return known && createBook(setup.policies, known);
}
