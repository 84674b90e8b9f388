import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { BtsbotError, countOf } from "@btsbot/errors";
import { toFileError } from "@btsbot/tables";

/** An array in a file, of which rows are read as they are needed. */
export interface NpyFile {
  /** Length of each axis; the first is the rows. */
  readonly shape: readonly number[];
  /** Values in a row. */
  readonly rowLength: number;
  /**
   * Reads one row.
   *
   * @param row - which, from 0
   * @returns its values, last axis fastest, as float32
   */
  readRow(row: number): Promise<Float32Array>;
  /** Closes the file. */
  close(): Promise<void>;
}

/** `\x93NUMPY`, major and minor version. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Bytes of a value by NumPy's name of its type. */
const SIZES: Readonly<Record<string, number>> = { "<f4": 4, "<f8": 8 };
/** Anything longer than this is not a header. */
const MAX_HEADER = 1 << 16;

/**
 * Opens a NumPy array of images, or of anything in rows, without reading it.
 *
 * @param path - the file: little-endian float32 or float64, C order, format 1, 2 or 3
 * @param rowShape - length of the axes after the first, where they are known
 * @returns the array; close it when done
 * @throws BtsbotError `npy-invalid` for another type, order or shape, or a file that is cut short; `file-unreadable`
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @example
 * ```ts
 * import { openNpy } from "@btsbot/train";
 *
 * await openNpy("/nonexistent").catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function openNpy(path: string, rowShape?: readonly number[]): Promise<NpyFile> {
  const file = await open(path).catch((cause: unknown) => {
    throw toFileError(cause, path, { doing: "read", summary: "cannot be opened" });
  });
  try {
    const { start, size, shape } = await readHeader(file, path);
    checkShape(path, shape, rowShape);
    const rowLength = shape.slice(1).reduce((product, axis) => product * axis, 1);
    const expected = start + shape[0] * rowLength * size;
    const { size: got } = await file.stat();
    if (got !== expected)
      throw invalid(
        path,
        "the file does not have the length that its header states",
        countOf(expected, "byte"),
        countOf(got, "byte"),
      );
    return {
      shape,
      rowLength,
      readRow: (row) => readRow(file, path, { row, rows: shape[0], rowLength, start, size }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(
  file: FileHandle,
  path: string,
): Promise<{ start: number; size: number; shape: readonly number[] }> {
  const head = await readBytes(file, path, 0, 12);
  if (head.length < 12 || !MAGIC.every((byte, place) => head[place] === byte)) {
    throw invalid(path, "it is not a NumPy array", "\\x93NUMPY at its start", countOf(head.length, "byte"));
  }
  // Format 1 has two bytes of length, the later ones four.
  const [lengthAt, start] =
    head[6] === 1 ? [head[8] + 256 * head[9], 10] : [new DataView(head.buffer).getUint32(8, true), 12];
  if (lengthAt > MAX_HEADER)
    throw invalid(path, "its header is too long", `${MAX_HEADER} bytes`, countOf(lengthAt, "byte"));
  const text = new TextDecoder("latin1").decode(await readBytes(file, path, start, lengthAt));
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? text.trim().slice(0, 60);
  const size = SIZES[type];
  if (size === undefined)
    throw invalid(path, "its values are of another type", "<f4 or <f8 (float32 or float64)", type);
  if (!/'fortran_order':\s*False/.test(text))
    throw invalid(path, "its values are in another order", "C order", "Fortran order");
  const axes =
    /'shape':\s*\(([\d,\s]*)\)/
      .exec(text)?.[1]
      .split(",")
      .map((axis) => axis.trim()) ?? [];
  return { start: start + lengthAt, size, shape: axes.filter((axis) => axis !== "").map(Number) };
}

function checkShape(path: string, shape: readonly number[], rowShape: readonly number[] | undefined): void {
  const expected = rowShape === undefined ? "rows" : `(N, ${rowShape.join(", ")})`;
  const fits = shape.length > 0 && (rowShape === undefined || String(shape.slice(1)) === String(rowShape));
  if (!fits) throw invalid(path, "it has another shape", expected, `(${shape.join(", ")})`);
}

interface RowPlace {
  readonly row: number;
  readonly rows: number;
  readonly rowLength: number;
  readonly start: number;
  readonly size: number;
}

async function readRow(
  file: FileHandle,
  path: string,
  { row, rows, rowLength, start, size }: RowPlace,
): Promise<Float32Array> {
  if (!Number.isInteger(row) || row < 0 || row >= rows)
    throw new RangeError(`row: expected a whole number from 0 to ${rows - 1}, got ${row}`);
  const bytes = await readBytes(file, path, start + row * rowLength * size, rowLength * size);
  if (bytes.length < rowLength * size)
    throw invalid(path, "it has become shorter while it was read", `row ${row}`, countOf(bytes.length, "byte"));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(rowLength);
  for (let place = 0; place < rowLength; place += 1)
    values[place] = size === 8 ? view.getFloat64(8 * place, true) : view.getFloat32(4 * place, true);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw invalid(`${path}, row ${row}`, "it holds NaN or infinity", "finite values", `${values[bad]} at ${bad}`);
  return values;
}

async function readBytes(file: FileHandle, path: string, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done).catch((cause: unknown) => {
      throw toFileError(cause, path, { doing: "read" });
    });
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function invalid(path: string, summary: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("npy-invalid", summary, { path, expected, got });
}
