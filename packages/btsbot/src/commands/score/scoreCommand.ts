import { createScorer } from "@btsbot/core";
import type { Scorer, ScorerOptions } from "@btsbot/core";
import { BtsbotError } from "@btsbot/errors";
import { cacheFolder, listPulled, openCache, PUBLISHED_MODELS } from "@btsbot/weights";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { chooseDefault } from "../../models/defaultModel.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { gunzip } from "../../inputs/gunzip.js";
import { createJsonLinesWriter } from "../../terminal/toJsonLine.js";
import { inCommandWords } from "../../terminal/inCommandWords.js";
import { openInputs } from "../../inputs/openInputs.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";
import { createProgress } from "../../terminal/progress.js";
import { scoreInputs } from "../../inputs/scoreInputs.js";
import type { FileOutcome } from "../../inputs/scoreInputs.js";
import { createTableWriter } from "./scoreTable.js";

/** Alerts in one run of the network: more gain nothing on one core. */
export const DEFAULT_BATCH = 32;
/** Alerts are held until their batch is full: 4096 of the survey's are a few hundred megabytes. */
export const MAX_BATCH = 4096;
/** The survey's own real/bogus network, as its authors published it: what `--real-bogus braai` stands for. */
const BRAAI = "braai_d6_m9";

/**
 * What takes the outcomes.
 *
 * @internal
 */
export interface OutcomeWriter {
  write(outcome: FileOutcome): void;
  /** After the last outcome; `counts` is one line for people. */
  end(counts: string): void;
}

/**
 * Options of `btsbot score`, as commander gives them.
 *
 * @internal
 */
export interface ScoreOptions extends InputOptions {
  readonly model: readonly string[];
  readonly format?: "table" | "jsonl";
  readonly batch?: number;
  /** What gives the real/bogus score that models read: the packet's drb, or braai, run on the stamps. */
  readonly realBogus?: "packet" | "braai";
}

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
  const models = await modelNames(options.model, terminal);
  const batchSize = options.batch ?? DEFAULT_BATCH;
  const realBogus = options.realBogus === "braai" ? BRAAI : undefined;
  const scorer = await prepareScorer({ models, batchSize, ...(realBogus !== undefined && { realBogus }) }, terminal);
  if (scorer === undefined) return EXIT.usage;
  const format = options.format ?? (stdout.isTTY ? "table" : "jsonl");
  const writer = format === "table" ? createTableWriter(models, terminal) : createJsonLinesWriter(stdout);
  // Where the table scrolls by, that is the progress.
  const progress = createProgress(stdout.isTTY ? undefined : stderr);
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
      progress.show(`${count.alerts} alerts, file ${opened} of ${files.length}`);
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
  const inputs = count.errors === 1 ? "1 input" : `${count.errors} inputs`;
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

const DAMAGED = "The cache is damaged. Run btsbot models pull with the model's name to repair it.";

/** What to do where the error cannot know that this is the command line. */
const HINTS: Readonly<Record<string, string>> = {
  "model-not-pulled": "From a local mirror: add --from DIR. What there is: btsbot models list",
  "weights-checksum": DAMAGED,
  "weights-missing": DAMAGED,
  "weights-misshapen": DAMAGED,
  "model-invalid": DAMAGED,
};

/**
 * The models' names, each once; the default one if none is given. `all` stands for the published ones that are in the cache; what is not there
 * is told on standard error.
 *
 * @internal
 */
export async function modelNames(given: readonly string[], terminal: Terminal): Promise<string[]> {
  const { env, stderr } = terminal;
  if (given.length === 0) return [await chooseDefault(terminal)];
  if (!given.includes("all")) return [...new Set(given)];
  const pulled = new Set((await listPulled({ cache: cacheFolder(env) })).map(({ name }) => name));
  const published = PUBLISHED_MODELS.map(({ name }) => name);
  const absent = published.filter((name) => !pulled.has(name));
  if (absent.length > 0 && absent.length < published.length) {
    complain(stderr, `not pulled, and left out of all: ${absent.join(", ")}`);
  }
  // With nothing pulled, the first one's absence is what is told.
  const all = absent.length === published.length ? published.slice(0, 1) : published.filter((name) => pulled.has(name));
  return [...new Set(given.flatMap((name) => (name === "all" ? all : [name])))];
}

/** A scorer; or, where a model cannot be had, what to do about it on standard error, and nothing. */
async function prepareScorer(
  options: Pick<ScorerOptions, "models" | "batchSize" | "realBogus">,
  terminal: Terminal,
): Promise<Scorer | undefined> {
  const store = openCache({ cache: cacheFolder(terminal.env) });
  try {
    return await createScorer({ ...options, store, gunzip });
  } catch (error) {
    return tellUnavailable(error, terminal);
  }
}

/**
 * Says on standard error why a model cannot be had, and what to do about it.
 *
 * @internal
 */
export function tellUnavailable(error: unknown, { stderr }: Terminal): undefined {
  if (!(error instanceof BtsbotError)) throw error;
  complain(stderr, inCommandWords(error).message);
  const hint = HINTS[error.code];
  if (hint !== undefined) stderr.write(`        ${hint}\n`);
}

function describeCounts({ alerts, unscored, errors }: { alerts: number; unscored: number; errors: number }): string {
  const parts = [`${alerts} ${alerts === 1 ? "alert" : "alerts"}`];
  if (unscored > 0) parts.push(`${unscored} not scored by every model`);
  if (errors > 0) parts.push(`${errors} not readable`);
  return parts.join(", ");
}
