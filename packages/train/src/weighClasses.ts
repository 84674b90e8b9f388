import type { TrainingAlert } from "./types.js";

/**
 * The weight of each class in the loss: the inverse of its size, so that a class of few counts as much
 * as one of many. N / (K n): N of all, n of the class, K classes; equal classes all weigh 1.
 *
 * @param alerts - the alerts of the training part, thinned
 * @param classes - how many classes there are: 2 for a score
 * @param by - whether alerts or sources are counted; alerts, as in the published model, by default
 * @returns one weight for each class; 0 for a class that nothing belongs to
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 3.1.
 *
 * @example
 * ```ts
 * import { weighClasses } from "@btsbot/train";
 *
 * const good = { candid: "1", jd: 2458881, fid: 1, positive: true, hasPs1: true, hasFeatures: true, hasImage: true, className: null, teacher: null };
 * const alerts = [0, 0, 0, 1].map((label, row) => ({ ...good, row, label, objectId: `source ${label}` }));
 * weighClasses(alerts, 2); // => [4 / 6, 2]
 * weighClasses(alerts, 2, "sources"); // => [1, 1]
 * ```
 */
export function weighClasses(
  alerts: readonly TrainingAlert[],
  classes: number,
  by: "alerts" | "sources" = "alerts",
): number[] {
  const sizes = new Array<number>(classes).fill(0);
  const seen = new Set<string>();
  for (const { objectId, label } of alerts) {
    const key = `${label} ${objectId}`;
    if (by === "alerts" || !seen.has(key)) sizes[label] += 1;
    seen.add(key);
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => (size === 0 ? 0 : total / (classes * size)));
}
