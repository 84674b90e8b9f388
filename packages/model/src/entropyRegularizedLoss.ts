/** The weight of the entropy in the published network (Carrasco-Davis et al. 2021, AJ 162, 231, Appendix C). */
const DEFAULT_BETA = 0.5;

/**
 * The loss that ALeRCE's stamp classifier was trained with: cross-entropy minus beta times the entropy
 * of the predicted probabilities, mean over the alerts. The second part keeps the network from giving
 * one class all of the probability.
 *
 * @param logits - what comes before the softmax, all classes of an alert after another; finite
 * @param labels - the true class of each alert, its place from 0
 * @param beta - weight of the entropy, 0 or more; 0 is plain cross-entropy
 * @returns the loss, in nats; may be negative
 * @throws RangeError if the logits are not as many for each label, or a label is not one of the classes
 *
 * Source: Carrasco-Davis et al. 2021, AJ 162, 231, section 3.4; alercebroker/pipeline,
 * stamp_classifier_step/model/modules/losses.py.
 *
 * @example
 * ```ts
 * import { entropyRegularizedLoss } from "@btsbot/model";
 *
 * // Two equal classes: cross-entropy and entropy are both ln 2.
 * entropyRegularizedLoss([3, 3], [0]); // => 0.5 * Math.LN2
 * ```
 */
export function entropyRegularizedLoss(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  beta: number = DEFAULT_BETA,
): number {
  const classes = logits.length / labels.length;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new RangeError(`logits: expected the same number for each of ${labels.length} labels, got ${logits.length}`);
  }
  const losses = Array.from(labels, (label, alert) => {
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(`labels[${alert}]: expected a whole number from 0 to ${classes - 1}, got ${label}`);
    }
    const logProbabilities = logSoftmax(Array.from({ length: classes }, (_, place) => logits[alert * classes + place]));
    const entropy = -logProbabilities.reduce((sum, value) => sum + Math.exp(value) * value, 0);
    return -logProbabilities[label] - beta * entropy;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function logSoftmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const logSum = Math.log(logits.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return logits.map((value) => value - largest - logSum);
}
