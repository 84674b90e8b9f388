import { readFileSync } from "node:fs";
import { parse } from "node:path";

/** The 25 features by their columns in the published training set (DOMAIN: the profile's order). */
const COLUMNS = (
  "sgscore1 distpsnr1 sgscore2 distpsnr2 fwhm magpsf sigmapsf chipsf ra dec diffmaglim ndethist nmtchps age " +
  "days_since_peak days_to_peak peakmag_so_far new_drb ncovhist nnotdet chinr sharpnr scorr sky maxmag_so_far"
).split(" ");

/** The 23 alerts of SN 2023tyk: the network's inputs and the scores that the authors published. */
export function readTyk(dataFolder: string): { triplet: Float32Array; metadata: Float32Array; scores: number[] } {
  const folder = `${dataFolder}/sn2023tyk`;
  const [header, ...rows] = readFileSync(`${folder}/candidates.csv`, "utf8").trim().split(/\r?\n/).map((line) => line.split(","));
  const column = (row: string[], name: string) => {
    const value = Number(row[header.indexOf(name)]);
    if (!header.includes(name) || Number.isNaN(value)) throw new Error(`${parse(folder).base}: no ${name}`);
    return value;
  };
  return {
    triplet: readNpy(readFileSync(`${folder}/triplets.npy`)),
    metadata: Float32Array.from(rows.flatMap((row) => COLUMNS.map((name) => column(row, name)))),
    scores: rows.map((row) => column(row, "expected_scores")),
  };
}

/** NumPy's format 1.0: magic, version, length of the header, header, then float64 in C order. */
function readNpy(bytes: Buffer): Float32Array {
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  if (!header.includes("'<f8'") || !header.includes("'fortran_order': False")) throw new Error(header);
  return Float32Array.from({ length: (bytes.length - start) / 8 }, (_, i) => bytes.readDoubleLE(start + 8 * i));
}
