import { BtsbotError } from "@btsbot/errors";
import type { Layer, ModelDefinition } from "./types.js";

/** Layers whose output is a probability where their input is: they pass it on, or take a mean or a maximum. */
const KEEPS = new Set<Layer["type"]>(["dropout", "flatten", "cyclicPooling", "globalAveragePooling2d", "maxPooling2d"]);

/**
 * Refuses a network whose output is not a probability: a logit looks like a score until it is 358. A
 * score must come from a sigmoid, classes from a softmax.
 *
 * @param definition - the network, its layers in order
 * @param given - what the caller had applied to the output
 * @throws BtsbotError `model-invalid` that says what to give, or that what was given is there already
 *
 * @internal
 */
export function checkProbability({ layers, output }: ModelDefinition, given?: "sigmoid" | "softmax"): void {
  const wanted = output.kind === "score" ? "sigmoid" : "softmax";
  const find = (name: string) => lastActivation(layers, name);
  const [last, before] = [find(output.layer), given && find(layers.at(-1)!.inputs[0])];
  if (last === wanted && before !== wanted && before !== "softmax") return;
  const path = output.layer;
  if (last === wanted) {
    throw new BtsbotError("model-invalid", "the network ends in probabilities already", {
      path,
      got: `activation: "${given}" after ${before}`,
      hint: "Leave `activation` out.",
    });
  }
  const what = output.kind === "score" ? "a score between 0 and 1" : "a probability for each class";
  throw new BtsbotError("model-invalid", `the output is not ${what}`, {
    path,
    expected: `a last layer with activation ${wanted}`,
    got: last,
    hint: `If the network gives logits, give \`activation: "${wanted}"\`.`,
  });
}

/** The activation that the values of a layer went through last, or the layer's type where it has none. */
function lastActivation(layers: readonly Layer[], name: string): string {
  let found = layers.find((layer) => layer.name === name);
  while (found !== undefined && KEEPS.has(found.type)) {
    const { inputs } = found;
    found = layers.find((layer) => layer.name === inputs[0]);
  }
  if (found === undefined) return "the input itself";
  return "activation" in found ? found.activation : found.type;
}
