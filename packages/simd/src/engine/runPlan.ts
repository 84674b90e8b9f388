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
export function runPlan(plan: Plan, machine: Machine, batch: Batch, count: number): Float32Array {
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
function write(plan: Plan, machine: Machine, batch: Batch, start: number, count: number, images: boolean): void {
  for (const [input, value] of plan.inputs) {
    if (value.image !== images) continue;
    const length = inputLength(input);
    for (let alert = 0; alert < count; alert++) {
      const from = batch[input.name].subarray((start + alert) * length, (start + alert + 1) * length);
      const target = value.address + alert * value.bytes;
      if (images) writeImage(machine, plan.inputRoom, value, target, from);
      else machine.floats.set(from, target / 4);
    }
  }
}

/** As much of an image as is read. The zeros that pad a pixel are the memory's own: nothing else is ever written there. */
function writeImage(
  { floats, kernels }: Machine,
  room: number,
  { channels, height, width, pixel, shape }: Value,
  target: number,
  from: Float32Array,
): void {
  const row = 4 * shape[1] * channels;
  floats.set(from.subarray(0, (height * row) / 4), room / 4);
  // Rows that are read whole are one long row.
  const [rows, pixels] = width === shape[1] ? [1, height * width] : [height, width];
  for (let y = 0; y < rows; y++)
    kernels.copyRows(room + y * row, 4 * channels, target + y * pixels * pixel, pixel, channels, pixels);
}
