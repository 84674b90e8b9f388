/**
 * What a network's answers to some alerts come to, summed so that batches can be added.
 *
 * @internal
 */
export interface Measured {
  /** Sum of the alerts' losses, nats, each times its weight. */
  readonly loss: number;
  /** Alerts whose true class has the highest probability (of a score: that lie on the right side of 0.5). */
  readonly correct: number;
}

/**
 * Loss and right answers from logits, in float64: cross-entropy with the targets minus `beta` times the
 * entropy of the answer. A single logit counts against a logit of 0.
 *
 * @internal
 */
export function measureLogits(
  logits: Float32Array,
  {
    targets,
    labels,
    weights,
  }: { readonly targets: Float32Array; readonly labels: Int32Array; readonly weights?: Float32Array },
  beta: number,
): Measured {
  const length = logits.length / labels.length;
  let [loss, correct] = [0, 0];
  labels.forEach((label, alert) => {
    const own = logits.subarray(alert * length, (alert + 1) * length);
    const wanted = targets.subarray(alert * length, (alert + 1) * length);
    const logProbabilities = logSoftmax(length === 1 ? [0, own[0]] : [...own]);
    const desired = length === 1 ? [1 - wanted[0], wanted[0]] : wanted;
    const cross = logProbabilities.reduce((sum, value, place) => sum - desired[place] * value, 0);
    const entropy = beta === 0 ? 0 : logProbabilities.reduce((sum, value) => sum - Math.exp(value) * value, 0);
    loss += (weights?.[alert] ?? 1) * (cross - beta * entropy);
    // As numpy.rint rounds: a score of exactly 0.5 is a 0.
    if (logProbabilities.indexOf(Math.max(...logProbabilities)) === label) correct += 1;
  });
  return { loss, correct };
}

function logSoftmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const logSum = Math.log(logits.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return logits.map((value) => value - largest - logSum);
}
