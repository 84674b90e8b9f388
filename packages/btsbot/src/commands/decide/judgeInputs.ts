import type { Alert } from "@btsbot/alert";
import type { ModelResult, ScoreOutcome, Scorer } from "@btsbot/core";
import { applyFilter } from "@btsbot/policy";
import type { Filter, FilterResult } from "@btsbot/policy";
import type { AlertFile } from "../../inputs/listInputs.js";
import { readPlaces } from "../../inputs/scoreInputs.js";
import type { ReadPlace, UnreadPlace } from "../../inputs/scoreInputs.js";
import { scoresIn } from "./decideSetup.js";

/**
 * An alert, what the filter says of it and, where that lets it pass, what the model says.
 *
 * @internal
 */
export interface JudgedAlert {
  readonly alert: Alert;
  /** Absent without a filter. */
  readonly filtered?: FilterResult;
  /** Absent where the filter rejects the alert. */
  readonly result?: ModelResult;
}

/**
 * How alerts are judged.
 *
 * @internal
 */
export interface JudgeOptions {
  readonly filter?: Filter;
  /** Gives the scores that the filter reads. */
  readonly filterScorer?: Pick<Scorer, "scoreAlerts">;
  readonly scorer: Pick<Scorer, "scoreAlerts">;
  /** The model of `scorer`. */
  readonly model: string;
  /** Alerts that are scored together. */
  readonly batchSize: number;
  /** The source that is asked about; absent for all. */
  readonly objectId?: string;
  /** Called for an alert of another source than the one that is asked about. */
  readonly onOther: (objectId: string) => void;
  /** Called when a file is opened. */
  readonly onFile: (file: string) => void;
}

/**
 * Filters the alerts of files and scores those that pass, in batches that go across files. What is rejected, and what
 * cannot be read, comes at once; the order is not that of the files.
 *
 * @internal
 */
export async function* judgeInputs(
  files: Iterable<AlertFile>,
  options: JudgeOptions,
): AsyncGenerator<JudgedAlert | UnreadPlace, void, undefined> {
  const early = options.filter && withoutScores(options.filter);
  let waiting: ReadPlace[] = [];
  for (const file of files) {
    options.onFile(file.name);
    for await (const place of readPlaces(file)) {
      if ("error" in place) {
        yield place;
        continue;
      }
      const { alert } = place;
      if (options.objectId !== undefined && alert.objectId !== options.objectId) {
        options.onOther(alert.objectId);
        continue;
      }
      const filtered = early && applyFilter(early, alert);
      if (filtered?.pass === false) {
        yield { alert, filtered };
        continue;
      }
      waiting.push(place);
      if (waiting.length < options.batchSize) continue;
      yield* judgeBatch(waiting, options);
      waiting = [];
    }
  }
  yield* judgeBatch(waiting, options);
}

/** The checks of a filter that read no score: what they reject need not be scored. */
function withoutScores(filter: Filter): Filter | undefined {
  const { rule } = filter;
  if (scoresIn(rule).length === 0) return filter;
  if (!("all" in rule) || rule.name !== undefined) return undefined;
  const all = rule.all.filter((part) => scoresIn(part).length === 0);
  return all.length === 0 ? undefined : { ...filter, rule: { ...rule, all } };
}

async function* judgeBatch(
  places: readonly ReadPlace[],
  { filter, filterScorer, scorer, model }: JudgeOptions,
): AsyncGenerator<JudgedAlert | UnreadPlace, void, undefined> {
  const passing: { readonly place: ReadPlace; readonly filtered?: FilterResult }[] = [];
  for (const { place, outcome } of await scorePlaces(places, filterScorer)) {
    if (outcome?.success === false) {
      yield { file: place.file, index: place.index, error: outcome.error };
      continue;
    }
    const filtered =
      filter && applyFilter(filter, place.alert, { scores: outcome ? numbersOf(outcome.data.scores) : {} });
    if (filtered?.pass === false) yield { alert: place.alert, filtered };
    else passing.push({ place, ...(filtered && { filtered }) });
  }
  const scored = await scorePlaces(
    passing.map(({ place }) => place),
    scorer,
  );
  for (const [index, { place, outcome }] of scored.entries()) {
    if (outcome!.success) yield { ...passing[index], alert: place.alert, result: outcome!.data.scores[model] };
    else yield { file: place.file, index: place.index, error: outcome!.error };
  }
}

interface ScoredPlace {
  readonly place: ReadPlace;
  /** Absent without a scorer. */
  readonly outcome?: ScoreOutcome;
}

async function scorePlaces(
  places: readonly ReadPlace[],
  scorer: Pick<Scorer, "scoreAlerts"> | undefined,
): Promise<ScoredPlace[]> {
  if (scorer === undefined) return places.map((place) => ({ place }));
  const scored: ScoredPlace[] = [];
  for await (const outcome of scorer.scoreAlerts(places.map(({ alert }) => alert)))
    scored.push({ place: places[scored.length], outcome });
  return scored;
}

/** Scores by the model's name; an alert that a model cannot score lacks its score. */
function numbersOf(scores: Readonly<Record<string, ModelResult>>): Record<string, number> {
  const scored = Object.entries(scores).flatMap(([name, result]) =>
    result.status === "scored" && result.score !== undefined ? [[name, result.score] as const] : [],
  );
  return Object.fromEntries(scored);
}
