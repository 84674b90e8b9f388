import type { LightCurvePoint } from "../types.js";
import type { Mark } from "./drawMark.js";

/** How a detection's mark is filled by its score. */
export function fillOf({ score }: LightCurvePoint, threshold: number): Mark["fill"] {
  if (score === undefined) return "pale";
  return score >= threshold ? "filled" : "hollow";
}
