import { createModel, mmCnn } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";

/** What the image adds to each of the 8 units where BTSbot joins its branches. */
const OPINIONS = Array.from({ length: 8 }, (_, unit) => `unit ${unit}`);

/**
 * Takes v1.0.1 apart where its two branches meet: `comb_fc` is a dense layer of 8 units, so what comes before
 * its ReLU is what the image adds plus what the features add.
 *
 * @param model - the published model
 * @returns `image`: triplets to 8 numbers each; `combine`: these and features to logits
 */
export async function splitTeacher({ definition, weights }) {
  const flat = weights.get("comb_fc/kernel").shape[0] - 128;
  const kernel = weights.get("comb_fc/kernel").values;
  const imageDefinition = {
    ...mmCnn("image", "1"),
    inputs: definition.inputs.filter(({ kind }) => kind === "image"),
    layers: [
      ...definition.layers.filter(({ name }) => /^(conv|pool|flatten)/.test(name) || name.startsWith("max_pool")),
      { type: "dense", name: "opinion", inputs: ["flatten"], units: 8, activation: "linear", useBias: true },
    ],
    output: { kind: "classes", layer: "opinion", classes: OPINIONS },
  };
  const imageWeights = new Map([...weights].filter(([name]) => name.startsWith("conv")));
  imageWeights.set("opinion/kernel", { shape: [flat, 8], values: kernel.slice(0, flat * 8) });
  imageWeights.set("opinion/bias", { shape: [8], values: new Float32Array(8) });
  const prepared = await createSimdEngine().prepare(await createModel(imageDefinition, imageWeights));
  return {
    image: (triplets) => prepared.predict({ triplet: triplets }, triplets.length / (63 * 63 * 3)),
    combine: (opinions, features) => combine(weights, kernel.slice(flat * 8), opinions, features),
  };
}

/** The rest of the network in float64, one alert after another. */
function combine(weights, kernel, opinions, features) {
  const values = (name) => weights.get(name).values;
  const norm = ["gamma", "beta", "moving_mean", "moving_variance"].map((name) => values(`batch_normalization/${name}`));
  return Float64Array.from({ length: features.length / 25 }, (_, alert) => {
    const scaled = norm[0].map(
      (gamma, place) =>
        ((features[alert * 25 + place] - norm[2][place]) * gamma) / Math.sqrt(norm[3][place] + 0.001) + norm[1][place],
    );
    const first = dense(scaled, values("meta_fc1/kernel"), values("meta_fc1/bias")).map(relu);
    const second = dense(first, values("meta_fc2/kernel"), values("meta_fc2/bias")).map(relu);
    const joined = dense(second, kernel, values("comb_fc/bias")).map((value, unit) =>
      relu(value + opinions[alert * 8 + unit]),
    );
    return dense(joined, values("fc_out/kernel"), values("fc_out/bias"))[0];
  });
}

function dense(input, kernel, bias) {
  const output = Float64Array.from(bias);
  for (let row = 0; row < input.length; row++) {
    if (input[row] === 0) continue;
    for (let column = 0; column < output.length; column++)
      output[column] += input[row] * kernel[row * output.length + column];
  }
  return output;
}

const relu = (value) => Math.max(0, value);
