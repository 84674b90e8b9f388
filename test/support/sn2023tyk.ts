import { readFileSync } from "node:fs";
import { BTSBOT_V1 } from "@btsbot/features";

/** The 23 alerts of SN 2023tyk as network inputs, and the scores that the authors' model gave them. */
export interface Sn2023tyk {
  /** 23 x 63 x 63 x 3 values. */
  readonly triplets: Float32Array;
  /** 23 x 25 values. */
  readonly metadata: Float32Array;
  /** BTSbot v1.0.1's scores, as published, float32. */
  readonly expected: readonly number[];
  /**
   * A column of the table.
   *
   * @param name - its title
   * @returns its numbers, one for each alert
   */
  column(name: string): readonly number[];
}

/**
 * Reads the authors' example: `triplets.npy` and `candidates.csv`.
 *
 * @param folder - the data folder
 */
export function readSn2023tyk(folder: string): Sn2023tyk {
  const [header, ...rows] = readFileSync(`${folder}/sn2023tyk/candidates.csv`, "utf8").trim().split(/\r?\n/);
  const columns = header.split(",");
  const column = (name: string) => {
    const place = columns.indexOf(name);
    if (place < 0) throw new Error(`candidates.csv has no column ${name}`);
    return rows.map((row) => Number(row.split(",")[place]));
  };
  const features = BTSBOT_V1.features.map(({ name }) => column(name));
  return {
    triplets: readNpy(readFileSync(`${folder}/sn2023tyk/triplets.npy`)),
    metadata: Float32Array.from(rows.flatMap((_, row) => features.map((values) => values[row]))),
    expected: column("expected_scores"),
    column,
  };
}

/** Reads a little-endian float64 array in C order (NumPy format 1.0: magic, version, header length, header). */
function readNpy(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  if (!header.includes("'<f8'") || !header.includes("'fortran_order': False"))
    throw new Error(`another array: ${header}`);
  return Float32Array.from({ length: (bytes.length - start) / 8 }, (_, index) =>
    view.getFloat64(start + 8 * index, true),
  );
}
