import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { Writable } from "node:stream";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";
import type { CliOutput } from "../types.js";
import { mendTail } from "./mendTail.js";
import { readTail } from "./readTail.js";

/** What fsync says of what has no disk: pipes, terminals, `/dev/null`. */
const NO_DISK: readonly (string | undefined)[] = ["EINVAL", "ENOTSUP", "EROFS"];

/** A stream of Node that is one of the process's own. */
type ProcessStream = Writable & CliOutput & { readonly fd: number };

/**
 * Makes of a stream of this process an output that says at once, and in words, what it did not take. A file is written
 * here to the last byte: Node's own stream takes a write that a nearly full disk cut short for a whole one. What collects text
 * for another program stays as it is.
 *
 * @param output - the stream
 * @param tell - takes what people should know
 *
 * @internal
 */
export function guardOutput(output: CliOutput, tell: (message: string) => void): CliOutput {
  if (!isProcessStream(output)) return output;
  const { isTTY = false, columns, fd } = output;
  const shape = { isTTY, ...(columns !== undefined && { columns }) };
  return { ...shape, ...(isSynchronous(fd, isTTY) ? fileOutput(fd, tell) : streamOutput(output)) };
}

/**
 * A file that goes on behind its last whole line, as an output that writes to the last byte.
 *
 * @throws BtsbotError `output-unwritable`
 *
 * @internal
 */
export function appendTo(
  path: string,
  tell: (message: string) => void,
): CliOutput & { readonly size: number; readonly close: () => void } {
  let fd: number;
  try {
    fd = openSync(path, "a+");
    // Half a line is of a run that did not end: what it was to say is said now.
    mendTail(fd, true, tell, path);
  } catch (error) {
    throw unwritable(error, path);
  }
  return { ...fileOutput(fd, tell, path), size: fstatSync(fd).size, close: () => closeSync(fd) };
}

/**
 * An output whose failures nobody can be told of.
 *
 * @internal
 */
export function ignoreFailures(output: CliOutput): CliOutput {
  if (isProcessStream(output)) output.on("error", () => undefined);
  return output;
}

function isProcessStream(output: CliOutput): output is ProcessStream {
  return output instanceof Writable && typeof (output as { readonly fd?: unknown }).fd === "number";
}

/** Files, and devices that are not terminals, such as /dev/full. */
function isSynchronous(fd: number, isTTY: boolean): boolean {
  const kind = fstatSync(fd);
  return kind.isFile() || (kind.isCharacterDevice() && !isTTY);
}

interface Guarded {
  write(text: string): void;
  flush(): Promise<void>;
  readTail?(bytes: number): Uint8Array | undefined;
  written?(): number | undefined;
  goOn?(): void;
  drained?(): Promise<void>;
}

function fileOutput(fd: number, tell: (message: string) => void, name = "standard output"): Guarded {
  let [begun, isOurs] = [false, false];
  return {
    goOn: () => (isOurs = true),
    write(text) {
      try {
        if (!begun && text !== "") {
          begun = true;
          // JSON Lines, which go on where an earlier run may have been cut short.
          if (text.startsWith("{")) mendTail(fd, isOurs, tell, name);
        }
        writeWhole(fd, text);
      } catch (error) {
        throw unwritable(error, name);
      }
    },
    readTail: (bytes) => readTail(fd, bytes),
    written: () => (fstatSync(fd).isFile() ? fstatSync(fd).size : undefined),
    async flush() {
      try {
        fsyncSync(fd);
      } catch (error) {
        if (!NO_DISK.includes((error as NodeJS.ErrnoException).code)) throw unwritable(error, name);
      }
    },
  };
}

/** Writes all of a text, or takes back what is left of its last line. */
function writeWhole(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    takeBack(fd, bytes.subarray(0, done));
    throw error;
  }
}

/** Of what was written, the line that has no end. A text of several lines keeps those that are whole. */
function takeBack(fd: number, written: Uint8Array): void {
  const half = written.length - 1 - written.lastIndexOf(10);
  const { size } = fstatSync(fd);
  if (half > 0 && fstatSync(fd).isFile()) ftruncateSync(fd, size - half);
}

/** A pipe says that its reader is gone after the write, by an event. */
function streamOutput(stream: ProcessStream): Guarded {
  let failure: unknown;
  let begun = false;
  stream.on("error", (error) => (failure ??= error));
  const check = (): void => {
    if (failure !== undefined) throw unwritable(failure);
  };
  return {
    write(text) {
      check();
      begun = true;
      stream.write(text);
    },
    async drained() {
      if (stream.writableNeedDrain && failure === undefined)
        await new Promise<void>((resolve) => {
          const events = ["drain", "error", "close"];
          const done = (): void => {
            for (const event of events) stream.off(event, done);
            resolve();
          };
          for (const event of events) stream.on(event, done);
        });
      check();
    },
    async flush() {
      // Who wrote nothing does not mind that nobody reads.
      if (!begun) return;
      check();
      await new Promise<void>((resolve) => stream.write("", (error) => ((failure ??= error ?? undefined), resolve())));
      check();
    },
  };
}

function unwritable(cause: unknown, path = "standard output"): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (cause instanceof BtsbotError || code === undefined) return cause;
  const summary =
    code === "EPIPE" ? "its reader closed it before everything was written" : "cannot be written, and is incomplete";
  return new BtsbotError("output-unwritable", summary, {
    path,
    ...(code !== "EPIPE" && { got: describeSystemError(code) }),
    cause,
  });
}
