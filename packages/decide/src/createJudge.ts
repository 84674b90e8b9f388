import type { ModelResult, ScoreOutcome, Scorer } from "@btsbot/core";
import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { applyFilter } from "@btsbot/policy";
import type { Filter, FilterResult } from "@btsbot/policy";
import type { HistoryLookup } from "./createHistoryLookup.js";
import { namesIn } from "./scoresIn.js";
import type { Judge, JudgedItem } from "./seams/judge.js";
import type { SourcedAlert } from "./seams/source.js";

/** What scores alerts: a scorer of `@btsbot/core`, or a pool's. */
export type AlertScorer = Pick<Scorer, "scoreAlerts">;

/** How alerts are judged. */
export interface JudgeOptions {
  /** Scores the alerts that pass. */
  readonly scorer: AlertScorer;
  /** Of the scorer's models the one whose score policies read. */
  readonly model: string;
  /** What passes; every alert by default. */
  readonly filter?: Filter;
  /** Gives the scores that the filter reads (see `scoresIn`); needed where it reads any. */
  readonly filterScorer?: AlertScorer;
  /**
   * Light curves beyond the packet, asked once a batch; the scorer's `history` is its `of`. In a run it is asked for
   * what the run has kept by then. The filter sees the packet alone. None by default.
   */
  readonly history?: HistoryLookup;
}

/** The names of {@link JudgeOptions}. */
const JUDGE_OPTIONS: OptionNames<JudgeOptions> = {
  scorer: "object!",
  model: "string!",
  filter: "object",
  filterScorer: "object",
  history: "object",
};

/**
 * Makes a judge of a filter and a scorer. What the filter rejects by the packet alone is not scored; what passes is
 * scored together, so that batches of a network are full.
 *
 * @param options - filter, scorers, model
 * @returns the judge
 *
 * @example
 * ```ts
 * import { createScorer } from "@btsbot/core";
 * import { createJudge } from "@btsbot/decide";
 *
 * const scorer = await createScorer();
 * const judge = createJudge({ scorer, model: "btsbot-mini" });
 * await judge([]); // => []
 * scorer.dispose();
 * ```
 */
export function createJudge(options: JudgeOptions): Judge {
  checkOptions("createJudge", options, JUDGE_OPTIONS);
  const { scorer, model, filter, filterScorer, history } = options;
  const early = filter && withoutScores(filter);
  return async (alerts, kept) => {
    const judged = new Map<SourcedAlert, JudgedItem>();
    const filtered = new Map<SourcedAlert, FilterResult>();
    const reject = (item: SourcedAlert, result: FilterResult): boolean => {
      if (!result.pass) judged.set(item, { ...item, filtered: result });
      else filtered.set(item, result);
      return !result.pass;
    };
    const waiting =
      early === undefined ? alerts : alerts.filter((item) => !reject(item, applyFilter(early, item.alert)));
    const passing = await filterByScores(waiting);
    if (passing.length > 0)
      await history?.prefetch(
        passing.map(({ alert }) => alert),
        kept,
      );
    for (const [item, outcome] of await scoreAll(passing, scorer)) {
      const result = filtered.get(item);
      judged.set(
        item,
        outcome.success
          ? { ...item, ...(result && { filtered: result }), result: outcome.data.scores[model] }
          : { ...placeOf(item), error: outcome.error },
      );
    }
    return alerts.map((item) => judged.get(item)!);

    /** Where the filter reads scores: those that it lets pass with them. */
    async function filterByScores(items: readonly SourcedAlert[]): Promise<readonly SourcedAlert[]> {
      if (filter === undefined || (early === filter && filterScorer === undefined)) return items;
      const scored = filterScorer && new Map(await scoreAll(items, filterScorer));
      return items.filter((item) => {
        const outcome = scored?.get(item);
        if (outcome?.success === false) {
          judged.set(item, { ...placeOf(item), error: outcome.error });
          return false;
        }
        return !reject(
          item,
          applyFilter(filter, item.alert, { scores: outcome ? numbersOf(outcome.data.scores) : {} }),
        );
      });
    }
  };
}

function placeOf({ file, index }: SourcedAlert): { file: string; index?: number } {
  return { file, ...(index !== undefined && { index }) };
}

/** The checks of a filter that read no score: what they reject need not be scored. */
function withoutScores(filter: Filter): Filter | undefined {
  const { rule } = filter;
  if (namesIn(rule).length === 0) return filter;
  if (!("all" in rule) || rule.name !== undefined) return undefined;
  const all = rule.all.filter((part) => namesIn(part).length === 0);
  return all.length === 0 ? undefined : { ...filter, rule: { ...rule, all } };
}

async function scoreAll(
  items: readonly SourcedAlert[],
  scorer: AlertScorer,
): Promise<(readonly [SourcedAlert, ScoreOutcome])[]> {
  const scored: (readonly [SourcedAlert, ScoreOutcome])[] = [];
  if (items.length === 0) return scored;
  for await (const outcome of scorer.scoreAlerts(items.map(({ alert }) => alert)))
    scored.push([items[scored.length], outcome]);
  return scored;
}

/** Scores by the model's name; an alert that a model cannot score lacks its score. */
function numbersOf(scores: Readonly<Record<string, ModelResult>>): Record<string, number> {
  const scored = Object.entries(scores).flatMap(([name, result]) =>
    result.status === "scored" && result.score !== undefined ? [[name, result.score] as const] : [],
  );
  return Object.fromEntries(scored);
}
