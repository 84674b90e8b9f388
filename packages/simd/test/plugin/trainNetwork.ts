import { inputShape, toKerasConfig, weightSpecs } from "@btsbot/model";
import type { Layer, ModelDefinition } from "@btsbot/model";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { noise, noisyWeights } from "../../../../test/support/networks.js";

/** A network with noise for weights, as a LayersModel. */
export async function loadNetwork(definition: ModelDefinition): Promise<LayersModel> {
  const weights = noisyWeights(definition, 1);
  const specs = weightSpecs(definition).map(({ name, shape }) => ({
    name,
    shape: [...shape],
    dtype: "float32" as const,
  }));
  const values = Float32Array.from(specs.flatMap(({ name }) => [...weights.get(name)!.values]));
  return loadLayersModel(
    tf.io.fromMemory({ modelTopology: toKerasConfig(definition), weightSpecs: specs, weightData: values.buffer }),
  );
}

/** Without dropout, which draws lots. */
export function withoutDropout(definition: ModelDefinition): ModelDefinition {
  return {
    ...definition,
    layers: definition.layers.map((layer): Layer => (layer.type === "dropout" ? { ...layer, rate: 0 } : layer)),
  };
}

/** Noise for inputs, and labels in turn. */
export function makeBatch(
  definition: ModelDefinition,
  count: number,
): { readonly inputs: tf.Tensor[]; readonly truth: tf.Tensor; readonly loss: string } {
  const inputs = definition.inputs.map((input, place) => {
    const shape = [count, ...inputShape(input)];
    return tf.tensor(
      noise(
        shape.reduce((product, length) => product * length, 1),
        place + 1,
      ),
      shape,
    );
  });
  const classes = definition.output.kind === "classes" ? definition.output.classes.length : 1;
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from({ length: classes }, (__, column) => Number(classes === 1 ? row % 2 : row % classes === column)),
  );
  return { inputs, truth: tf.tensor2d(rows), loss: classes === 1 ? "binaryCrossentropy" : "categoricalCrossentropy" };
}

/**
 * Trains a network on two alerts by plain gradient descent, on the backend that is set.
 *
 * @param definition - the network
 * @param steps - how many steps
 * @param rate - learning rate: of one step alone a large one, so that the change of a weight has all its digits
 * @returns the loss before each step, and by how much each weight has changed in the end
 */
export async function trainNetwork(
  definition: ModelDefinition,
  steps: number,
  rate: number,
): Promise<{ losses: number[]; changes: Float32Array[] }> {
  const model = await loadNetwork(definition);
  const { inputs, truth, loss } = makeBatch(definition, 2);
  const optimizer = tf.train.sgd(rate);
  model.compile({ optimizer, loss });
  const before = model.getWeights().map((weight) => weight.dataSync() as Float32Array);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await model.trainOnBatch(inputs, truth)) as number);
  const changes = model
    .getWeights()
    .map((weight, place) => weight.dataSync().map((value, at) => value - before[place][at]) as Float32Array);
  tf.dispose([inputs, truth]);
  model.dispose();
  optimizer.dispose();
  return { losses, changes };
}
