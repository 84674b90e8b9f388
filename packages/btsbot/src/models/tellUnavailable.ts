import { BtsbotError } from "@btsbot/errors";
import { cacheFolder } from "@btsbot/weights";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
import { inCommandWords } from "../terminal/inCommandWords.js";

const DAMAGED = "The cache is damaged. Run btsbot models pull with the model's name to repair it.";

/** What to do where the error cannot know that this is the command line. */
const HINTS: Readonly<Record<string, string>> = {
  "model-not-pulled": "From a local mirror: add --from DIR. To see all models: btsbot models list",
  "weights-checksum": DAMAGED,
  "weights-missing": DAMAGED,
  "weights-misshapen": DAMAGED,
  "model-invalid": DAMAGED,
};

/**
 * Says on standard error why a model cannot be had, and what to do about it.
 *
 * @internal
 */
export function tellUnavailable(error: unknown, { stderr, env }: Terminal): undefined {
  if (!(error instanceof BtsbotError)) throw error;
  complain(stderr, inCommandWords(error).message);
  // A model that is named by its path is nobody's to pull.
  const isCached = error.code === "model-not-pulled" || error.path?.startsWith(cacheFolder(env)) === true;
  const hint = isCached ? HINTS[error.code] : undefined;
  if (hint !== undefined) stderr.write(`        ${hint}\n`);
}
