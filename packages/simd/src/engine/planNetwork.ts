import { inputLength } from "@btsbot/model";
import type { Model, ModelInput, Seat } from "@btsbot/model";
import { findExtents } from "./findExtents.js";
import { findTilings } from "./findTilings.js";
import { fuseLayers } from "./fuseLayers.js";
import { planLayer } from "./planLayer.js";
import { Planner } from "./Planner.js";
import type { Layout, Step, Value } from "./Planner.js";

/** What is done to run a network on a memory that has what its layout asks for. */
export interface Plan {
  /** Alerts worked on from input to output at once, and those whose images are held at once. */
  readonly alerts: number;
  readonly group: number;
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
 * @param seat - which of how many threads runs it on the memory
 * @returns the plan, and what the memory must have
 */
export function planNetwork(
  model: Model,
  seat: Pick<Seat, "index" | "count">,
): { readonly plan: Plan; readonly layout: Layout } {
  const { definition, weights } = model;
  const network = fuseLayers(model);
  const extents = findExtents(definition, network);
  // All that reads images comes first when it runs, so it must come first here too: room is released in this order.
  const alive = network.nodes.filter(({ name }) => extents.has(name));
  const readsImage = ({ inputs: [first] }: (typeof alive)[number]): boolean => extents.get(first)!.shape.length === 3;
  const nodes = [...alive.filter(readsImage), ...alive.filter((node) => !readsImage(node))];
  const kept = network.resolve(definition.output.layer);
  const planner = new Planner(definition, extents, findTilings(nodes, extents, kept), seat);
  const inputs = definition.inputs
    .filter(({ name }) => extents.has(name))
    .map((input) => [input, planner.define(input.name)] as const);
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
  const inputRoom = planner.room(4 * Math.max(...lengths));
  const plan = { alerts, group, inputRoom, imageSteps, vectorSteps, inputs, output: planner.values.get(kept)! };
  return { plan, layout: planner.finish() };
}
