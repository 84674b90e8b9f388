import { countOf } from "@btsbot/errors";
import { openStore } from "@btsbot/store";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import type { StorePruneOptions } from "./types.js";

/**
 * `btsbot store prune`.
 *
 * @internal
 */
export async function storePruneCommand(
  folder: string,
  { before }: StorePruneOptions,
  { stdout }: Terminal,
): Promise<number> {
  const store = await openStore(folder, { access: "watch" });
  try {
    const { sources, points, alerts } = await store.prune(before);
    stdout.write(
      `Removed ${countOf(points, "point")} and ${countOf(alerts, "alert")} of ${countOf(sources, "source")}\n`,
    );
  } finally {
    await store.close();
  }
  return EXIT.ok;
}
