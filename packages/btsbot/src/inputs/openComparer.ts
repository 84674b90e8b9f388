import type { ComparedAlert, Comparer, ComparerOptions } from "@btsbot/core";
import { PROFILES } from "@btsbot/features";
import type { AlertAnswerer } from "./scoreInputs.js";

/**
 * What compares alerts, on one core or on several.
 *
 * @internal
 */
export interface OpenComparer extends AlertAnswerer<ComparedAlert> {
  /** As `OpenScorer` has it. */
  readonly sendsFiles: boolean;
  /** Lets go of the model, once what is being compared is done. */
  readonly close: () => Promise<void>;
}

/**
 * Opens what compares alerts as a comparer does: in this thread, or on a pool of several, which is loaded then.
 *
 * @param comparer - the comparer that is there; it is disposed of when this one is closed, or where others take its place
 * @param jobs - how many threads
 * @throws as `createComparerPool` where there are several
 *
 * @internal
 */
export async function openComparer(
  comparer: Comparer,
  { batchSize, read }: Pick<ComparerOptions, "batchSize" | "read">,
  jobs: number,
): Promise<OpenComparer> {
  if (jobs === 1)
    return {
      sendsFiles: false,
      scoreAlerts: (inputs, scoring) => comparer.compareAlerts(inputs, scoring),
      close: () => new Promise((resolve) => resolve(comparer.dispose())),
    };
  comparer.dispose();
  const { createComparerPool } = await import("@btsbot/pool");
  const pool = await createComparerPool({
    model: comparer.model,
    // Ready ones are programs: every thread knows them by their names.
    profiles: comparer.compared.map((profile) => (PROFILES.includes(profile) ? profile.name : profile)),
    workers: jobs,
    ...(read && { read }),
    ...(batchSize !== undefined && { batchSize }),
  });
  return {
    sendsFiles: true,
    scoreAlerts: (inputs, scoring) => pool.compareAlerts(inputs, scoring),
    close: () => pool.close(),
  };
}
