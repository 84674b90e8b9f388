import { BtsbotError } from "@btsbot/errors";

/**
 * What a network shall answer when a teacher has an opinion too: (1 - w) times the truth plus w times
 * the teacher's score. Without an opinion it is the truth.
 *
 * @param label - the truth, 0 or 1
 * @param teacher - the teacher's score, 0 to 1; null where there is none
 * @param weight - w, the teacher's part, 0 (truth alone) to 1 (teacher alone)
 * @returns the target, 0 to 1
 * @throws BtsbotError `label-invalid` for a truth that is neither 0 nor 1, or a score outside 0 to 1
 *
 * Source: Hinton, Vinyals and Dean 2015, arXiv:1503.02531, section 2, at temperature 1.
 *
 * @example
 * ```ts
 * import { mixTarget } from "@btsbot/train";
 *
 * mixTarget(1, 0.5, 0.25); // => 0.875
 * mixTarget(0, null, 0.25); // => 0
 * ```
 */
export function mixTarget(label: number, teacher: number | null, weight: number): number {
  if (label !== 0 && label !== 1)
    throw new BtsbotError("label-invalid", "no truth", { path: "label", expected: "0 or 1", got: `${label}` });
  if (teacher === null) return label;
  if (!(teacher >= 0 && teacher <= 1)) {
    throw new BtsbotError("label-invalid", "no score of a teacher", {
      path: "teacher",
      expected: "0 to 1",
      got: `${teacher}`,
    });
  }
  return (1 - weight) * label + weight * teacher;
}
