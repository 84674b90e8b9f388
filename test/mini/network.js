import { mmCnn } from "@btsbot/model";

/** The number that Keras adds to a variance before it takes its root, as in v1.0.1. */
const EPSILON = 0.001;

/** The network that ships: BTSbot's, with fewer and smaller filters that begin with a step of 2 pixels, and without dropout. */
export function miniDefinition({ name, version, filters }) {
  const base = mmCnn(name, version);
  const sources = { meta_fc2: "meta_fc1", fc_out: "comb_fc", conv3: "max_pool1", flatten: "max_pool2" };
  const pools = base.layers.filter(({ type }) => type === "maxPooling2d").map(({ name: pool }) => pool);
  [sources.conv3, sources.flatten] = pools;
  const layers = base.layers
    .filter(({ type }) => type !== "dropout")
    .map((layer) => ({ ...layer, inputs: layer.name in sources ? [sources[layer.name]] : layer.inputs }))
    .map((layer) => {
      if (layer.type !== "conv2d") return layer;
      const [width, size, step] = {
        conv1: [filters[0], 5, 2],
        conv2: [filters[0], 3, 1],
        conv3: [filters[1], 3, 1],
        conv4: [filters[1], 3, 1],
      }[layer.name];
      return { ...layer, filters: width, kernelSize: [size, size], strides: [step, step] };
    });
  return { ...base, layers };
}

/** The same for training: batch normalization must not follow the batch, or the layers after it were another network's. */
export function toTrainingDefinition(definition) {
  const fix = (layer) =>
    layer.type === "batchNormalization" ? { type: "standardize", name: layer.name, inputs: layer.inputs } : layer;
  return { ...definition, layers: definition.layers.map(fix) };
}

/** Mean and deviation that do what the four arrays of a batch normalization do. */
export function toStandardize(weights, name = "batch_normalization") {
  const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map(
    (each) => weights.get(`${name}/${each}`).values,
  );
  const deviation = variance.map((value, place) => Math.sqrt(value + EPSILON) / gamma[place]);
  return { mean: mean.map((value, place) => value - beta[place] * deviation[place]), deviation };
}
