import { BtsbotError } from "@btsbot/errors";
import type { ModelDefinition } from "./types/definition.js";
import type { Activation, Layer } from "./types/layers.js";

/** What a score, or the probabilities of classes, must come out of. */
const NEEDED = { score: "sigmoid", classes: "softmax" } as const;

/** Layers that give probabilities where they are given some: they pass them on, or take a mean or the largest. */
const TRANSPARENT: readonly Layer["type"][] = [
  "dropout",
  "flatten",
  "cyclicPooling",
  "globalAveragePooling2d",
  "maxPooling2d",
];

/**
 * Checks that a network ends in what gives probabilities: a sigmoid for a score, a softmax for classes. What
 * ends otherwise gives numbers, and a number is not a score just because it happens to lie between 0 and 1.
 *
 * An ONNX file shows no layers here, and what is still to be applied to its output is declared
 * (`OnnxNetwork.activation`); nor does a network without layers, which an engine of your own knows. What comes
 * out of these is looked at when they have answered: see `output-out-of-range`.
 *
 * @param definition - the network
 * @throws BtsbotError `output-not-probability`, naming the layer, and what to do
 *
 * @example
 * ```ts
 * import { checkOutput, mmCnn } from "@btsbot/model";
 *
 * checkOutput(mmCnn()); // => undefined
 * ```
 */
export function checkOutput(definition: ModelDefinition): void {
  const { output, onnx, layers } = definition;
  const needed = NEEDED[output.kind];
  const ends = onnx === undefined && layers.length > 0 ? findActivation(layers, output.layer) : needed;
  if (ends === needed) return;
  throw new BtsbotError(
    "output-not-probability",
    output.kind === "score" ? "the network does not end in a score" : "the network does not end in probabilities",
    {
      path: output.layer,
      expected: needed,
      got: ends ?? "a layer without an activation",
      hint: findWayOut(output.kind, ends),
    },
  );
}

function findWayOut(kind: ModelDefinition["output"]["kind"], ends: Activation | undefined): string {
  const needed = NEEDED[kind];
  if (ends === "linear")
    return `If what it gives is ${kind === "score" ? "a logit" : "logits"}, import it with \`activation: "${needed}"\`; else end the network in a ${needed}.`;
  if (kind === "score" && ends === "softmax")
    return "A softmax of one number is always 1. Of two classes, name them when it is imported (`classes`).";
  if (kind === "classes" && ends === "sigmoid")
    return "Classes exclude one another here. Make a model of each output, with one score.";
  return `End the network in a ${needed}.`;
}

/**
 * The activation that the values of a layer went through last; undefined where it has none.
 *
 * @internal
 */
export function findActivation(layers: readonly Layer[], last: string): Activation | undefined {
  let layer = layers.find(({ name }) => name === last);
  while (layer !== undefined && TRANSPARENT.includes(layer.type)) {
    const [input] = layer.inputs;
    layer = layers.find(({ name }) => name === input);
  }
  return layer !== undefined && "activation" in layer ? layer.activation : undefined;
}
