import { countOf } from "@btsbot/errors";
import { createScorer } from "@btsbot/core";
import type { Scorer, ScorerOptions } from "@btsbot/core";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import { openInputs } from "../../inputs/openInputs.js";
import { DEFAULT_BATCH, scoreInputs } from "../../inputs/scoreInputs.js";
import { loadModels } from "../../models/loadModels.js";
import { openModels } from "../../models/openModels.js";
import { tellUnavailable } from "../../models/tellUnavailable.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { createProgress } from "../../terminal/progress.js";
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
  const { stdout, stderr } = terminal;
  const models = await loadModels(options.model, terminal, options.profile);
  if (models === undefined) return EXIT.usage;
  const batchSize = options.batch ?? DEFAULT_BATCH;
  const realBogus = options.realBogus === "braai" ? BRAAI : undefined;
  const scorer = await prepareScorer({ models, batchSize, ...(realBogus !== undefined && { realBogus }) }, terminal);
  if (scorer === undefined) return EXIT.usage;
  const names = models.map(({ definition }) => definition.name);
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
  const { files, tellSkipped } = await openInputs(paths, options, terminal, onEmpty);
  try {
    for await (const outcome of scoreInputs(scorer, files, { batchSize, onFile })) {
      if (!outcome.success) count.errors += 1;
      else {
        count.alerts += 1;
        if (Object.values(outcome.data.scores).some(({ status }) => status === "unscored")) count.unscored += 1;
      }
      writer.write(outcome);
      progress.show(`${countOf(count.alerts, "alert")}, file ${opened} of ${files.length}`);
    }
  } catch (error) {
    progress.clear();
    disposeQuietly(scorer);
    throw error;
  }
  progress.clear();
  scorer.dispose();
  writer.end(describeCounts(count));
  tellSkipped();
  if (count.errors === 0) return EXIT.ok;
  const inputs = countOf(count.errors, "input");
  complain(stderr, `${inputs} could not be read${count.alerts > 0 ? "; the others are scored" : ""}`);
  return EXIT.unreadable;
}

/** After a failure: an engine that has failed may not let go either, and what came first says why. */
function disposeQuietly(scorer: Scorer): void {
  try {
    scorer.dispose();
  } catch {
    // The first error is thrown on.
  }
}

/** A scorer; or, where a model cannot be had, what to do about it on standard error, and nothing. */
async function prepareScorer(
  options: Pick<ScorerOptions, "models" | "batchSize" | "realBogus">,
  terminal: Terminal,
): Promise<Scorer | undefined> {
  try {
    return await createScorer({ ...options, store: openModels(terminal), gunzip: zlibGunzip });
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
