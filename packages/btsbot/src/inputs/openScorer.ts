import { DESCRIBE } from "#describe";
import { createScorer } from "@btsbot/core";
import type { Scorer, ScorerOptions } from "@btsbot/core";
import { zlibGunzip } from "./zlibGunzip.js";

/**
 * What scores alerts, on one core or on several.
 *
 * @internal
 */
export interface OpenScorer extends Pick<Scorer, "scoreAlerts"> {
  /** Whether other threads score: they read the bytes of a packet faster than they take its alert. */
  readonly sendsFiles: boolean;
  /** Lets go of the models, once what is being scored is done. */
  readonly close: () => Promise<void>;
}

/** What scores, and how. */
interface OpenScorerOptions extends Pick<ScorerOptions, "models" | "store" | "batchSize" | "history" | "read"> {
  readonly realBogus?: string;
  /** Whether outcomes become lines of JSON: threads then say what a line has of the alert itself. */
  readonly isForLines?: boolean;
}

/**
 * Opens what scores alerts: in this thread, or on a pool of several, which is loaded then.
 *
 * @param jobs - how many threads; one where a history is asked, which is in this thread
 * @throws as `createScorer`, and as `createScorerPool` where there are several
 *
 * @internal
 */
export async function openScorer(
  { isForLines = false, ...options }: OpenScorerOptions,
  jobs: number,
): Promise<OpenScorer> {
  if (jobs === 1) {
    const scorer = await createScorer({ ...options, gunzip: zlibGunzip });
    return {
      sendsFiles: false,
      scoreAlerts: (inputs, scoring) => scorer.scoreAlerts(inputs, scoring),
      close: () => new Promise((resolve) => resolve(scorer.dispose())),
    };
  }
  const { createScorerPool } = await import("@btsbot/pool");
  const { history: _, ...sent } = options;
  const describe = isForLines && { describe: DESCRIBE };
  const pool = await createScorerPool({ ...sent, workers: jobs, ...describe });
  return {
    sendsFiles: true,
    scoreAlerts: (inputs, scoring) => pool.scoreAlerts(inputs, scoring),
    close: () => pool.close(),
  };
}
