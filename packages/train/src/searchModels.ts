import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { hashBytes } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { defineModel, fitConfig, openSet, OPTIONS_OF_EACH } from "./fitConfig.js";
import type { TrainOptions } from "./fitConfig.js";
import type { TrainingSet } from "./openTrainingSet.js";
import { configureTrial, setParameters } from "./parseSearchConfig.js";
import type { SearchConfig } from "./parseSearchConfig.js";
import { makeFolder, placeFile } from "@btsbot/tables";
import { readSearchReport } from "./readSearchReport.js";
import { sampleSpace } from "./sampleSpace.js";
import type { Parameters } from "./sampleSpace.js";
import type { TrainConfig } from "./trainConfig.js";

/** What came of a trial in one round. */
export interface RoundResult {
  /** Epochs at most that it had in all. */
  readonly epochs: number;
  /** Its least validation loss so far, without class weights, nats; null if it diverged. */
  readonly validationLoss: number | null;
  /** The epoch that gave it; 0 if it diverged. */
  readonly bestEpoch: number;
  /** The validation accuracy of that epoch; null if it diverged. */
  readonly validationAccuracy: number | null;
}

/** A trial and its rounds. */
export interface Trial {
  /** Its number, from 0. */
  readonly trial: number;
  /** Its parameters. */
  readonly parameters: Parameters;
  /** Its rounds: one in a random search. */
  readonly rounds: readonly RoundResult[];
}

/** What a search was, and what came of it: the file `search.json`. */
export interface SearchReport {
  /** Says which configuration this belongs to. */
  readonly key: string;
  /** How it is searched. */
  readonly method: SearchConfig["method"];
  /** All trials that have begun. */
  readonly trials: readonly Trial[];
  /** The best of the last round that is whole; null before. */
  readonly best: Trial | null;
  /** Whether all is done. */
  readonly done: boolean;
}

/** What happens besides a search. */
export interface SearchOptions extends Omit<TrainOptions, "onData" | "now"> {
  /** Called when a trial has done a round. */
  readonly onTrial?: (trial: Trial, done: number, all: number) => void;
}

/** The names of {@link SearchOptions}. */
const SEARCH_OPTIONS: OptionNames<SearchOptions> = {
  ...OPTIONS_OF_EACH,
  onTrial: "function",
};

/**
 * Searches hyper-parameters: trials drawn by chance, each trained to its end (`random`), or by successive
 * halving: all for `minEpochs` epochs, the best one in `eta` of them for `eta` times as many, until one
 * is left or the training's `epochs` are reached. The least validation loss is the best; where the
 * entropy's weight is searched, whose losses do not compare, the greatest validation accuracy.
 *
 * The output folder has `search.json` after every trial, `best.json`, a configuration for
 * `btsbot train`, and a checkpoint of each trial: run again, a search goes on where it was.
 *
 * @param config - the configuration, of `parseSearchConfig`
 * @param options - where to, and what happens besides
 * @returns the report
 * @throws BtsbotError `resume-mismatch` if the folder holds a different search; `training-diverged` if all trials diverge; as `trainModel`
 *
 * Source: Bergstra and Bengio 2012, JMLR 13, 281; Jamieson and Talwalkar 2016, AISTATS 51, 240.
 *
 * @example
 * ```ts no-run
 * import { readFile } from "node:fs/promises";
 * import { parseSearchConfig, searchModels } from "@btsbot/train";
 *
 * const config = parseSearchConfig(JSON.parse(await readFile("search.json", "utf8")), ".");
 * const { best } = await searchModels(config, { out: "search" });
 * console.log(best?.parameters);
 * ```
 */
export async function searchModels(config: SearchConfig, options: SearchOptions): Promise<SearchReport> {
  checkOptions("searchModels", options, SEARCH_OPTIONS);
  checkArgument("searchModels", "config", config, "object");
  const { out, onTrial, signal, profiles } = options;
  const rounds = planRounds(config, profiles);
  const all = rounds.reduce((sum, { trials }) => sum + trials, 0);
  let report = await startReport(config, out);
  const sets = new Map<string, Promise<TrainingSet>>();
  let done = 0;
  try {
    let running = Array.from({ length: config.trials }, (_, trial) => trial);
    for (const [round, { epochs, trials }] of rounds.entries()) {
      running = rank(report.trials, running, round, config.space).slice(0, trials);
      for (const trial of running) {
        done += 1;
        if (report.trials.find((each) => each.trial === trial)?.rounds[round] !== undefined) continue;
        const own = await runTrial(config, { trial, epochs }, sets, options);
        if (own === undefined || signal?.aborted) return report;
        report = addRound(report, trial, own.parameters, own.result);
        await placeFile(join(out, "search.json"), `${JSON.stringify(report, null, 1)}\n`);
        onTrial?.(
          report.trials.find((each) => each.trial === trial)!,
          done,
          all,
        );
      }
      report = { ...report, best: findBest(report.trials, running, round, config.space) };
    }
  } finally {
    for (const set of sets.values()) await set.then((open) => open.close()).catch(() => undefined);
  }
  return finish(config, { ...report, done: true }, out);
}

