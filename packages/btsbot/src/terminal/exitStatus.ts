/**
 * What the command's exit status says.
 *
 * @internal
 */
export const EXIT = {
  /** Everything was done. An alert without a score, with its reasons, is not an error. */
  ok: 0,
  /** Some input could not be read, or a file not written or fetched; the rest was done. */
  unreadable: 1,
  /** Wrong usage, or a model that is not available: nothing was done. */
  usage: 2,
  /** Ended from outside; a signal of the system has its own, 128 and its number. */
  interrupted: 130,
  /** A fault of this program (EX_SOFTWARE of sysexits.h). */
  internal: 70,
} as const;
