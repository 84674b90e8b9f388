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

const WORDS: Readonly<Record<SkipKind, readonly [one: string, many: string, rest: string]>> = {
  hidden: ["hidden file", "hidden files", ""],
  "not-alerts": ["file that is not alerts", "files that are not alerts", ""],
  "not-a-file": ["link, pipe or device", "links, pipes or devices", ""],
  folder: ["folder", "folders", "; --recursive searches folders, too"],
};

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
        const [one, many, rest] = WORDS[kind];
        const more = count > names.length ? ` and ${count - names.length} more` : "";
        return `skipped ${count} ${count === 1 ? one : many}: ${names.join(", ")}${more}${rest}`;
      }),
  };
}
