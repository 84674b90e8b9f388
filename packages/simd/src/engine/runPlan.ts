import { inputLength } from "@btsbot/model";
import type { Batch } from "@btsbot/model";
import type { Machine } from "./ForwardKernels.js";
import type { Plan } from "./planNetwork.js";
import type { Value } from "./Planner.js";

/**
 * Runs a network on a batch that has been checked.
 *
 * @param plan - the network's steps
 * @param machine - the memory with the network's constants, and the kernels
 * @param batch - the inputs
 * @param count - how many alerts
 * @returns the output, alert after alert
 */
export function runPlan(plan: Omit<Plan, "constants">, machine: Machine, batch: Batch, count: number): Float32Array {
  const { output } = plan;
  const result = new Float32Array(count * output.channels);
  for (let start = 0; start < count; start += plan.alerts) {
    const alerts = Math.min(plan.alerts, count - start);
    write(plan, machine, batch, start, alerts, false);
    for (let first = 0; first < alerts; first += plan.group) {
      const images = Math.min(plan.group, alerts - first);
      write(plan, machine, batch, start + first, images, true);
      for (const step of plan.imageSteps) step(machine, first, images);
    }
    for (const step of plan.vectorSteps) step(machine, 0, alerts);
    for (let alert = 0; alert < alerts; alert++) {
      const at = (output.address + alert * output.bytes) / 4;
      result.set(machine.floats.subarray(at, at + output.channels), (start + alert) * output.channels);
    }
  }
  return result;
}

/** Writes the images, or the vectors, of some alerts. */
function write(plan: Omit<Plan, "constants">, { floats }: Machine, batch: Batch, start: number, count: number, images: boolean): void {
  for (const [input, value] of plan.inputs) {
    if (value.image !== images) continue;
    const length = inputLength(input);
    for (let alert = 0; alert < count; alert++) {
      const from = batch[input.name].subarray((start + alert) * length, (start + alert + 1) * length);
      writeAlert(floats, value, (value.address + alert * value.bytes) / 4, from);
    }
  }
}

/** One alert: as much of an image as is read. The zeros that pad a pixel are the memory's own: nothing else is ever written there. */
function writeAlert(floats: Float32Array, value: Value, target: number, from: Float32Array): void {
  if (!value.image) return floats.set(from, target);
  const { channels, height, width } = value;
  const step = value.pixel / 4;
  const row = value.shape[1] * channels;
  for (let y = 0, at = target; y < height; y++) {
    const end = y * row + width * channels;
    // An image has three planes.
    for (let source = y * row; source < end; source += 3, at += step) {
      floats[at] = from[source];
      floats[at + 1] = from[source + 1];
      floats[at + 2] = from[source + 2];
    }
  }
}
