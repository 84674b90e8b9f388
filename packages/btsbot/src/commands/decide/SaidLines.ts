import { escapeUnsafe } from "../../terminal/printable.js";
import type { CliOutput } from "../../types.js";
import type { FilePlace } from "./filePlace.js";

/**
 * Lines that are written as inputs are read, each once, though a run may have died between a line and the place that says that it was
 * read: those of an earlier run stand in the file behind that place.
 *
 * @internal
 */
export class SaidLines {
  readonly #stdout: CliOutput;
  /** How often a line was said before. */
  readonly #before = new Map<string, number>();

  constructor(stdout: CliOutput) {
    this.#stdout = stdout;
  }

  /** Recalls what was written since a place was kept. */
  recall({ said }: FilePlace): void {
    const written = this.#stdout.written?.();
    if (said === undefined || written === undefined || written <= said) return;
    const tail = this.#stdout.readTail?.(written - said);
    // What was cut off in its line is no line.
    for (const line of new TextDecoder().decode(tail).split("\n").slice(0, -1))
      this.#before.set(line, (this.#before.get(line) ?? 0) + 1);
  }

  /** Writes a line that was not said before. */
  write(line: string): void {
    // As the output writes it.
    const written = escapeUnsafe(line);
    const times = this.#before.get(written) ?? 0;
    if (times > 0) this.#before.set(written, times - 1);
    else this.#stdout.write(`${line}\n`);
  }
}
