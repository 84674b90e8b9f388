import { createMemoryStore } from "@btsbot/decide";
import type { KeptSource, SourceState, Store, Unit } from "@btsbot/decide";
import { lockFolder } from "./lockFolder.js";
import { readState, writeState } from "./stateFile.js";
import { createBook } from "./stateLines.js";
import { makeStateMaker } from "./stateMaker.js";
import type { SourceBook } from "./stateTypes.js";
import type { DecideSetup } from "./types.js";

/**
 * Opens the state in a folder for this run alone, as the loop's store; without a folder, one that is forgotten at the
 * end. The file is written when what was decided has been said: who is stopped between the two is told the same again,
 * by the same keys; the other way round it would be lost.
 *
 * @throws BtsbotError `state-locked`, `state-damaged`, `state-mismatch`, `file-unreadable` or `folder-unwritable`
 *
 * @internal
 */
export async function openState(folder: string | undefined, setup: DecideSetup): Promise<OpenState> {
  const memory = createMemoryStore({ lightCurves: false });
  if (folder === undefined) return { store: memory, save: () => Promise.resolve() };
  const close = await lockFolder(folder);
  try {
    const maker = makeStateMaker(setup);
    const book = createBook(setup.policies, await readState(folder, maker));
    return { store: { ...withBook(memory, book), close }, save: () => writeState(folder, maker, book) };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * What is remembered between runs, held by this one.
 *
 * @internal
 */
export interface OpenState {
  readonly store: Store;
  /** Keeps the state as it is now. */
  save(): Promise<void>;
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

/** The store, which knows besides what the book does, and tells it what is kept. */
function withBook(memory: Store, book: SourceBook): Store {
  return {
    ...memory,
    async begin() {
      const unit = await memory.begin();
      const states = new Map<string, SourceState>();
      const issued = new Map<string, string[]>();
      return {
        ...unit,
        async load(objectIds) {
          const kept = new Map<string, KeptSource>(await unit.load(objectIds));
          for (const objectId of objectIds) {
            const known = kept.has(objectId) ? undefined : book.get(objectId);
            if (known !== undefined) kept.set(objectId, { state: { policies: known.policies }, issued: known.issued });
          }
          return kept;
        },
        save(change) {
          for (const [objectId, state] of change.states ?? []) states.set(objectId, state);
          for (const { kind, objectId, key } of change.entries ?? [])
            if (kind === "action") issued.set(objectId, [...(issued.get(objectId) ?? []), key]);
          return unit.save(change);
        },
        async commit() {
          await unit.commit();
          for (const [objectId, { policies }] of states) {
            const before = book.get(objectId);
            const keys = [...(before?.issued ?? []), ...(issued.get(objectId) ?? [])];
            if (before !== undefined || Object.keys(policies).length > 0 || keys.length > 0)
              book.set(objectId, { policies, issued: keys });
          }
        },
      } satisfies Unit;
    },
  };
}
