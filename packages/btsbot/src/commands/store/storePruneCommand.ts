import { countOf } from "@btsbot/errors";
import { dateToJd, formatJd } from "@btsbot/sky";
import { openStore } from "@btsbot/store";
import { complain } from "../../terminal/complain.js";
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
  { stdout, stderr, now }: Terminal,
): Promise<number> {
  const today = dateToJd(new Date(now()));
  // Every source was last seen before then: a slip of the finger would empty the store.
  if (before > today) {
    complain(
      stderr,
      `--before ${formatJd(before)} is in the future, and would remove every light curve. Give a time up to now, ${formatJd(today)}.`,
    );
    return EXIT.usage;
  }
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
