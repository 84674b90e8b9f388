/** Numbers of the signals (POSIX.1-2017, signal.h and kill). */
const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
/** What a shell adds to the number of the signal that ended a command (POSIX.1-2017, 2.8.2: more than 128). */
const BASE = 128;

/**
 * The signals that end a command in order.
 *
 * @internal
 */
export type EndingSignal = keyof typeof NUMBERS;

/**
 * Why a command ends before it is done: a signal of the system.
 *
 * @internal
 */
export class Interruption extends Error {
  /** The exit status. */
  readonly status: number;

  constructor(readonly signal: EndingSignal) {
    super(`stopped by ${signal}`);
    this.status = BASE + NUMBERS[signal];
  }
}
