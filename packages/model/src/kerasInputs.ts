import { BtsbotError, checkOptions, countOf } from "@btsbot/errors";
import type { OptionNames, Problem } from "@btsbot/errors";
import type { ImagePreprocessing } from "@btsbot/cutout";
import type { KerasImport, KerasInput, KerasPreprocessing } from "./kerasImport.js";
import { listOf } from "./kerasNodes.js";
import { nameOf } from "./kerasOptions.js";
import type { KerasLayer } from "./kerasOptions.js";
import type { ModelInput } from "./types/definition.js";

/** Pixels on a side of a stamp: no larger image can be made (ZTF Science Data System Explanatory Supplement). */
const STAMP_SIZE = 63;
/** Pixels on a side of the largest image that stamps of any size are brought to. */
const MOST_PIXELS = 1024;

/** Science, template, difference, where the preprocessing does not say otherwise. */
const PLANES = 3;

const KERAS_INPUT: OptionNames<KerasInput> = { profile: "string|object", preprocessing: "object" };

/**
 * Reads the inputs of a network.
 *
 * @param layers - all layers; those that are not inputs are left out
 * @param details - what the configuration does not say
 * @returns the inputs, and what is wrong with the others
 *
 * @internal
 */
export function readKerasInputs(
  layers: readonly KerasLayer[],
  details: KerasImport,
): { readonly inputs: ModelInput[]; readonly problems: Problem[] } {
  const given = layers.filter((layer) => layer.class_name === "InputLayer");
  const isAlone = given.filter((layer) => axesOf(layer).length === 3).length < 2;
  const inputs: ModelInput[] = [];
  const problems: Problem[] = [];
  for (const layer of given) {
    const input = readInput(layer, details, isAlone);
    if ("code" in input) problems.push(input);
    else inputs.push(input);
  }
  return { inputs, problems: [...problems, ...checkNames(given.map(nameOf), details)] };
}

/** A misspelt name would leave its input to the defaults. */
function checkNames(known: readonly string[], { inputs = {} }: KerasImport): Problem[] {
  const names = Object.keys(inputs);
  const options = Object.fromEntries(names.map((name) => [name, KERAS_INPUT]));
  checkOptions<{ inputs: object }>("fromKerasConfig", { inputs }, { inputs: options });
  const expected = known.length > 1 ? `one of ${known.join(", ")}` : known.join();
  return names.flatMap((name) =>
    known.includes(name)
      ? []
      : BtsbotError.problem("model-invalid", "the network has no such input", { path: `inputs.${name}`, expected }),
  );
}

/** The axes of an input after the batch's. */
function axesOf({ config: { batch_input_shape: shape, batch_shape: shape3 } }: KerasLayer): readonly unknown[] {
  return listOf(shape ?? shape3).slice(1);
}

const SAY_PLANES = "Say in `preprocessing` which `planes` the network reads, by their names";

function readInput(layer: KerasLayer, all: KerasImport, isAlone: boolean): ModelInput | Problem {
  const axes = axesOf(layer);
  const path = nameOf(layer);
  const own = all.inputs !== undefined && Object.hasOwn(all.inputs, path) ? all.inputs[path] : {};
  const details = { ...all, ...own };
  const [size, width, planes] = axes;
  if (axes.length === 1 && isSize(size) && details.profile !== undefined) {
    return { kind: "features", name: path, profile: details.profile, length: size };
  }
  const given: KerasPreprocessing = details.preprocessing ?? { normalization: "l2" };
  const preprocessing = { ...given, size: given.size ?? size } as ImagePreprocessing;
  const most = preprocessing.anySize || isOtherSurvey(details) ? MOST_PIXELS : STAMP_SIZE;
  const stated = preprocessing.planes?.length ?? PLANES;
  if (axes.length === 3 && isSize(size) && size <= most && size === width && isSize(planes)) {
    if (preprocessing.size === size && stated === planes) return { kind: "image", name: path, preprocessing };
    return BtsbotError.problem("model-invalid", "the preprocessing gives images of another form", {
      path,
      expected: `size ${size}, ${countOf(planes, "plane")}`,
      got: `size ${preprocessing.size}, ${countOf(stated, "plane")}`,
      hint: SAY_PLANES + (isAlone ? "." : ", or of each input by its name in `inputs`."),
    });
  }
  return BtsbotError.problem("model-invalid", "not an input that is known here", {
    path,
    expected: `(n, n, planes) with n from 1 to ${most}, or (n) with a feature profile`,
    got: `(${axes.slice(0, 9).map(String).join(", ")})${axes.length === 1 ? " without a profile" : ""}`,
    ...(axes.length === 1 && { hint: "A vector of features needs to be told which: give `profile`." }),
  });
}

/** Stamps of surveys other than ZTF have other sizes. */
function isOtherSurvey({ survey, profile }: KerasImport): boolean {
  const named = survey ?? (typeof profile === "object" ? profile.survey : undefined);
  return named !== undefined && named !== "ztf";
}

function isSize(axis: unknown): axis is number {
  return typeof axis === "number" && Number.isInteger(axis) && axis > 0;
}
