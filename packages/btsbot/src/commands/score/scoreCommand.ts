import type { ReadOptions } from "@btsbot/alert";
import { countOf } from "@btsbot/errors";
import type { Model } from "@btsbot/model";
import { chooseJobs } from "../../inputs/chooseJobs.js";
import { DEFAULT_MAX_WAIT } from "../../inputs/inputOptions.js";
import { openInputs } from "../../inputs/openInputs.js";
import { openScorer } from "../../inputs/openScorer.js";
import type { OpenScorer } from "../../inputs/openScorer.js";
import { DEFAULT_BATCH, scoreInputs } from "../../inputs/scoreInputs.js";
import { openDone } from "../../inputs/openDone.js";
import { loadModels } from "../../models/loadModels.js";
import { openModels } from "../../models/openModels.js";
import { tellUnavailable } from "../../models/tellUnavailable.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { appendTo } from "../../terminal/guardOutput.js";
import { createProgress } from "../../terminal/progress.js";
import type { CliOutput } from "../../types.js";
import { createJsonLinesWriter } from "./scoreLines.js";
import { createTableWriter } from "./scoreTable.js";
import type { ScoreOptions } from "./types.js";

/** The survey's own real/bogus network, as its authors published it: what `--real-bogus braai` stands for. */
const BRAAI = "braai_d6_m9";

/**
 * `btsbot score`.
 *
 * @internal
 */
export async function scoreCommand(
  paths: readonly string[],
  options: ScoreOptions,
  terminal: Terminal,
): Promise<number> {
  const { stderr } = terminal;
  if (options.resume !== undefined && options.format === "table") {
    complain(stderr, "--resume writes JSON Lines, not a table");
    return EXIT.usage;
  }
  const models = await loadModels(options.model, terminal, options.profile);
  if (models === undefined) return EXIT.usage;
  const appended =
    options.resume === undefined ? undefined : appendTo(options.resume, (line) => complain(stderr, line));
  try {
    return await scoreTo(paths, options, terminal, models, appended);
  } finally {
    appended?.close();
  }
}

/** Scores with models that are there; to a file that goes on, where there is one. */
async function scoreTo(
  paths: readonly string[],
  options: ScoreOptions,
  terminal: Terminal,
  models: readonly Model[],
  appended: ReturnType<typeof appendTo> | undefined,
): Promise<number> {
  const { stderr } = terminal;
  const stdout: CliOutput = appended ?? terminal.stdout;
  const names = models.map(({ definition }) => definition.name);
  const done = appended && openDone(options.resume!, appended.size, names);
  const format = options.format ?? (stdout.isTTY ? "table" : "jsonl");
  const writer = format === "table" ? createTableWriter(names, terminal) : createJsonLinesWriter(stdout);
  // Where the table scrolls by, that is the progress.
  const progress = createProgress(stdout.isTTY ? undefined : stderr, terminal.now);
  const count = { alerts: 0, unscored: 0, errors: 0 };
  let opened = 0;
  const onFile = () => (opened += 1);
  const onEmpty = (file: string) => {
    progress.clear();
    complain(stderr, `${file} holds no alerts`);
  };
  const { files: all, read, tellSkipped } = await openInputs(paths, options, terminal, onEmpty);
  const files = done === undefined ? all : all.map(done.leaveOut);
  const jobs = chooseJobs(files, models, options, terminal);
  const scorer = await prepareScorer(models, jobs, { ...options, read, isForLines: format === "jsonl" }, terminal);
  if (scorer === undefined) return EXIT.usage;
  const { sendsFiles } = scorer;
  const { signal } = terminal;
  const maxWaitMs = options.maxWait ?? DEFAULT_MAX_WAIT;
  try {
    for await (const outcome of scoreInputs(scorer, files, {
      onFile,
      sendsFiles,
      maxWaitMs,
      ...(signal && { signal }),
    })) {
      if (!outcome.success) count.errors += 1;
      else {
        count.alerts += 1;
        if (Object.values(outcome.data.scores).some(({ status }) => status === "unscored")) count.unscored += 1;
      }
      writer.write(outcome);
      // A reader that is slow is waited for: what it has not taken is not held here.
      await stdout.drained?.();
      progress.show(`${countOf(count.alerts, "alert")}, file ${opened} of ${files.length}`);
    }
    await done?.finish();
  } catch (error) {
    progress.clear();
    // An engine that has failed may not let go either, and what came first says why.
    await scorer.close().catch(() => undefined);
    throw error;
  }
  progress.clear();
  await scorer.close();
  writer.end(describeCounts(count));
  await appended?.flush?.();
  tellSkipped();
  if (count.errors === 0) return EXIT.ok;
  const inputs = countOf(count.errors, "input");
  complain(stderr, `${inputs} could not be read${count.alerts > 0 ? "; the others are scored" : ""}`);
  return EXIT.unreadable;
}

/** A scorer; or, where a model cannot be had, what to do about it on standard error, and nothing. */
async function prepareScorer(
  models: readonly Model[],
  jobs: number,
  { batch, realBogus, read, isForLines }: ScoreOptions & { readonly read: ReadOptions; readonly isForLines: boolean },
  terminal: Terminal,
): Promise<OpenScorer | undefined> {
  // A job has a batch of its own size, in which the others wait for it least.
  const batchSize = batch ?? (jobs === 1 ? DEFAULT_BATCH : undefined);
  try {
    return await openScorer(
      {
        models,
        read,
        isForLines,
        store: openModels(terminal),
        ...(batchSize !== undefined && { batchSize }),
        ...(realBogus === "braai" && { realBogus: BRAAI }),
      },
      jobs,
    );
  } catch (error) {
    return tellUnavailable(error, terminal);
  }
}

function describeCounts({ alerts, unscored, errors }: { alerts: number; unscored: number; errors: number }): string {
  const parts = [countOf(alerts, "alert")];
  if (unscored > 0) parts.push(`${unscored} not scored by every model`);
  if (errors > 0) parts.push(`${errors} not readable`);
  return parts.join(", ");
}
