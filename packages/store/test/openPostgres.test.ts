import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@btsbot/store";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { loadPostgres } from "../src/loadPostgres.js";
import { migrate } from "../src/migrate.js";
import { MIGRATIONS } from "../src/migrations.js";
import { openPostgresConnection } from "../src/postgresConnection.js";
import { createPostgresLink } from "../src/postgresLink.js";
import { writeArray } from "../src/writeArray.js";
import { FIRST, makeChange, makeJudged } from "./makeChange.js";

const PASSWORD = "s3cret of a test";
afterEach(() => vi.unstubAllEnvs());

describe("an address", () => {
  it.each([
    ["postgresql://me:s3cret@localhost/db"],
    ["postgres://me:s3cret@/db?host=/run"],
    ["postgresql://localhost/db?password=s3cret"],
    ["postgresql://me:s3c%ret@@localhost:x/db"],
    ["mysql://me:s3cret@localhost/db"],
  ])("is refused with a password in it, or of another database, and not repeated", async (url) => {
    const error = (await openStore(url).catch((thrown: unknown) => thrown)) as Error & { code: string };
    expect(error.code).toBe("store-address");
    expect(JSON.stringify([error.message, error, error.stack])).not.toContain("s3c");
  });

  it("is told from a folder, and says what is not there", async () => {
    const url = "postgresql://me@127.0.0.1:1/db";
    await expect(openStore(url)).rejects.toMatchObject({ code: "store-unreachable", path: url });
    await expect(openStore("postgresql://me@/db?host=/nowhere")).rejects.toMatchObject({ code: "store-unreachable" });
  });
});

it("writes arrays as the server reads them", () => {
  expect(writeArray(["a", "a b", 'q"\\', "", "null", "é", 1.5, -3n, null, Infinity, new Uint8Array([1, 255])])).toBe(
    '{a,"a b","q\\"\\\\","","null","é",1.5,-3,NULL,Infinity,"\\\\x01ff"}',
  );
});

describeWithPostgres("a store in a server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(PASSWORD);
  });
  afterAll(() => server.stop());

  it("takes the password from its option, the environment, or a file, and shows it nowhere", async () => {
    const url = await server.newSchema("reader");
    vi.stubEnv("PGPASSFILE", "/nowhere");
    for (const password of [undefined, "wrong s3cret"]) {
      const error = (await openStore(url, password === undefined ? {} : { password }).catch(
        (thrown: unknown) => thrown,
      )) as Error;
      expect(error).toMatchObject({ code: "store-refused", path: url });
      expect(JSON.stringify([error.message, error.stack, String(error.cause)])).not.toContain("wrong s3cret");
      expect(error.message).toContain("PGPASSWORD");
    }
    await (await openStore(url, { password: PASSWORD })).close();
    vi.stubEnv("PGPASSWORD", PASSWORD);
    await (await openStore(url)).close();
    vi.stubEnv("PGPASSWORD", undefined);
    const folder = await mkdtemp(join(tmpdir(), "btsbot-pass-"));
    await writeFile(join(folder, "pgpass"), `*:*:*:reader:${PASSWORD}\n`, { mode: 0o600 });
    vi.stubEnv("PGPASSFILE", join(folder, "pgpass"));
    const store = await openStore(url);
    expect(JSON.stringify(await store.info())).not.toContain(PASSWORD);
    await store.close();
    await rm(folder, { recursive: true });
  });

  it("refuses a database of a later version, another program's, and one that is not there", async () => {
    const url = await server.newSchema();
    await expect(openStore(url, { access: "watch" })).rejects.toMatchObject({ code: "store-missing", path: url });
    await (await openStore(url)).close();
    const connection = openPostgresConnection(createPostgresLink(await loadPostgres(), { url, waitMs: 1000 }));
    await migrate(connection, url, [...MIGRATIONS, async () => Promise.resolve()]);
    await connection.close();
    await expect(openStore(url)).rejects.toMatchObject({
      code: "store-newer",
      got: `version ${MIGRATIONS.length + 1}`,
    });
    const other = await server.newSchema();
    await server.run(`create table ${other.slice(other.lastIndexOf("s"))}.theirs (a int)`);
    await expect(openStore(other)).rejects.toMatchObject({ code: "store-damaged", got: "tables theirs" });
    const none = url.replace("/postgres?", "/none?");
    await expect(openStore(none)).rejects.toMatchObject({ code: "store-refused", path: none });
  });

  it("keeps what SQLite keeps: numbers that are none, stamps, labels; and refuses a NUL", async () => {
    const store = await openStore(await server.newSchema(), { stamps: true });
    const judged = makeJudged("a", 1, 0);
    const stampData = new Uint8Array([0, 92, 255]);
    const odd = { ...judged.alert, candidate: { ...judged.alert.candidate, fid: 1.5, magpsf: Infinity } };
    const unit = await store.begin();
    await unit.save({ alerts: [{ ...judged, alert: { ...odd, cutoutScience: { fileName: "s", stampData } } }] });
    await unit.commit();
    expect((await store.points(["a"])).get("a")).toMatchObject([{ fid: 1.5, magpsf: Infinity }]);
    await store.setLabels([{ objectId: "a", labeller: "me", label: "SN Ia", jd: FIRST }]);
    await store.setLabels([
      { objectId: "b", labeller: "me", label: "AGN", jd: FIRST },
      { objectId: "a", labeller: "me", label: null, jd: FIRST },
    ]);
    expect((await store.labels(["a", "b"])).map(({ objectId }) => objectId)).toEqual(["b"]);
    const bad = await store.begin();
    await expect(bad.save({ cursor: { source: "a\0b", value: "1" } })).rejects.toMatchObject({ code: "store-value" });
    await bad.rollback();
    await (await store.begin()).commit();
    expect(await store.info()).toMatchObject({ sources: 1, alerts: 1, labels: 1 });
    expect((await store.info()).bytes).toBeGreaterThan(100_000);
    await store.close();
  });

  it("looks nothing up but by an index", async () => {
    const url = await server.newSchema();
    const store = await openStore(url);
    const unit = await store.begin();
    await unit.save(makeChange(["a", "b"], 1));
    await unit.commit();
    const asked = [
      ...["states", "detections", "limits", "alerts", "scores"].map((table) => [
        `select * from ${table} where object_id = any('{a}')`,
        "_key",
      ]),
      ["select key from outbox where kind = 'action' and object_id = any('{a}')", "outbox_actions"],
      [
        "select key from outbox where state = 'pending' and kind = 'action' and number > 0 order by number limit 5",
        "outbox_pending",
      ],
      ["select max(number) from outbox", "outbox_pkey"],
      ["select id from provenances where body = any('{a}')", "provenances_body"],
      [
        "select object_id from sources where last_seen < 1 order by last_seen limit 5 for update skip locked",
        "sources_last_seen",
      ],
      ["select object_id from sources where object_id = any('{a}') order by object_id for update", "sources_pkey"],
    ];
    for (const [text, index] of asked) {
      const path = url.slice(url.lastIndexOf("D") + 1);
      // Of tables of a few rows the server takes all rows, unless it may not.
      const plan = await server.run(
        `set search_path = ${path}; set enable_seqscan = off; set enable_sort = off; explain ${text}`,
      );
      expect([text, plan]).toEqual([text, expect.stringContaining(index)]);
      expect(plan).not.toContain("Seq Scan");
    }
    await store.close();
  });
});
