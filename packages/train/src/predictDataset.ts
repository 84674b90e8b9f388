import type { TfjsTrainer } from "@btsbot/tfjs";
import type { Dataset } from "./types.js";
import { measureLogits } from "./measureLogits.js";

/** Alerts predicted at once: a wasm backend's memory ends at some thousand. */
const AT_ONCE = 128;

/**
 * What a network says of a whole data set.
 *
 * @internal
 */
export interface Predictions {
  /** Mean loss without class weights, nats. */
  readonly loss: number;
  /** Part of the alerts that are right. */
  readonly accuracy: number;
  /** The true classes. */
  readonly labels: Int32Array;
  /** The logits, alert after alert. */
  readonly logits: Float32Array;
}

/**
 * Predicts a data set in its order.
 *
 * @internal
 */
export async function predictDataset(
  predict: TfjsTrainer["predictLogits"],
  data: Dataset,
  beta: number,
): Promise<Predictions> {
  const labels = new Int32Array(data.length);
  const parts: Float32Array[] = [];
  let [loss, correct] = [0, 0];
  for (let start = 0; start < data.length; start += AT_ONCE) {
    const count = Math.min(AT_ONCE, data.length - start);
    const examples = await data.read(Int32Array.from({ length: count }, (_, place) => start + place));
    const logits = await predict(examples.inputs, count);
    const measured = measureLogits(logits, { targets: examples.targets, labels: examples.labels }, beta);
    loss += measured.loss;
    correct += measured.correct;
    labels.set(examples.labels, start);
    parts.push(logits);
  }
  const logits = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => (logits.set(part, offset), offset + part.length), 0);
  return { loss: loss / data.length, accuracy: correct / data.length, labels, logits };
}
