import type { Reason } from "@btsbot/errors";
import { outputLength } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";

/** How far from 1 rounding, in half precision too, may put the sum of probabilities. */
const ROUNDING = 1e-2;

/**
 * What a network's answer says of one alert.
 *
 * @internal
 */
export type Answer =
  { readonly score: number } | { readonly classes: Readonly<Record<string, number>> } | { readonly reason: Reason };

/**
 * What a network answered for one alert, or why that is not an answer: a score is a probability, and so is that of
 * each class; those of classes add up to 1.
 *
 * @internal
 */
export function readAnswer({ name, output }: ModelDefinition, answer: Float32Array): Answer {
  if (answer.length !== outputLength(output) || !answer.every(Number.isFinite)) {
    return refuse("output-non-finite", name, answer);
  }
  if (!answer.every((value) => value >= 0 && value <= 1)) return refuse("output-out-of-range", name, answer);
  if (output.kind === "score") return { score: answer[0] };
  const sum = answer.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) > ROUNDING) return refuse("output-out-of-range", name, answer);
  return { classes: Object.fromEntries(output.classes.map((className, place) => [className, answer[place]])) };
}

const EXPECTED = {
  "output-non-finite": "finite numbers: the network may have gone beyond what single precision holds",
  "output-out-of-range": "a number from 0 to 1, for classes numbers that add up to 1",
} as const;

function refuse(code: keyof typeof EXPECTED, name: string, answer: Float32Array): Answer {
  const got = answer.join(", ") || "nothing";
  const expected = EXPECTED[code];
  return { reason: { code, message: `${name} answered ${got} (expected ${expected})`, expected, got } };
}
