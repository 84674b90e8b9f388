import { initializeWeights } from "@btsbot/model";
import type { Layer, ModelDefinition, Weight, Weights } from "@btsbot/model";
import type { TrainingSet } from "./openTrainingSet.js";

/** Alerts whose features are looked at, one read. */
const AT_ONCE = 1024;

/**
 * The weights that training starts from: by chance, and for a layer that standardizes features (clipped
 * or not) their mean and standard deviation in the training part, which no gradient moves.
 *
 * Source: Carrasco-Davis et al. 2021, AJ 162, 231, section 3.1.
 *
 * @internal
 */
export async function startWeights(definition: ModelDefinition, seed: number, set: TrainingSet, rows: readonly number[]): Promise<Weights> {
  const weights = initializeWeights(definition, seed);
  const layers = definition.layers.filter(({ type }) => type === "standardize");
  if (layers.length === 0) return weights;
  const filled = new Map<string, Weight>(weights);
  for (const layer of layers) {
    const steps = traceFeatures(definition, layer);
    if (steps === undefined) continue;
    const { mean, deviation } = await measure(set, rows, steps);
    filled.set(`${layer.name}/mean`, { shape: [mean.length], values: mean });
    filled.set(`${layer.name}/deviation`, { shape: [deviation.length], values: deviation });
  }
  return filled;
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

async function measure(set: TrainingSet, rows: readonly number[], { input, length, clip }: Steps): Promise<{ mean: Float32Array; deviation: Float32Array }> {
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
  const deviation = Float32Array.from(squares, (square, feature) => Math.sqrt(Math.max(0, square / rows.length - (sums[feature] / rows.length) ** 2)) || 1);
  return { mean, deviation };
}
