import { openStore } from "@btsbot/store";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import type { StoreTableOptions } from "./types.js";

/** Rows that may wait for the reader. */
const PAGE = 1000;

/**
 * `btsbot store export`.
 *
 * @internal
 */
export async function storeExportCommand(
  folder: string,
  { table, nonPublic = false }: StoreTableOptions,
  { stdout }: Terminal,
): Promise<number> {
  const store = await openStore(folder, { access: "watch" });
  try {
    let rows = 0;
    for await (const row of store.export(table, { nonPublic })) {
      stdout.write(`${JSON.stringify(row)}\n`);
      rows += 1;
      // A reader may be slower than a disk.
      if (rows % PAGE === 0) await stdout.flush?.();
    }
  } finally {
    await store.close();
  }
  return EXIT.ok;
}
