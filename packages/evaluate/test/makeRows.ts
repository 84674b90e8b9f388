import type { Label } from "@btsbot/evaluate";

/** An alert of the alert level, of a magnitude that no test of it minds. */
export interface Row {
  readonly score: number;
  readonly label: Label;
  readonly magpsf: number;
}

/**
 * Alerts by score and label.
 *
 * @param labels - 0 and 1
 * @param scores - as many scores
 * @returns the alerts, all of 18 mag
 */
export function makeRows(labels: readonly number[], scores: readonly number[]): Row[] {
  return labels.map((label, index) => ({ label: label as Label, score: scores[index], magpsf: 18 }));
}

/**
 * 200 alerts with 21 different scores, so that most are equal to others: from the linear congruential generator
 * x -> (1103515245 x + 12345) mod 2^31, x = 12345. Each takes two numbers: the score is (x >> 16) % 21 / 20, the
 * label 1 where (x >> 16) % 100 / 100 < 0.2 + 0.6 score. The same lines in Python gave what scikit-learn was fed.
 *
 * @returns the alerts, 97 of them positive
 */
export function makeTiedRows(): Row[] {
  let x = 12345;
  const next = (): number => {
    x = (Math.imul(1103515245, x) + 12345) & 0x7fffffff;
    return x >> 16;
  };
  return Array.from({ length: 200 }, () => {
    const score = (next() % 21) / 20;
    return { score, label: (next() % 100) / 100 < 0.2 + 0.6 * score ? 1 : 0, magpsf: 18 };
  });
}

/**
 * Alerts with scores rounded to one digit.
 *
 * @param count - how many
 * @param random - numbers from 0 to 1
 * @returns the alerts
 */
export function makeRandomRows(count: number, random: () => number): Row[] {
  return Array.from({ length: count }, () => ({
    score: Math.round(random() * 10) / 10,
    label: random() < 0.3 ? 1 : 0,
    magpsf: 15 + 6 * random(),
  }));
}
