import { inputLength } from "@btsbot/model";
import type { Model, ModelInput } from "@btsbot/model";
import { findExtents } from "./findExtents.js";
import { findTilings } from "./findTilings.js";
import { fuseLayers } from "./fuseLayers.js";
import { planLayer } from "./planLayer.js";
import { Planner } from "./Planner.js";
import type { Step, Value } from "./Planner.js";

/** A network laid out in memory. */
export interface Plan {
  /** Alerts worked on from input to output at once, and those whose images are held at once. */
  readonly alerts: number;
  readonly group: number;
  /** Pages of 64 kB that the memory needs. */
  readonly pages: number;
  /** What is written to the memory once. */
  readonly constants: readonly (readonly [address: number, data: Float32Array | Int32Array])[];
  /** The inputs that are read. */
  readonly inputs: readonly (readonly [input: ModelInput, value: Value])[];
  /** Room for an image as it comes, its pixels one after another. */
  readonly inputRoom: number;
  /** What is done with each group of images, then with the vectors of all alerts at hand. */
  readonly imageSteps: readonly Step[];
  readonly vectorSteps: readonly Step[];
  readonly output: Value;
}

/**
 * Compiles a network to steps over one memory. Room is used again once all have read what lies there.
 *
 * @param model - the network with its weights
 * @returns the plan
 */
export function planNetwork(model: Model): Plan {
  const { definition, weights } = model;
  const network = fuseLayers(model);
  const extents = findExtents(definition, network);
  // All that reads images comes first when it runs, so it must come first here too: room is released in this order.
  const alive = network.nodes.filter(({ name }) => extents.has(name));
  const readsImage = ({ inputs: [first] }: (typeof alive)[number]): boolean => extents.get(first)!.shape.length === 3;
  const nodes = [...alive.filter(readsImage), ...alive.filter((node) => !readsImage(node))];
  const kept = network.resolve(definition.output.layer);
  const planner = new Planner(definition, extents, findTilings(nodes, extents, kept));
  const inputs = definition.inputs.filter(({ name }) => extents.has(name)).map((input) => [input, planner.define(input.name)] as const);
  const last = new Map(nodes.flatMap((node) => node.inputs.map((input) => [input, node] as const)));
  for (const node of nodes) {
    planLayer(planner, node, weights);
    for (const input of new Set(node.inputs)) {
      // Vectors that come of images wait for all groups.
      if (input !== kept && last.get(input) === node && !definition.inputs.some(({ name }) => name === input)) {
        planner.release(planner.values.get(input)!);
      }
    }
  }
  const { alerts, group, imageSteps, vectorSteps } = planner;
  const lengths = definition.inputs.map((input) => (input.kind === "image" ? inputLength(input) : 0));
  const inputRoom = planner.constant(new Float32Array(Math.max(...lengths)));
  return { alerts, group, inputRoom, imageSteps, vectorSteps, inputs, output: planner.values.get(kept)!, ...planner.finish() };
}
