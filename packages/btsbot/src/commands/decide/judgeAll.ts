import { countOf } from "@btsbot/errors";
import { createScorer } from "@btsbot/core";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import { openInputs } from "../../inputs/openInputs.js";
import { DEFAULT_BATCH } from "../../inputs/scoreInputs.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { placeMessage } from "../../terminal/placeMessage.js";
import { createProgress } from "../../terminal/progress.js";
import { toJsonLine } from "../../terminal/toJsonLine.js";
import { countLosses } from "./describeLosses.js";
import { judgeInputs } from "./judgeInputs.js";
import type { JudgedAlert } from "./judgeInputs.js";
import type { DecideCounts, DecideOptions, DecideSetup } from "./types.js";
import { watchFields } from "./watchFields.js";

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
  const progress = createProgress(stderr, terminal.now);
  const counts: DecideCounts = { alerts: 0, passed: 0, scored: 0, errors: 0, rejected: new Map(), unscored: new Map() };
  const tell = (message: string): void => {
    progress.clear();
    complain(stderr, message);
  };
  // No alerts in a night of clouds are no error.
  const onEmpty = (name: string): void => tell(`${name} holds no alerts`);
  const { files, tellSkipped } = await openInputs(paths, options, terminal, onEmpty, onEmpty);
  const fields = watchFields(setup);
  const { filter, model, filterModels } = setup;
  const scorer = await createScorer({ models: [model], batchSize: DEFAULT_BATCH, gunzip: zlibGunzip });
  const filterScorer =
    filterModels.length === 0
      ? undefined
      : await createScorer({ models: filterModels, batchSize: DEFAULT_BATCH, gunzip: zlibGunzip });
  let opened = 0;
  const judged = judgeInputs(files, {
    scorer,
    model: model.definition.name,
    batchSize: DEFAULT_BATCH,
    ...(filter && { filter }),
    ...(filterScorer && { filterScorer }),
    ...(options.explain !== undefined && { objectId: options.explain }),
    onOther: (objectId) => {
      if (objectId.toLowerCase() === options.explain?.toLowerCase()) counts.similar = objectId;
    },
    onFile: () => (opened += 1),
  });
  try {
    for await (const each of judged) {
      if ("error" in each) {
        counts.errors += 1;
        if (isTable(options, terminal)) tell(placeMessage(each, each.error));
        else stdout.write(`${toJsonLine({ success: false, ...each })}\n`);
        continue;
      }
      counts.alerts += 1;
      if (each.filtered?.pass !== false) counts.passed += 1;
      if (each.result?.status === "scored") counts.scored += 1;
      countLosses(each, counts);
      fields.see(each.alert);
      take(each);
      progress.show(`${countOf(counts.alerts, "alert")}, ${counts.passed} pass, file ${opened} of ${files.length}`);
    }
  } finally {
    progress.clear();
    scorer.dispose();
    filterScorer?.dispose();
  }
  tellSkipped();
  for (const complaint of fields.complaints()) complain(stderr, complaint);
  return counts;
}

/**
 * Says how many inputs could not be read, and gives the exit status.
 *
 * @internal
 */
export function finishCounts({ errors }: DecideCounts, { stderr }: Terminal): number {
  if (errors === 0) return EXIT.ok;
  complain(stderr, `${countOf(errors, "input")} could not be read`);
  return EXIT.unreadable;
}
