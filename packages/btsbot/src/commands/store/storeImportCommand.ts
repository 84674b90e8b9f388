import { countOf } from "@btsbot/errors";
import { openStore } from "@btsbot/store";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import type { StoreImportOptions } from "./types.js";

/**
 * `btsbot store import`.
 *
 * @internal
 */
export async function storeImportCommand(
  folder: string,
  { from = folder }: StoreImportOptions,
  { stdout }: Terminal,
): Promise<number> {
  const store = await openStore(folder);
  try {
    const counts = await store.importStateFolder(from);
    stdout.write(
      counts === undefined
        ? "Nothing to take over: there is no state.jsonl, or it was taken over before\n"
        : `Took over ${countOf(counts.sources, "source")} and ${countOf(counts.keys, "key")} of what had been printed\n`,
    );
  } finally {
    await store.close();
  }
  return EXIT.ok;
}
