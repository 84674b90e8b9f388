import type { OnnxNetwork } from "@btsbot/model";

/**
 * Turns what a network gives into probabilities, row by row. A value that is not finite makes its row
 * NaN: the sigmoid of an infinite logit would be a score that looks real.
 *
 * @internal
 */
export function applyActivation(
  values: Float32Array,
  length: number,
  activation: OnnxNetwork["activation"],
): Float32Array {
  const applied = values.slice();
  for (let start = 0; start < applied.length; start += length) {
    const row = applied.subarray(start, start + length);
    if (!row.every(Number.isFinite)) row.fill(NaN);
    else if (activation === "sigmoid") row.set(row.map(sigmoid));
    else if (activation === "softmax") row.set(softmax(row));
  }
  return applied;
}

/** Of the two forms, the one whose exponential cannot overflow. */
function sigmoid(logit: number): number {
  if (logit >= 0) return 1 / (1 + Math.exp(-logit));
  const exponential = Math.exp(logit);
  return exponential / (1 + exponential);
}

function softmax(logits: Float32Array): number[] {
  const greatest = logits.reduce((a, b) => Math.max(a, b));
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - greatest));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((exponential) => exponential / sum);
}
