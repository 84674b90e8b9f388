import { alerceStampClassifier, featuresNn, inferShapes, mmCnn, umCnn } from "@btsbot/model";
import type { Layer, ModelDefinition } from "@btsbot/model";
import { BtsbotError } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";

/** The papers' networks: BTSbot, its two alternatives of one kind of input, and ALeRCE's stamp classifier. */
export type Architecture = "mmCnn" | "umCnn" | "featuresNn" | "alerceStampClassifier";

/** A network by its papers' name, with what is to be otherwise. */
export interface NetworkConfig {
  /** Which one. */
  readonly architecture: Architecture;
  /** Pixels on a side of its image; the paper's by default. */
  readonly size?: number | undefined;
  /** The feature profile, as data or by its name; the paper's by default. */
  readonly profile?: string | ProfileData | undefined;
  /** What of its layers is otherwise, by the layer's name: `filters`, `kernelSize` (one number), `units`, `rate`, `momentum`. */
  readonly layers?: Readonly<Record<string, LayerConfig>> | undefined;
}

/** What of a layer is otherwise. */
export interface LayerConfig {
  /** Channels of a convolution's output. */
  readonly filters?: number | undefined;
  /** Pixels on a side of a convolution's window. */
  readonly kernelSize?: number | undefined;
  /** Length of a dense layer's output. */
  readonly units?: number | undefined;
  /** Share of the values that dropout drops. */
  readonly rate?: number | undefined;
  /** Weight of batch normalization's old moving statistics: less than the papers' 0.99 for sets of few batches. */
  readonly momentum?: number | undefined;
}

const ARCHITECTURES: Readonly<
  Record<Architecture, (name: string, version: string, size: number | undefined) => ModelDefinition>
> = {
  mmCnn: (name, version, size) => mmCnn(name, version, size),
  umCnn: (name, version, size) => umCnn(name, version, size),
  featuresNn: (name, version) => featuresNn(name, version),
  alerceStampClassifier: (name, version, size) => withSize(alerceStampClassifier({ name, version }), size),
};

/**
 * Makes one of the papers' networks, with layers of other sizes.
 *
 * @param network - which one, and what is otherwise
 * @param name - the model's name
 * @param version - the model's version
 * @param profiles - feature profiles of your own, for a network that names one
 * @returns the definition
 * @throws BtsbotError `profile-unknown` and `profile-invalid`; `config-invalid` naming a layer that there is not, or what it does not have; `model-invalid`
 * if the layers do not fit together
 *
 * @example
 * ```ts
 * import { buildDefinition } from "@btsbot/train";
 * import { inferShapes } from "@btsbot/model";
 *
 * const definition = buildDefinition({ architecture: "mmCnn", size: 21, layers: { comb_fc: { units: 16 } } }, "mine", "1");
 * inferShapes(definition).get("comb_fc"); // => [16]
 * ```
 */
export function buildDefinition(
  { architecture, size, profile, layers = {} }: NetworkConfig,
  name: string,
  version: string,
  profiles: readonly (FeatureProfile | ProfileData)[] = [],
): ModelDefinition {
  const published = ARCHITECTURES[architecture](name, version, size);
  const definition = profile === undefined ? published : withProfile(published, profile, profiles);
  const known = new Map(definition.layers.map((layer) => [layer.name, layer]));
  for (const layer of Object.keys(layers)) {
    if (known.has(layer)) continue;
    const expected = [...known.keys()].join(", ");
    throw new BtsbotError("config-invalid", "the network has no such layer", {
      path: `model.layers.${layer}`,
      expected,
    });
  }
  const changed = { ...definition, layers: definition.layers.map((layer) => changeLayer(layer, layers[layer.name])) };
  inferShapes(changed);
  return changed;
}

function changeLayer(layer: Layer, config: LayerConfig | undefined): Layer {
  if (config === undefined) return layer;
  const absent = Object.keys(config).filter((key) => !(key in layer));
  if (absent.length > 0) {
    throw new BtsbotError("config-invalid", `a ${layer.type} layer has no such setting`, {
      path: `model.layers.${layer.name}.${absent[0]}`,
    });
  }
  const { kernelSize, ...same } = config;
  return { ...layer, ...same, ...(kernelSize !== undefined && { kernelSize: [kernelSize, kernelSize] }) } as Layer;
}

/** The network with other features: what it knows of the paper's, such as bounds, does not fit them, and is refused. */
function withProfile(
  definition: ModelDefinition,
  profile: string | ProfileData,
  profiles: readonly (FeatureProfile | ProfileData)[],
): ModelDefinition {
  const { length } = toProfile(profile, profiles).features;
  if (definition.inputs.every(({ kind }) => kind === "image"))
    throw new BtsbotError("config-invalid", "the network reads no features", { path: "model.profile" });
  const inputs = definition.inputs.map((input) => (input.kind === "features" ? { ...input, profile, length } : input));
  return { ...definition, inputs };
}

function withSize(definition: ModelDefinition, size: number | undefined): ModelDefinition {
  if (size === undefined) return definition;
  const inputs = definition.inputs.map((input) =>
    input.kind === "image" ? { ...input, preprocessing: { ...input.preprocessing, size } } : input,
  );
  return { ...definition, inputs };
}
