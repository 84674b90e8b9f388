import type { FilePlace } from "./filePlace.js";

/** Counts what is read of a file. */
interface MemberCount {
  /** For the file's `read`: asked for each member, in order. */
  readonly skip: (name: string) => number;
  /** To be called for each outcome: where it stands. */
  readonly count: () => Pick<FilePlace, "member" | "done">;
  /** Whether the place that it began behind was there. */
  readonly isFound: () => boolean;
}

/**
 * Counts members of a file, and outcomes of a member, from the beginning or behind a place.
 *
 * @param from - the place; absent for the beginning
 *
 * @internal
 */
export function createMemberCount(from?: FilePlace): MemberCount {
  let [member, done] = [0, 0];
  let found = from === undefined || from.member === 0;
  return {
    skip(name) {
      member += 1;
      done = 0;
      if (found) return 0;
      if (member !== from!.member || !from!.at.startsWith(`${name}#`)) return Infinity;
      found = true;
      return (done = from!.done);
    },
    count() {
      done += 1;
      return { member, done };
    },
    isFound: () => found,
  };
}
