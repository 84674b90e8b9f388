import type { Activation } from "@btsbot/model";
import type { Machine } from "./ForwardKernels.js";
import type { Planner, Value } from "./Planner.js";

/** Activations that no kernel has: exponentials are taken in float64. ReLU is the kernels' own. */
const ACTIVATIONS = { sigmoid, softmax, tanh } as const;

/**
 * Adds the step of an activation on a value, in its place.
 *
 * @param planner - takes the step
 * @param value - the value
 * @param activation - what is applied; nothing is added for "linear" and "relu"
 */
export function planActivation(planner: Planner, value: Value, activation: Activation, reads: Value = value): void {
  if (activation === "linear" || activation === "relu") return;
  const apply = ACTIVATIONS[activation];
  planner.add(reads, (machine, first, count) => eachRow(machine, value, value.image ? 0 : first, count, apply));
}

/**
 * Visits the numbers of each pixel of images, or of each vector.
 *
 * @param machine - the memory
 * @param value - the value
 * @param first - the first alert
 * @param count - how many alerts
 * @param apply - gets the numbers, and may change them
 */
export function eachRow(
  { floats }: Machine,
  value: Value,
  first: number,
  count: number,
  apply: (row: Float32Array) => void,
): void {
  const start = value.address + first * value.copies * value.bytes;
  for (let at = start; at < start + count * value.copies * value.bytes; at += value.pixel) {
    apply(floats.subarray(at / 4, at / 4 + value.channels));
  }
}

function sigmoid(row: Float32Array): void {
  for (let i = 0; i < row.length; i++) row[i] = 1 / (1 + Math.exp(-row[i]));
}

function tanh(row: Float32Array): void {
  for (let i = 0; i < row.length; i++) row[i] = Math.tanh(row[i]);
}

function softmax(row: Float32Array): void {
  const largest = row.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(row, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  for (let i = 0; i < row.length; i++) row[i] = powers[i] / sum;
}
