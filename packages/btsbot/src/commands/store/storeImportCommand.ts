import { existsSync } from "node:fs";
import { join } from "node:path";
import { countOf } from "@btsbot/errors";
import { openStore } from "@btsbot/store";
import { complain } from "../../terminal/complain.js";
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
  { stdout, stderr }: Terminal,
): Promise<number> {
  const file = join(from, "state.jsonl");
  if (!existsSync(file)) {
    complain(stderr, `${file}: there is nothing to take over`);
    return EXIT.unreadable;
  }
  const store = await openStore(folder);
  try {
    const counts = await store.importStateFolder(from);
    stdout.write(
      counts === undefined
        ? "Nothing to take over: state.jsonl was taken over before\n"
        : `Took over ${countOf(counts.sources, "source")} and ${countOf(counts.keys, "key")} of what had been printed\n`,
    );
  } finally {
    await store.close();
  }
  return EXIT.ok;
}
