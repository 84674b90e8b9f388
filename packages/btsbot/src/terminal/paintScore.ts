import type { Colors } from "./createTerminal.js";

/** Above this a score means the model's own class: Rehemtulla et al. 2024, section 5. */
const POSITIVE = 0.5;
/** Below this a score is as good as zero to the eye. */
const NEGLIGIBLE = 0.1;

/**
 * Paints a score by its value.
 *
 * @internal
 */
export function paintScore(score: number, text: string, colors: Colors): string {
  if (score >= POSITIVE) return colors.green(colors.bold(text));
  return score >= NEGLIGIBLE ? colors.yellow(text) : text;
}