/** Epochs and trials of each round. */
function planRounds(config: SearchConfig, profiles: SearchOptions["profiles"]): { epochs: number; trials: number }[] {
  const { method, trials, minEpochs, eta } = config;
  const { epochs } = configureTrial(config, sampleSpace(config.space, config.seed, 0), profiles).fit;
  if (method === "random") return [{ epochs, trials }];
  const rounds = [{ epochs: Math.min(minEpochs, epochs), trials }];
  while (rounds.at(-1)!.trials > 1 && rounds.at(-1)!.epochs < epochs) {
    const last = rounds.at(-1)!;
    rounds.push({ epochs: Math.min(last.epochs * eta, epochs), trials: Math.max(1, Math.floor(last.trials / eta)) });
  }
  return rounds;
}

/**
 * Trials by how they did in the round before, best first; of equal ones the earlier. By their validation loss,
 * or by their accuracy where the entropy's weight is searched: a loss with more of it is less, however the
 * network does (Carrasco-Davis et al. 2021, AJ 162, 231, Appendix C chooses by accuracy).
 */
function rank(
  trials: readonly Trial[],
  running: readonly number[],
  round: number,
  space: SearchConfig["space"],
): number[] {
  if (round === 0) return [...running];
  const byAccuracy = Object.entries(space).some(([name, { paths = [name] }]) => paths.includes("entropyWeight"));
  const loss = (trial: number): number => {
    const result = trials.find((each) => each.trial === trial)?.rounds[round - 1];
    if (result?.validationLoss == null) return Infinity;
    return byAccuracy ? -result.validationAccuracy! : result.validationLoss;
  };
  return [...running].sort((a, b) => (loss(a) === loss(b) ? a - b : loss(a) - loss(b)));
}

function findBest(
  trials: readonly Trial[],
  running: readonly number[],
  round: number,
  space: SearchConfig["space"],
): Trial {
  return trials.find(({ trial }) => trial === rank(trials, running, round + 1, space)[0])!;
}

async function startReport(config: SearchConfig, out: string): Promise<SearchReport> {
  await makeFolder(out);
  const path = join(out, "search.json");
  const key = (await hashBytes(new TextEncoder().encode(JSON.stringify({ ...config, trials: 0 }))))!;
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return { key, method: config.method, trials: [], best: null, done: false };
  const report: SearchReport = readSearchReport(text, path);
  if (report.key === key) return { ...report, done: false };
  throw new BtsbotError("resume-mismatch", "the folder holds a different search", {
    path,
    expected: key,
    got: report.key,
    hint: "Give another output folder.",
  });
}

/** One trial up to so many epochs, from its checkpoint; undefined if it was stopped. */
async function runTrial(
  config: SearchConfig,
  { trial, epochs }: { readonly trial: number; readonly epochs: number },
  sets: Map<string, Promise<TrainingSet>>,
  options: SearchOptions,
): Promise<{ parameters: Parameters; result: RoundResult } | undefined> {
  const parameters = sampleSpace(config.space, config.seed, trial);
  const own = configureTrial(config, parameters, options.profiles);
  const train: TrainConfig = { ...own, fit: { ...own.fit, epochs } };
  const out = join(options.out, "trials", String(trial));
  await makeFolder(out);
  const definition = defineModel(train, options.profiles);
  try {
    const set = await shareSet(train, definition, sets, options);
    const { fitted } = await fitConfig(train, definition, set, { ...options, out });
    if (fitted.ended === "aborted") return undefined;
    const { bestEpoch, bestLoss } = fitted.state.schedule;
    const validationAccuracy = fitted.state.history[bestEpoch - 1].validationAccuracy;
    return { parameters, result: { epochs, validationLoss: bestLoss, bestEpoch, validationAccuracy } };
  } catch (error) {
    // A learning rate that is too high is what a search is to find out.
    if (!(error instanceof BtsbotError) || error.code !== "training-diverged") throw error;
    return { parameters, result: { epochs, validationLoss: null, bestEpoch: 0, validationAccuracy: null } };
  }
}

/** Trials that read the same inputs share the alerts that were read. */
function shareSet(
  config: TrainConfig,
  definition: ModelDefinition,
  sets: Map<string, Promise<TrainingSet>>,
  options: SearchOptions,
): Promise<TrainingSet> {
  const key = JSON.stringify(definition.inputs);
  const known = sets.get(key);
  if (known !== undefined) return known;
  const set = openSet(config, definition, options);
  sets.set(key, set);
  return set;
}

function addRound(report: SearchReport, trial: number, parameters: Parameters, result: RoundResult): SearchReport {
  const known = report.trials.find((each) => each.trial === trial) ?? { trial, parameters, rounds: [] };
  const others = report.trials.filter((each) => each.trial !== trial);
  const trials = [...others, { ...known, rounds: [...known.rounds, result] }].sort((a, b) => a.trial - b.trial);
  return { ...report, trials };
}

async function finish(config: SearchConfig, report: SearchReport, out: string): Promise<SearchReport> {
  if (report.best === null || report.best.rounds.at(-1)!.validationLoss === null) {
    throw new BtsbotError("training-diverged", "every trial of the search diverged", {
      path: out,
      hint: "Search lower learning rates.",
    });
  }
  await placeFile(
    join(out, "best.json"),
    `${JSON.stringify(setParameters(config, report.best.parameters), null, 1)}\n`,
  );
  await placeFile(join(out, "search.json"), `${JSON.stringify(report, null, 1)}\n`);
  return report;
}
