import { countOf } from "@btsbot/errors";
import { createComparer, DEFAULT_COMPARED } from "@btsbot/core";
import type { ComparedAlert, Comparer } from "@btsbot/core";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import { readProfile } from "../../inputs/readProfile.js";
import { openInputs } from "../../inputs/openInputs.js";
import type { InputPlace, UnreadPlace } from "../../inputs/scoreInputs.js";
import { loadModel } from "../../models/loadModels.js";
import { tellUnavailable } from "../../models/tellUnavailable.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { placeMessage } from "../../terminal/placeMessage.js";
import { createProgress } from "../../terminal/progress.js";
import { toJsonLine } from "../../terminal/toJsonLine.js";
import { comparisonLines, summaryLine } from "./parityJson.js";
import { createParityTally } from "./parityTally.js";
import { parityText } from "./parityText.js";
import { readParityBatches } from "./readParityBatches.js";
import type { ParityOptions } from "./types.js";

/**
 * `btsbot parity`.
 *
 * @internal
 */
export async function parityCommand(
  paths: readonly string[],
  options: ParityOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const comparer = await prepareComparer(options, terminal);
  if (comparer === undefined) return EXIT.usage;
  if (comparer.compared.length === 0) {
    complain(stderr, `${comparer.base} is the model's own profile: give one to compare with it, too`);
    comparer.dispose();
    return EXIT.usage;
  }
  const json = options.format === "jsonl";
  const { files, tellSkipped } = await openInputs(paths, options, terminal);
  const progress = createProgress(json && stdout.isTTY ? undefined : stderr, terminal.now);
  const tally = createParityTally(comparer);
  let opened = 0;
  try {
    for await (const batch of readParityBatches(files, () => (opened += 1), options.batch)) {
      const compared = (
        await comparer.compare(batch.flatMap((place) => ("alert" in place ? [place.alert] : [])))
      ).values();
      for (const place of batch) {
        if ("error" in place) tellError(place);
        else tell(place, compared.next().value!);
      }
      progress.show(`${countOf(tally.alerts, "alert")}, file ${opened} of ${files.length}`);
    }
  } finally {
    progress.clear();
    comparer.dispose();
  }

  function tell(place: InputPlace, alert: ComparedAlert): void {
    tally.add(alert);
    if (json) for (const line of comparisonLines(comparer!, place, alert)) stdout.write(`${line}\n`);
  }

  function tellError({ file, index, error }: UnreadPlace): void {
    tally.unreadable += 1;
    const outcome = { success: false as const, file, error, ...(index !== undefined && { index }) };
    if (json) stdout.write(`${toJsonLine(outcome)}\n`);
    else complain(stderr, placeMessage(outcome, error));
  }

  tellSkipped();
  stdout.write(json ? `${summaryLine(comparer, tally)}\n` : parityText(comparer, tally, terminal));
  if (tally.unreadable === 0) return EXIT.ok;
  complain(stderr, `${countOf(tally.unreadable, "input")} could not be read`);
  return EXIT.unreadable;
}

/** A comparer; or, where it cannot be had, what to do about it on standard error, and nothing. */
async function prepareComparer(
  { profile, batch, ...options }: ParityOptions,
  terminal: Terminal,
): Promise<Comparer | undefined> {
  const model = await loadModel(options.model, terminal);
  if (model === undefined) return undefined;
  const profiles = profile.length === 0 ? DEFAULT_COMPARED : await Promise.all([...new Set(profile)].map(readProfile));
  try {
    return await createComparer({
      model,
      gunzip: zlibGunzip,
      profiles,
      ...(batch !== undefined && { batchSize: batch }),
    });
  } catch (error) {
    return tellUnavailable(error, terminal);
  }
}
