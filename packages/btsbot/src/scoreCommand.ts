import { createScorer } from "@btsbot/core";
import type { Scorer } from "@btsbot/core";
import { BtsbotError } from "@btsbot/errors";
import { cacheFolder, openCache, PUBLISHED_MODELS } from "@btsbot/weights";
import type { Terminal } from "./createTerminal.js";
import { EXIT } from "./exitStatus.js";
import { gunzip } from "./gunzip.js";
import { createJsonLinesWriter } from "./jsonLines.js";
import { listInputs } from "./listInputs.js";
import { createProgress } from "./progress.js";
import { scoreInputs } from "./scoreInputs.js";
import type { FileOutcome } from "./scoreInputs.js";
import { createTableWriter } from "./scoreTable.js";

/** The model that is meant where none is named: the production model of the survey's scanner. */
export const DEFAULT_MODEL = "btsbot-v1.0.1";

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
export interface ScoreOptions {
  readonly model: readonly string[];
  readonly format?: "table" | "jsonl";
  readonly batch?: number;
}


/**
 * `btsbot score`.
 *
 * @internal
 */
export async function scoreCommand(paths: readonly string[], options: ScoreOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, stdin } = terminal;
  const models = modelNames(options.model);
  const scorer = await prepareScorer(models, options.batch, terminal);
  if (scorer === undefined) return EXIT.usage;
  const format = options.format ?? (stdout.isTTY ? "table" : "jsonl");
  const writer = format === "table" ? createTableWriter(models, terminal) : createJsonLinesWriter(stdout);
  const files = await listInputs(paths, stdin);
  // Where the table scrolls by, that is the progress.
  const progress = createProgress(stdout.isTTY ? undefined : stderr);
  const count = { alerts: 0, unscored: 0, errors: 0 };
  let opened = 0;
  try {
    for await (const outcome of scoreInputs(scorer, files, () => (opened += 1))) {
      if (!outcome.success) count.errors += 1;
      else {
        count.alerts += 1;
        if (Object.values(outcome.data.scores).some(({ status }) => status === "unscored")) count.unscored += 1;
      }
      writer.write(outcome);
      progress.show(`${count.alerts} alerts, file ${opened} of ${files.length}`);
    }
  } finally {
    progress.clear();
    scorer.dispose();
  }
  writer.end(describeCounts(count));
  if (count.errors === 0) return EXIT.ok;
  const inputs = count.errors === 1 ? "1 input" : `${count.errors} inputs`;
  stderr.write(`btsbot: ${inputs} could not be read${count.alerts > 0 ? "; the others are scored" : ""}\n`);
  return EXIT.unreadable;
}

/** What to do where the error cannot know that this is the command line. */
const HINTS: Readonly<Record<string, string>> = {
  "model-not-pulled": "From a local mirror: add --from DIR. What there is: btsbot models list",
  "weights-checksum": "The cache is damaged. Run btsbot models pull with the model's name to repair it.",
  "model-invalid": "The cache is damaged. Run btsbot models pull with the model's name to repair it.",
};

/**
 * The models' names, each once, `all` spelled out.
 *
 * @internal
 */
export function modelNames(given: readonly string[]): string[] {
  if (given.length === 0) return [DEFAULT_MODEL];
  return [...new Set(given.flatMap((name) => (name === "all" ? PUBLISHED_MODELS.map((model) => model.name) : [name])))];
}

/** A scorer; or, where a model cannot be had, what to do about it on standard error, and nothing. */
async function prepareScorer(models: readonly string[], batchSize: number | undefined, terminal: Terminal): Promise<Scorer | undefined> {
  const store = openCache({ cache: cacheFolder(terminal.env) });
  try {
    return await createScorer({ models, store, gunzip, ...(batchSize !== undefined && { batchSize }) });
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
  stderr.write(`btsbot: ${error.message}\n`);
  const hint = HINTS[error.code];
  if (hint !== undefined) stderr.write(`        ${hint}\n`);
}

function describeCounts({ alerts, unscored, errors }: { alerts: number; unscored: number; errors: number }): string {
  const parts = [`${alerts} ${alerts === 1 ? "alert" : "alerts"}`];
  if (unscored > 0) parts.push(`${unscored} not scored by every model`);
  if (errors > 0) parts.push(`${errors} not readable`);
  return parts.join(", ");
}
