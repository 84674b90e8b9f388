import type { SourceFailure } from "@btsbot/decide";
import { countOf } from "@btsbot/errors";
import { createComparer, DEFAULT_COMPARED } from "@btsbot/core";
import type { ComparedAlert, Comparer } from "@btsbot/core";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import { readProfile } from "../../inputs/readProfile.js";
import { chooseJobs } from "../../inputs/chooseJobs.js";
import { DEFAULT_MAX_WAIT } from "../../inputs/inputOptions.js";
import { openComparer } from "../../inputs/openComparer.js";
import { openInputs } from "../../inputs/openInputs.js";
import { scoreInputs } from "../../inputs/scoreInputs.js";
import type { ScoredFile } from "../../inputs/scoreInputs.js";
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
  const { files, read, tellSkipped } = await openInputs(paths, options, terminal);
  const progress = createProgress(json && stdout.isTTY ? undefined : stderr, terminal.now);
  const tally = createParityTally(comparer);
  const jobs = chooseJobs(files, [comparer.model], options, terminal, comparer.compared);
  const open = await openComparer(
    comparer,
    { read, ...(options.batch !== undefined && { batchSize: options.batch }) },
    jobs,
  );
  const { sendsFiles } = open;
  const { signal } = terminal;
  let opened = 0;
  const onFile = () => (opened += 1);
  const maxWaitMs = options.maxWait ?? DEFAULT_MAX_WAIT;
  try {
    for await (const outcome of scoreInputs(open, files, {
      onFile,
      sendsFiles,
      maxWaitMs,
      ...(signal && { signal }),
    })) {
      if (outcome.success) tell(outcome, outcome.data);
      else tellError(outcome);
      await stdout.drained?.();
      progress.show(`${countOf(tally.alerts, "alert")}, file ${opened} of ${files.length}`);
    }
  } catch (error) {
    progress.clear();
    // What came first says why.
    await open.close().catch(() => undefined);
    throw error;
  }
  progress.clear();
  await open.close();

  function tell(place: ScoredFile<ComparedAlert>, alert: ComparedAlert): void {
    tally.add(alert);
    if (json) for (const line of comparisonLines(comparer!, place, alert)) stdout.write(`${line}\n`);
  }

  function tellError({ file, index, error }: SourceFailure): void {
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
