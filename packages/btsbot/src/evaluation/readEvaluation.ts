import { VERSION } from "@btsbot/core";
import { BtsbotError, countOf } from "@btsbot/errors";
import type { ExclusionOptions } from "@btsbot/evaluate";
import type { Policy } from "@btsbot/policy";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
import type { Progress } from "../terminal/progress.js";
import { readScores } from "./readScores.js";
import type { Scores } from "./readScores.js";
import { readSourceTruth } from "./readSourceTruth.js";
import type { Evaluated, EvaluationOptions } from "./types.js";

/** The same resamples each time, so that two runs of one input give one result. */
export const SEED = 1;

/**
 * Reads scores and truth, and says on standard error what of them does not count.
 *
 * @throws BtsbotError as `readScores` and `readTruth`
 *
 * @internal
 */
export async function readEvaluation(
  options: EvaluationOptions,
  policies: readonly Policy[],
  progress: Progress,
  { stdin, stderr }: Terminal,
): Promise<Evaluated> {
  const { keep, scoreColumn, model } = options;
  // Small, and often what is wrong.
  const truth = await readSourceTruth(options.truth, stdin);
  const scores = await readScores(
    options.scores,
    {
      policies,
      photometry: options.report !== undefined,
      ...(model !== undefined && { model }),
      ...(scoreColumn !== undefined && { scoreColumn }),
    },
    { stdin, progress },
  );
  progress.clear();
  if (scores.unreadable > 0)
    complain(
      stderr,
      `${options.scores}: ${countOf(scores.unreadable, "line stands for an input that could not be read, and is", "lines stand for inputs that could not be read, and are")} left out`,
    );
  if (scores.withoutMagnitude > 0)
    complain(
      stderr,
      `${options.scores}: ${countOf(scores.withoutMagnitude, "alert has no magnitude, and is", "alerts have no magnitude, and are")} left out`,
    );
  if (scores.impossible > 0)
    complain(
      stderr,
      `${options.scores}: ${countOf(scores.impossible, "alert has an impossible date, magnitude or filter, and is", "alerts have an impossible date, magnitude or filter, and are")} left out`,
    );
  if (scores.rounded) complain(stderr, `${options.scores}: the ids (candid) are rounded; line numbers replace them`);
  const named = new Set(truth.map(({ objectId }) => objectId));
  if (!scores.alerts.some(({ objectId }) => named.has(objectId)))
    complain(stderr, `${options.truth}: none of its sources has an alert in ${options.scores}`);
  const exclude: ExclusionOptions = {
    ...(keep.includes("junk") && { junk: false }),
    ...(keep.includes("few-alerts") && { minAlerts: 0 }),
    ...(keep.includes("peak-thinned") && { faintestPositive: null }),
  };
  return { scores, truth, exclude };
}

/**
 * Runs an evaluation; where it refuses an alert, the error names the file and the line.
 *
 * @internal
 */
export function evaluateRows<Result>(path: string, { lines }: Scores, evaluate: () => Result): Result {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof BtsbotError) || error.code !== "evaluation-invalid") throw error;
    throw new BtsbotError(
      error.problems.map((problem) => {
        const [, index, field] = /^alerts\[(\d+)\]\.(\w+)$/.exec(problem.path ?? "") ?? [];
        if (index === undefined) return problem;
        const { expected, got } = problem;
        return BtsbotError.problem(problem.code, "cannot be evaluated", {
          path: `${path}:${lines[Number(index)]}: ${field}`,
          expected,
          got,
        });
      }),
    );
  }
}

/**
 * What results say of where they come from.
 *
 * @internal
 */
export function describeInputs(
  options: EvaluationOptions,
  { scores, truth, exclude }: Evaluated,
): Readonly<Record<string, unknown>> {
  const { model, unreadable, withoutMagnitude, impossible, rounded } = scores;
  return {
    producer: `btsbot ${VERSION}`,
    scores: {
      file: options.scores,
      ...(model !== undefined && { model }),
      alerts: scores.alerts.length,
      unreadable,
      withoutMagnitude,
      impossible,
      candidRounded: rounded,
    },
    truth: { file: options.truth, sources: truth.length },
    exclude,
    countedBy: options.countedBy ?? null,
    seed: SEED,
  };
}
