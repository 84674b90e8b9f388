import { createHistoryLookup, createJudge } from "@btsbot/decide";
import type { History, HistoryLookup, Judge, JudgedItem, Source } from "@btsbot/decide";
import type { ScorerOptions } from "@btsbot/core";
import { countOf } from "@btsbot/errors";
import type { Model } from "@btsbot/model";
import { chooseJobs } from "../../inputs/chooseJobs.js";
import { DEFAULT_MAX_WAIT } from "../../inputs/inputOptions.js";
import type { AlertFile } from "../../inputs/listInputs.js";
import { openInputs } from "../../inputs/openInputs.js";
import { openScorer } from "../../inputs/openScorer.js";
import { DEFAULT_BATCH } from "../../inputs/scoreInputs.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { placeMessage } from "../../terminal/placeMessage.js";
import { createProgress } from "../../terminal/progress.js";
import { toJsonLine } from "../../terminal/toJsonLine.js";
import { countLosses } from "./describeLosses.js";
import { namePlace } from "./filePlace.js";
import type { FilePlace } from "./filePlace.js";
import { createFileSource } from "./fileSource.js";
import type { FileSourceOptions } from "./fileSource.js";
import { SaidLines } from "./SaidLines.js";
import type { DecideCounts, DecideOptions, DecideSetup } from "./types.js";
import { watchFields } from "./watchFields.js";

/**
 * What a run reads and judges, with what people are told of it.
 *
 * @internal
 */
export interface OpenJudge {
  readonly source: Source;
  readonly judge: Judge;
  /** To be called where an earlier run ended at a place, before anything is read: says so, and says nothing twice. */
  readonly goOn: (place: FilePlace) => void;
  /** Counts what was judged; what cannot be read is told. */
  readonly onJudged: (judged: readonly JudgedItem[]) => void;
  readonly counts: Readonly<DecideCounts>;
  /** Says what was left out; to be called when all is read. */
  readonly tellRest: () => void;
  /** Lets go of the scorers. */
  readonly close: () => Promise<void>;
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
 * Opens the inputs of a run, and what judges them; of all sources, or of the one that is to be explained.
 *
 * @param history - light curves beyond the packets; absent where features see the packet alone
 *
 * @internal
 */
export async function openJudge(
  paths: readonly string[],
  options: DecideOptions,
  setup: DecideSetup,
  terminal: Terminal,
  history?: History,
): Promise<OpenJudge> {
  const { stdout, stderr } = terminal;
  const progress = createProgress(stderr, terminal.now);
  const counts: DecideCounts = { alerts: 0, passed: 0, scored: 0, errors: 0, rejected: new Map(), unscored: new Map() };
  const tell = (message: string): void => {
    progress.clear();
    complain(stderr, message);
  };
  // A night of clouds without alerts is not an error.
  const onEmpty = (name: string): void => tell(`${name} holds no alerts`);
  const { files, tellSkipped } = await openInputs(paths, options, terminal, onEmpty, onEmpty);
  const fields = watchFields(setup);
  const { filter, model, filterModels } = setup;
  const lookup = history && createHistoryLookup(history);
  const jobs = lookup ? oneJob(options, terminal) : chooseJobs(files, [model, ...filterModels], options, terminal);
  const { scorer, filterScorer } = await openScorers(setup, jobs, lookup);
  let opened = 0;
  const said = new SaidLines(stdout);
  const source = createFileSource(files, {
    ...(await keepPlace(files, options, setup, stdout)),
    onFile: () => (opened += 1),
    maxWaitMs: options.maxWait ?? DEFAULT_MAX_WAIT,
    isAhead: jobs > 1,
    ...(options.explain !== undefined && { objectId: options.explain }),
    onOther: (objectId) => {
      if (objectId.toLowerCase() === options.explain?.toLowerCase()) counts.similar = objectId;
    },
  });
  const judge = createJudge({
    scorer,
    model: model.definition.name,
    ...(filter && { filter }),
    ...(filterScorer && { filterScorer }),
    ...(lookup && { history: lookup }),
  });
  return {
    source,
    async judge(alerts, kept) {
      // What was told of the batch before is not held for a reader that is slow.
      await stdout.drained?.();
      return judge(alerts, kept);
    },
    goOn(place) {
      counts.errors += place.failed;
      said.recall(place);
      if (place.at !== "") complain(stderr, `goes on behind ${place.at}, up to which an earlier run has judged`);
    },
    onJudged(judged) {
      for (const each of judged) {
        if ("error" in each) {
          counts.errors += 1;
          if (isTable(options, terminal)) tell(placeMessage(each, each.error));
          else said.write(toJsonLine({ success: false, ...each }));
          continue;
        }
        counts.alerts += 1;
        if (each.filtered?.pass !== false) counts.passed += 1;
        if (each.result?.status === "scored") counts.scored += 1;
        countLosses(each, counts);
        fields.see(each.alert);
      }
      progress.show(`${countOf(counts.alerts, "alert")}, ${counts.passed} pass, file ${opened} of ${files.length}`);
    },
    counts,
    tellRest() {
      progress.clear();
      tellSkipped();
      for (const complaint of fields.complaints()) complain(stderr, complaint);
    },
    async close() {
      progress.clear();
      await scorer.close();
      await filterScorer?.close();
    },
  };
}

async function openScorers({ model, filterModels }: DecideSetup, jobs: number, lookup: HistoryLookup | undefined) {
  const open = (models: readonly Model[], more: Pick<ScorerOptions, "history"> = {}) =>
    openScorer({ models, ...(jobs === 1 && { batchSize: DEFAULT_BATCH }), ...more }, jobs);
  const scorer = await open([model], lookup && { history: (alert) => lookup.of(alert) });
  const filterScorer = filterModels.length === 0 ? undefined : await open(filterModels);
  return { scorer, filterScorer };
}

/** How the place of a run is kept, which a state does. */
async function keepPlace(
  files: readonly AlertFile[],
  options: DecideOptions,
  setup: DecideSetup,
  stdout: Terminal["stdout"],
): Promise<Pick<FileSourceOptions, "name" | "written">> {
  if (options.state === undefined || options.explain !== undefined) return {};
  const name = await namePlace(files, options, setup);
  return name === undefined ? {} : { name, written: () => stdout.written?.() };
}

/** Light curves are asked for in this thread. */
function oneJob({ jobs = 1 }: DecideOptions, { stderr }: Terminal): number {
  if (jobs > 1) complain(stderr, "--history reads light curves in one thread: --jobs is ignored");
  return 1;
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
