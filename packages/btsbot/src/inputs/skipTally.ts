import { countOf } from "@btsbot/errors";
import type { SkipReason } from "@btsbot/archive";

/**
 * Why something was left out; folders are, without `--recursive`.
 *
 * @internal
 */
export type SkipKind = SkipReason | "folder";

/**
 * Counts and names what was left out.
 *
 * @internal
 */
export interface SkipTally {
  readonly add: (name: string, kind: SkipKind) => void;
  /** One line for each kind. */
  readonly lines: () => string[];
}

/** Names that a line tells; of the others only their number. */
const MAX_NAMED = 3;

/** What a line says of so many. */
const WORDS: Readonly<Record<SkipKind, (count: number) => string>> = {
  hidden: (count) => countOf(count, "hidden file"),
  "not-alerts": (count) => countOf(count, "file that is not alerts", "files that are not alerts"),
  "not-a-file": (count) => countOf(count, "link, pipe or device", "links, pipes or devices"),
  "trailing-bytes": (count) => `what follows ${countOf(count, "gzip stream")}, and is not part of it`,
  folder: (count) => countOf(count, "folder"),
};
const REST: Readonly<Partial<Record<SkipKind, string>>> = { folder: "; --recursive searches folders too" };

/**
 * Makes a tally of what is left out.
 *
 * @internal
 */
export function createSkipTally(): SkipTally {
  const counts = new Map<SkipKind, { count: number; names: string[] }>();
  return {
    add(name, kind) {
      const entry = counts.get(kind) ?? { count: 0, names: [] };
      counts.set(kind, entry);
      entry.count += 1;
      if (entry.names.length < MAX_NAMED) entry.names.push(name);
    },
    lines: () =>
      [...counts].map(([kind, { count, names }]) => {
        const more = count > names.length ? ` and ${count - names.length} more` : "";
        return `skipped ${WORDS[kind](count)}: ${names.join(", ")}${more}${REST[kind] ?? ""}`;
      }),
  };
}
