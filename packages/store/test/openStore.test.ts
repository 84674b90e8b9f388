import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@btsbot/store";
import { sql } from "kysely";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { loadDriver } from "../src/loadDriver.js";
import { migrate } from "../src/migrate.js";
import { MIGRATIONS } from "../src/migrations.js";
import { openSqliteConnection } from "../src/sqliteConnection.js";
import { HOST, killHard, runChild } from "./runChild.js";

let folder: string;
beforeAll(() => {
  // Other processes run what is built.
  setup(() => undefined);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "btsbot-store-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const path = (): string => join(folder, "btsbot.db");
async function connect() {
  const Driver = await loadDriver();
  return openSqliteConnection(path(), new Driver(path()), { waitMs: 0 });
}
/** A unit that is saved and not committed. */
const BEGUN = `const unit = await store.begin();
  await unit.save({ cursor: { source: "night", value: "lost" } });`;

describe("two runs at once", () => {
  it("waits a stated time, then says who has the store; a run that ends lets go at once", async () => {
    const child = await runChild(folder);
    try {
      await expect(openStore(folder, { waitMs: 60 })).rejects.toMatchObject({
        code: "store-busy",
        path: folder,
        got: expect.stringContaining(`process ${child.pid} on ${HOST}, since 20`),
        message: expect.stringContaining("Waited 0.06 s."),
      });
    } finally {
      const waiting = openStore(folder, { waitMs: 10_000 });
      await killHard(child);
      await (await waiting).close();
    }
  });

  it("holds within one process too, and gives up when told to", async () => {
    const first = await openStore(folder);
    const controller = new AbortController();
    const second = openStore(folder, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await expect(second).rejects.toThrow();
    await first.close();
    await (await openStore(folder, { waitMs: 0 })).close();
  });

  it("watches beside a run: sees what is committed, labels, and cannot run", async () => {
    await expect(openStore(folder, { access: "watch" })).rejects.toMatchObject({ code: "store-missing", path: path() });
    const run = await openStore(folder);
    const watch = await openStore(folder, { access: "watch" });
    await expect(watch.begin()).rejects.toMatchObject({ code: "store-access" });
    await expect(watch.answer(new Map())).rejects.toMatchObject({ code: "store-access" });
    await watch.setLabels([{ objectId: "a", labeller: "me", label: "SN", jd: 2460000 }]);
    expect(await run.labels(["a"])).toHaveLength(1);
    const unit = await run.begin();
    await unit.save({ cursor: { source: "night", value: "1" } });
    expect(await watch.cursor("night")).toBeUndefined();
    await unit.commit();
    expect(await watch.cursor("night")).toBe("1");
    await watch.close();
    await run.close();
  });
});

describe("a run that is killed", () => {
  it("loses what it had not committed, keeps what it had, and never blocks the next, whatever its host is called", async () => {
    const committed = `const first = await store.begin();
      await first.save({ cursor: { source: "night", value: "kept" } });
      await first.commit();`;
    for (const then of ["", BEGUN, committed, `${committed}\n${BEGUN}`]) {
      await killHard(await runChild(folder, then));
      const store = await openStore(folder, { waitMs: 0 });
      expect(await store.cursor("night")).toBe(then.startsWith("const first") ? "kept" : undefined);
      const unit = await store.begin();
      await unit.save({ states: new Map([["a", { policies: {} }]]) });
      await unit.commit();
      await store.close();
    }
  });
});

describe("versions", () => {
  it("refuses a database of a later version, and leaves it alone", async () => {
    await (await openStore(folder)).close();
    const connection = await connect();
    await migrate(connection, path(), [...MIGRATIONS, async () => Promise.resolve()]);
    await connection.close();
    const error = { code: "store-newer", got: `version ${MIGRATIONS.length + 1}`, path: path() };
    await expect(openStore(folder)).rejects.toMatchObject(error);
    // It did not keep the store, either.
    await expect(openStore(folder, { waitMs: 0 })).rejects.toMatchObject(error);
  });

  it("brings an earlier one up by the steps that it lacks, whole or not at all", async () => {
    await (await openStore(folder)).close();
    const connection = await connect();
    const seen: string[] = [];
    const second = async (db: typeof connection.db) => {
      seen.push("second");
      await db.schema.createTable("added").addColumn("a", "text").execute();
    };
    const failing = () => Promise.reject(new Error("a step fails"));
    await expect(migrate(connection, path(), [...MIGRATIONS, second, failing])).rejects.toThrow("a step fails");
    expect(await migrate(connection, path())).toBe(MIGRATIONS.length);
    expect(await migrate(connection, path(), [...MIGRATIONS, second])).toBe(MIGRATIONS.length + 1);
    expect(await migrate(connection, path(), [...MIGRATIONS, second])).toBe(MIGRATIONS.length + 1);
    expect(seen).toEqual(["second", "second"]);
    await connection.close();
  });
});

describe("what is no store", () => {
  it("refuses a folder with other files, a file that is no database, and another program's database", async () => {
    await writeFile(join(folder, "alert.avro"), "");
    await expect(openStore(folder)).rejects.toMatchObject({ code: "folder-unwritable", got: "alert.avro" });
    await writeFile(path(), "not a database ".repeat(100));
    await expect(openStore(folder)).rejects.toMatchObject({ code: "store-damaged", path: path() });
    await rm(path());
    const connection = await connect();
    await connection.db.schema.createTable("theirs").addColumn("a", "text").execute();
    await connection.close();
    await expect(openStore(folder)).rejects.toMatchObject({ code: "store-damaged", got: "tables theirs" });
  });

  it("says where it cannot be kept", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(openStore(join(folder, "file", "below"))).rejects.toMatchObject({
      code: "folder-unwritable",
    });
    await mkdir(path());
    await expect(openStore(folder)).rejects.toMatchObject({ code: "folder-unwritable" });
  });

  it.each([1, 2, 4, 8])("says that no room is left where the tables do not fit (%s pages)", async (pages) => {
    const connection = await connect();
    await sql.raw(`pragma max_page_count=${pages}`).execute(connection.db);
    await expect(migrate(connection, path())).rejects.toMatchObject({ code: "disk-full" });
    await sql.raw("pragma max_page_count=1000").execute(connection.db);
    expect(await migrate(connection, path())).toBe(MIGRATIONS.length);
    await connection.close();
  });

  it("says in one line what to do where the driver's binary is missing", async () => {
    const missing = () => Promise.reject(new Error("Cannot find module '@libsql/none'\nRequire stack:\n- index.js"));
    const error: Error & { code?: string } = await loadDriver(missing).then(
      () => new Error("it was loaded"),
      (thrown: Error) => thrown,
    );
    expect(error.code).toBe("store-driver-missing");
    expect(error.message).toMatch(/libsql with its binary for .*its optional packages/);
    expect(error.message).not.toContain("\n");
  });

  it("refuses a text with a NUL, and lets the store go on", async () => {
    const store = await openStore(folder);
    const unit = await store.begin();
    await expect(unit.save({ cursor: { source: "a\0b", value: "1" } })).rejects.toMatchObject({ code: "store-value" });
    await unit.rollback();
    await (await store.begin()).commit();
    await store.close();
  });
});
