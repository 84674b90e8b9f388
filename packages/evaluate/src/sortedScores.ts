import type { Problem } from "@btsbot/errors";
import { invalid, isScore, refuse, withType } from "./invalid.js";
import type { Label, LabeledAlert } from "./types/alerts.js";

/** The scores of a set of alerts by class, each rising: all that threshold metrics need. */
export interface SortedScores {
  /** Scores of the positive alerts. */
  readonly positives: Float64Array;
  /** Scores of the negative alerts. */
  readonly negatives: Float64Array;
}

/**
 * Sorts scores by class.
 *
 * @param rows - alerts with score and label
 * @returns their scores, so that the order of the rows does not matter
 * @throws BtsbotError `evaluation-invalid` for every row whose score is not a number from 0 to 1, NaN included,
 * or whose label is neither 0 nor 1
 */
export function sortScores(rows: readonly Pick<LabeledAlert, "score" | "label">[]): SortedScores {
  refuse(rows.flatMap((row, index) => checkRow(row, `rows[${index}]`)));
  return sortClasses(rows);
}

/**
 * {@link sortScores} of rows that were checked.
 *
 * @param rows - alerts with score and label
 * @returns their scores
 */
export function sortClasses(rows: readonly Pick<LabeledAlert, "score" | "label">[]): SortedScores {
  const ofClass = (wanted: Label): Float64Array =>
    Float64Array.from(
      rows.filter(({ label }) => label === wanted),
      ({ score }) => score,
    ).sort();
  return { positives: ofClass(1), negatives: ofClass(0) };
}

/**
 * What is wrong with a row.
 *
 * @param row - the row
 * @param path - its place
 * @returns a problem for each value that is wrong
 */
export function checkRow({ score, label }: Pick<LabeledAlert, "score" | "label">, path: string): Problem[] {
  return [
    ...(isScore(score) ? [] : [invalid(`${path}.score`, "a number from 0 to 1", withType(score))]),
    ...(label === 0 || label === 1 ? [] : [invalid(`${path}.label`, "0 or 1", withType(label))]),
  ];
}

/**
 * How many scores lie below one.
 *
 * @param scores - rising
 * @param score - the limit
 * @param included - whether scores equal to it count too
 * @returns their number
 */
export function countBelow(scores: Float64Array, score: number, included: boolean): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (scores[middle] < score || (included && scores[middle] === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}
