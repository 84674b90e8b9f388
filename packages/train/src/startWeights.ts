import { initializeWeights } from "@btsbot/model";
import type { Layer, ModelDefinition, Weight, Weights } from "@btsbot/model";
import type { TrainingSet } from "./openTrainingSet.js";

/** Alerts whose features are looked at, one read. */
const AT_ONCE = 1024;

/** Layers that know the mean and the spread of what they read, by the names of these weights; the spread as deviation or variance. */
const STATISTICS: Readonly<
  Partial<Record<Layer["type"], { readonly mean: string; readonly spread: string; readonly power: 1 | 2 }>>
> = {
  standardize: { mean: "mean", spread: "deviation", power: 1 },
  batchNormalization: { mean: "moving_mean", spread: "moving_variance", power: 2 },
};

/**
 * The weights that training starts from: by chance, and for layers that normalize features (clipped or
 * not) their mean and spread in the training part. Standardization keeps them; batch normalization
 * moves them from there, and need not find them first in hundreds of steps.
 *
 * Source: for standardization, Carrasco-Davis et al. 2021, AJ 162, 231, section 3.1.
 *
 * @internal
 */
export async function startWeights(
  definition: ModelDefinition,
  seed: number,
  set: TrainingSet,
  rows: readonly number[],
): Promise<Weights> {
  const weights = new Map<string, Weight>(initializeWeights(definition, seed));
  for (const layer of definition.layers) {
    const names = STATISTICS[layer.type];
    const steps = names && traceFeatures(definition, layer);
    if (names === undefined || steps === undefined) continue;
    const { mean, deviation } = await measure(set, rows, steps);
    const spread = names.power === 1 ? deviation : deviation.map((value) => value * value);
    weights.set(`${layer.name}/${names.mean}`, { shape: [mean.length], values: mean });
    weights.set(`${layer.name}/${names.spread}`, { shape: [spread.length], values: spread });
  }
  return weights;
}

interface Steps {
  readonly input: string;
  readonly length: number;
  readonly clip: Extract<Layer, { type: "clip" }> | undefined;
}

/** The features that a layer reads, and what clips them on the way; undefined if it reads something else. */
function traceFeatures({ inputs, layers }: ModelDefinition, layer: Layer): Steps | undefined {
  const before = layers.find(({ name }) => name === layer.inputs[0]);
  const clip = before?.type === "clip" ? before : undefined;
  const input = inputs.find(({ name }) => name === (clip ?? layer).inputs[0]);
  return input?.kind === "features" ? { input: input.name, length: input.length, clip } : undefined;
}

async function measure(
  set: TrainingSet,
  rows: readonly number[],
  { input, length, clip }: Steps,
): Promise<{ mean: Float32Array; deviation: Float32Array }> {
  const sums = new Float64Array(length);
  const squares = new Float64Array(length);
  const first = new Float64Array(length);
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const values = (await set.readInputs(rows.slice(start, start + AT_ONCE)))[input];
    values.forEach((value, place) => {
      const feature = place % length;
      const [least, greatest] = clip?.bounds[feature] ?? [null, null];
      const clipped = Math.min(Math.max(value, least ?? -Infinity), greatest ?? Infinity);
      // Sums of differences from the first value lose no digits to a large mean.
      if (start === 0 && place < length) first[feature] = clipped;
      sums[feature] += clipped - first[feature];
      squares[feature] += (clipped - first[feature]) ** 2;
    });
  }
  const mean = Float32Array.from(sums, (sum, feature) => first[feature] + sum / rows.length);
  // A feature that never changes is divided by 1.
  const deviation = Float32Array.from(
    squares,
    (square, feature) => Math.sqrt(Math.max(0, square / rows.length - (sums[feature] / rows.length) ** 2)) || 1,
  );
  return { mean, deviation };
}
