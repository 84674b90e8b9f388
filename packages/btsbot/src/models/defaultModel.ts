import { DEFAULT_MODEL } from "@btsbot/model";
import { cacheFolder, listPulled } from "@btsbot/weights";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";

/** The model that is meant where none is named: the production model of the survey's scanner. */
export const PRODUCTION_MODEL = "btsbot-v1.0.1";
/** How help says which model is the default. */
export const DEFAULT_TEXT = `${PRODUCTION_MODEL}; without it ${DEFAULT_MODEL}`;

/**
 * The model that is used where none is named: the production model, or, as long as it was not pulled, the one that
 * ships with this program; standard error says so.
 *
 * @internal
 */
export async function chooseDefault({ env, stderr }: Terminal): Promise<string> {
  const pulled = await listPulled({ cache: cacheFolder(env) });
  if (pulled.some(({ name }) => name === PRODUCTION_MODEL)) return PRODUCTION_MODEL;
  complain(
    stderr,
    `the scores are those of ${DEFAULT_MODEL}, a small stand-in. For the published model: btsbot models pull ${PRODUCTION_MODEL}`,
  );
  return DEFAULT_MODEL;
}
