import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@btsbot/store";
import type { SqlStore, StoreOptions } from "@btsbot/store";

/** A store in a folder of its own. */
export interface FolderStore {
  readonly folder: string;
  readonly store: SqlStore;
  reopen(changes?: Partial<StoreOptions>): Promise<SqlStore>;
  remove(): Promise<void>;
}

/** Opens a store in a new folder. */
export async function openFolder(options: Partial<StoreOptions> = {}): Promise<FolderStore> {
  const folder = await mkdtemp(join(tmpdir(), "btsbot-store-"));
  let store = await openStore(folder, options);
  return {
    folder,
    get store() {
      return store;
    },
    async reopen(changes = {}) {
      await store.close();
      store = await openStore(folder, { ...options, ...changes });
      return store;
    },
    async remove() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
