import { availableParallelism } from "node:os";
import { PROFILES } from "@btsbot/features";
import type { FeatureProfile } from "@btsbot/features";
import type { ModelInput, Model } from "@btsbot/model";
import { writeProfile } from "@btsbot/model";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
import type { JobOptions } from "./inputOptions.js";
import type { AlertFile } from "./listInputs.js";

/**
 * Two threads gain in so many packets, or in so many bytes of them, what their start takes: about 0.1 s more than one
 * thread's, and their first packets, which are scored by code that is not compiled yet. Below that one is faster.
 */
const [FEW_FILES, FEW_BYTES] = [400, 32 << 20];

/**
 * How many threads score: as many as are asked for; where nobody says it, as many as the machine runs at once for several
 * files that are worth their start, otherwise one.
 *
 * @param profiles - feature profiles that the threads are sent besides
 *
 * @internal
 */
export function chooseJobs(
  files: readonly AlertFile[],
  models: readonly Model[],
  { jobs }: JobOptions,
  { stderr }: Pick<Terminal, "stderr">,
  profiles: readonly FeatureProfile[] = [],
): number {
  const program = models.find((model) => !isSendable(model))?.definition ?? profiles.find(isProgram);
  if (program !== undefined) {
    if (jobs !== undefined && jobs > 1)
      complain(stderr, `${program.name} reads features from a program, which one thread runs: --jobs is ignored`);
    return 1;
  }
  if (jobs !== undefined) return jobs;
  return files.length > 1 && isMuch(files) ? availableParallelism() : 1;
}

/** Whether other threads can be sent a model: a feature profile of functions stays in its own. */
function isSendable({ definition: { inputs } }: Model): boolean {
  return inputs.every(
    (input: ModelInput) =>
      input.kind !== "features" || typeof input.profile === "string" || typeof writeProfile(input.profile) !== "string",
  );
}

/** The ready ones are programs, too, but every thread has them. */
function isProgram(profile: FeatureProfile): boolean {
  return !PROFILES.includes(profile) && typeof writeProfile(profile) === "string";
}

function isMuch(files: readonly AlertFile[]): boolean {
  return files.length > FEW_FILES || files.reduce((sum, { size = 0 }) => sum + size, 0) > FEW_BYTES;
}
