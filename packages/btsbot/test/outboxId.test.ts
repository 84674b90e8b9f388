import { createMemoryStore } from "@btsbot/decide";
import type { Store } from "@btsbot/decide";
import { openStore } from "@btsbot/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { outboxId } from "../src/commands/stream/outboxId.js";
import { temporaryFolder } from "./support/runInProcess.js";

/** All ask at the same moment, and once more later. */
async function askAll(stores: readonly Store[]): Promise<Set<string>> {
  const ids = await Promise.all(stores.map(outboxId));
  return new Set([...ids, await outboxId(stores[0])]);
}

describe("the id of an outbox", () => {
  it("is one, whoever asks at the same moment", async () => {
    const store = createMemoryStore();
    expect((await askAll([store, store, store])).size).toBe(1);
  });

  it("outlives the process, and is another for another store", async () => {
    const folder = temporaryFolder();
    const ids: string[] = [];
    for (const place of [folder, folder, temporaryFolder()]) {
      const store = await openStore(place);
      ids.push(await outboxId(store));
      await store.close();
    }
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describeWithPostgres("the id of an outbox in PostgreSQL", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);

  afterAll(() => server.stop());

  it("is one, whichever of several processes begins first", async () => {
    const address = await server.newSchema();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(address)));
    try {
      expect((await askAll(stores)).size).toBe(1);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  }, 60_000);
});
