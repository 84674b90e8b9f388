import { createScorer } from "@btsbot/core";
import { complain } from "./complain.js";
import type { Terminal } from "./createTerminal.js";
import type { DecideOptions } from "./decideCommand.js";
import type { DecideSetup } from "./decideSetup.js";
import { EXIT } from "./exitStatus.js";
import { gunzip } from "./gunzip.js";
import { judgeInputs } from "./judgeInputs.js";
import type { JudgedAlert } from "./judgeInputs.js";
import { toJsonLine } from "./jsonLines.js";
import { listInputs } from "./listInputs.js";
import { createProgress } from "./progress.js";
import { DEFAULT_BATCH } from "./scoreCommand.js";

/**
 * What a run has seen.
 *
 * @internal
 */
export interface DecideCounts {
  alerts: number;
  passed: number;
  scored: number;
  errors: number;
}

/**
 * Whether people are to read the results.
 *
 * @internal
 */
export function isTable(options: DecideOptions, { stdout }: Terminal): boolean {
  return (options.format ?? (stdout.isTTY ? "table" : "jsonl")) === "table";
}

/**
 * Reads, filters and scores all alerts; of all sources, or of the one that is to be explained. What cannot be read is told.
 *
 * @internal
 */
export async function judgeAll(
  paths: readonly string[],
  options: DecideOptions,
  setup: DecideSetup,
  terminal: Terminal,
  take: (judged: JudgedAlert) => void,
): Promise<DecideCounts> {
  const { stdout, stderr } = terminal;
  const files = await listInputs(paths, terminal.stdin);
  const progress = createProgress(stderr);
  const counts = { alerts: 0, passed: 0, scored: 0, errors: 0 };
  const tell = (message: string): void => {
    progress.clear();
    complain(stderr, message);
  };
  const { filter, model, filterModels } = setup;
  const scorer = await createScorer({ models: [model], batchSize: DEFAULT_BATCH, gunzip });
  const filterScorer = filterModels.length === 0 ? undefined : await createScorer({ models: filterModels, batchSize: DEFAULT_BATCH, gunzip });
  let opened = 0;
  const judged = judgeInputs(files, {
    scorer, model: model.definition.name, batchSize: DEFAULT_BATCH,
    ...(filter && { filter }), ...(filterScorer && { filterScorer }), ...(options.explain !== undefined && { objectId: options.explain }),
    onFile: () => (opened += 1),
    onEmpty: (file) => tell(`${file} holds no alerts`),
  });
  try {
    for await (const each of judged) {
      if ("error" in each) {
        counts.errors += 1;
        if (isTable(options, terminal)) tell(`${each.file}${each.index === undefined ? "" : `[${each.index}]`}: ${each.error.message}`);
        else stdout.write(`${toJsonLine({ success: false, ...each })}\n`);
        continue;
      }
      counts.alerts += 1;
      if (each.filtered?.pass !== false) counts.passed += 1;
      if (each.result?.status === "scored") counts.scored += 1;
      take(each);
      progress.show(`${counts.alerts} alerts, ${counts.passed} pass, file ${opened} of ${files.length}`);
    }
  } finally {
    progress.clear();
    scorer.dispose();
    filterScorer?.dispose();
  }
  return counts;
}

/**
 * Says how many inputs could not be read, and gives the exit status.
 *
 * @internal
 */
export function finishCounts({ errors }: DecideCounts, { stderr }: Terminal): number {
  if (errors === 0) return EXIT.ok;
  complain(stderr, `${errors === 1 ? "1 input" : `${errors} inputs`} could not be read`);
  return EXIT.unreadable;
}
