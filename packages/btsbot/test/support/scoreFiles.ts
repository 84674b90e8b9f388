import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SyntheticAlert, SyntheticSurvey } from "./syntheticScores.js";

type Row = Omit<SyntheticAlert, "score"> & { readonly score?: number | undefined };

/** Lines as `btsbot score --format jsonl` writes them, those without a score unscored. */
export function toJsonLines(rows: readonly Row[], model = "btsbot-v1.0.1"): string {
  return rows
    .map(({ objectId, candid, jd, magpsf, fid, score }, index) => {
      const result = score === undefined ? { status: "unscored", reasons: [] } : { status: "scored", score };
      return `${JSON.stringify({ file: "a.avro", index, objectId, candid, jd, scores: { [model]: result }, magpsf, fid })}\n`;
    })
    .join("");
}

/** The same as CSV. */
export function toCsv(rows: readonly Row[]): string {
  return [
    "objectId,candid,jd,fid,magpsf,score",
    ...rows.map((row) => [row.objectId, row.candid, row.jd, row.fid, row.magpsf, row.score ?? ""].join(",")),
  ].join("\n");
}

/**
 * Five sources, worked by hand. bts_p1 fires at A, B and E, bts_p2 at A and E; C is missed by both, E is junk.
 * Alerts fall in 4 nights. A was saved a day after the policies fired, and triggered a day and a half after.
 */
export const FIVE: readonly Row[] = [
  ["A", 2459300.8, 18.6, 0.9],
  ["A", 2459302.8, 18.2, 0.8],
  ["B", 2459300.8, 18.9, 0.7],
  ["B", 2459301.8, 18.8, 0.6],
  ["C", 2459301.8, 18.0, 0.4],
  ["C", 2459305.8, 17.9, 0.45],
  ["D", 2459300.8, 18.5, 0.1],
  ["D", 2459302.8, 18.4, 0.2],
  ["E", 2459300.8, 17.5, 0.99],
  ["E", 2459300.9, 17.5, 0.99],
].map(([objectId, jd, magpsf, score], index) => ({
  objectId: objectId as string,
  candid: String(1127495406315015000n + BigInt(index)),
  jd: jd as number,
  fid: 1 + (index % 2),
  magpsf: magpsf as number,
  score: score as number,
}));

export const FIVE_TRUTH = [
  "objectId,label,saveJd,triggerJd,junk,classification",
  "A,1,2459303.8,2459304.3,,SN Ia",
  "B,0,,,false,AGN",
  "C,1,,1e10,,",
  "D,0,nan,,,",
  "E,0,,,true,",
].join("\n");

/** Writes the five sources; gives the options that name the files. */
export function writeFive(folder: string, kind: "csv" | "jsonl" = "jsonl"): string[] {
  const [scores, truth] = [join(folder, `scores.${kind}`), join(folder, "truth.csv")];
  writeFileSync(scores, kind === "csv" ? toCsv(FIVE) : toJsonLines(FIVE));
  writeFileSync(truth, FIVE_TRUTH);
  return ["--scores", scores, "--truth", truth];
}

/** Writes a made-up survey; gives the options that name the files. */
export function writeSurvey(folder: string, { alerts, truth }: SyntheticSurvey): string[] {
  const paths = [join(folder, "survey.csv"), join(folder, "truth.jsonl")];
  writeFileSync(paths[0], toCsv(alerts));
  writeFileSync(paths[1], truth.map((row) => JSON.stringify(row)).join("\n"));
  return ["--scores", paths[0], "--truth", paths[1]];
}
