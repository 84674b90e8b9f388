import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqlStore } from "../src/createSqlStore.js";
import { loadDriver } from "../src/loadDriver.js";
import type { Database } from "../src/loadDriver.js";
import { openSqliteConnection } from "../src/sqliteConnection.js";
import type { SqlStore } from "../src/types.js";
import { FIRST, makeChange } from "./makeChange.js";
import { openFolder } from "./openFolder.js";
import type { FolderStore } from "./openFolder.js";

/** Tables of a few rows, however long a store is used, and what is no table. */
const SMALL = ["rules", "meta", "cursors", "json_each"];

let opened: FolderStore;
let database: Database;
let store: SqlStore;
/** The statements that were run, in order. */
let run: string[];

beforeEach(async () => {
  opened = await openFolder();
  const Driver = await loadDriver();
  const path = join(opened.folder, "btsbot.db");
  database = new Driver(path);
  const spy: Database = {
    prepare(text) {
      const statement = database.prepare(text);
      const note = <T>(result: T): T => (run.push(text), result);
      return {
        reader: statement.reader,
        all: (parameters) => note(statement.all(parameters)),
        run: (parameters) => note(statement.run(parameters)),
        iterate: (parameters) => statement.iterate(parameters),
      };
    },
    defaultSafeIntegers: (on) => database.defaultSafeIntegers(on),
    get inTransaction() {
      return database.inTransaction;
    },
    close: () => undefined,
  };
  run = [];
  const connection = openSqliteConnection(path, spy, { waitMs: 1000 });
  const close = (): Promise<void> => connection.close();
  store = createSqlStore({
    path,
    version: 1,
    isNew: false,
    writer: connection,
    reader: connection,
    access: "run",
    stamps: true,
    close,
  });
});
afterEach(async () => {
  await store.close();
  database.close();
  await opened.remove();
});

const names = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `s${from + index}`);

/** A night, as the loop asks and writes it. */
async function runNight(objectIds: readonly string[], night: number): Promise<string[]> {
  run = [];
  const unit = await store.begin();
  await unit.load(objectIds);
  await unit.save(makeChange(objectIds, night));
  await unit.commit();
  await store.load(objectIds);
  await store.points(objectIds, FIRST + night);
  for (const kind of ["action", "decision"] as const) {
    const waiting = await store.pending(kind, { after: 0, limit: 500 });
    await store.answer(new Map(waiting.map(({ number }) => [number, { state: "done" }])));
  }
  await store.cursor("made");
  return run;
}

it("looks nothing up but by an index", async () => {
  await runNight(names(3), 1);
  const texts = new Set(await runNight(names(3), 2));
  const plans = [...texts].flatMap((text) => {
    if (!/^(select|insert|update|delete)/.test(text)) return [];
    const plan = database.prepare(`explain query plan ${text}`);
    const holes = (text.match(/\?/g) ?? []).map(() => null);
    return (plan.all(holes) as { detail: string }[]).map(({ detail }) => ({ text, detail }));
  });
  expect(plans.length).toBeGreaterThan(10);
  const scans = plans.filter(({ detail }) => /^SCAN (?!CONSTANT)/.test(detail));
  expect(scans.filter(({ detail }) => !SMALL.some((table) => detail.startsWith(`SCAN ${table}`)))).toEqual([]);
  // Entries that wait are found by their own index, which does not hold the others.
  const waiting = plans.filter(({ text }) => text.includes("state = 'pending'"));
  expect(waiting.map(({ detail }) => detail)).toEqual([expect.stringContaining("outbox_pending")]);
  const actions = plans.filter(({ text }) => text.includes("kind = 'action'"));
  expect(actions.map(({ detail }) => detail)).toContainEqual(expect.stringContaining("outbox_actions"));
});

it("has a commit on the disk when it returns, and readers that do not wait for it", async () => {
  const pragma = (name: string): unknown => Object.values(database.prepare(`pragma ${name}`).all([])[0] as object)[0];
  await runNight(names(1), 1);
  // 2 is FULL (https://sqlite.org/pragma.html#pragma_synchronous).
  expect([pragma("synchronous"), pragma("journal_mode")]).toEqual([2n, "wal"]);
});

it("asks as often for a hundred sources as for one", async () => {
  const questions = (texts: readonly string[]): string[] => texts.filter((text) => text.startsWith("select"));
  await runNight(names(1), 1);
  const one = questions(await runNight(names(1, 1000), 2));
  const many = questions(await runNight(names(100, 2000), 3));
  expect(many).toEqual(one);
  expect(one.length).toBeGreaterThan(5);
});
