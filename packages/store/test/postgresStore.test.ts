import { openStore } from "@btsbot/store";
import { afterAll, beforeAll } from "vitest";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { describeStore } from "../../../test/support/storeConformance.js";

describeWithPostgres("a store in a server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describeStore("in PostgreSQL", async () => {
    const url = await server.newSchema();
    let store = await openStore(url);
    return {
      store,
      async reopen() {
        await store.close();
        store = await openStore(url);
        return store;
      },
      remove: () => store.close(),
    };
  });
});
