/** Where the command writes: a stream of Node, or whatever collects text. */
export interface CliOutput {
  /** Takes text. */
  write(text: string): unknown;
  /** Waits until all that was written is where it was to go; absent where that is so at once. */
  flush?(): Promise<void>;
  /**
   * The last bytes of what the output goes to, for whoever has to know what an earlier run has written there; absent, or
   * undefined, where that cannot be read: a pipe, a terminal.
   */
  readTail?(bytes: number): Uint8Array | undefined;
  /** Bytes of the file that the output goes to; absent, or undefined, where it goes to none. */
  written?(): number | undefined;
  /** Told before the first write of a run that goes on where an earlier one was cut short: half a line at the end is that one's. */
  goOn?(): void;
  /** Waits, where its reader is slow, until it takes more; absent where it always does. */
  drained?(): Promise<void>;
  /** Whether this is a terminal: colors, tables and progress appear only there. */
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined;
}

/** What the command line touches of the world, so that it can be run inside another program. */
export interface CliIo {
  /** Results, and nothing else. */
  readonly stdout: CliOutput;
  /** Progress, warnings and errors. */
  readonly stderr: CliOutput;
  /** Bytes for an input named `-`. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The environment: `BTSBOT_CACHE`, `NO_COLOR`, `FORCE_COLOR`, `TERM` and what the cache's place depends on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Ends a command that scores alerts, in order: what is written stays whole, a state as it was or as a whole batch left it. Asked
   * for when such a command begins; the others do not heed it.
   */
  readonly signal?: AbortSignal | undefined;
}
