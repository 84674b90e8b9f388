import { join, sep } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { readLayersModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { checkFileName, isModelName } from "./checkName.js";
import { checkHashes } from "./checkHashes.js";
import { findPublished } from "./findPublished.js";
import { PUBLISHED_MODELS } from "./publishedModels.js";
import { readRegular } from "./readRegular.js";
import type { PublishedModel } from "./types.js";

/** The file without which a folder holds no model. */
export const MODEL_FILE = "model.json";

/**
 * Reads a model from the cache; its hash and its name are verified.
 *
 * @throws BtsbotError `model-not-pulled`, `model-unknown`, `model-invalid`, and as `readLayersModel`; what is damaged
 * has the model's folder before its path, and the command that repairs it
 *
 * @internal
 */
export async function readPulled(cache: string, name: string): Promise<Model> {
  if (!isModelName(name)) findPublished(name);
  const folder = join(cache, name);
  const files: string[] = [];
  const read = async (file: string) => {
    files.push(file);
    try {
      return await readRegular(join(folder, checkFileName(file)));
    } catch (cause) {
      if (cause instanceof BtsbotError) throw cause;
      if (file === MODEL_FILE && isAbsent(cause)) throw notPulled(name, cache);
      throw new BtsbotError("model-invalid", "a file of the model in the cache cannot be read", {
        path: join(folder, file),
        got: (cause as NodeJS.ErrnoException).code ?? (cause as Error).message,
        hint: repairHint(name),
        cause,
      });
    }
  };
  const model = await readLayersModel(read)
    .then((found) => {
      // One's own model may have a published name: a model that says it is made of the published files, or has their
      // weights, must be.
      const published = PUBLISHED_MODELS.find((each) => each.name === name);
      if (published !== undefined && (isFrom(found, published) || found.sha256 === published.hashes?.weights))
        checkHashes(found, published.hashes);
      return found;
    })
    .catch((error: unknown) => {
      throw placeError(error, folder, files, repairHint(name));
    });
  // Scores go by the name in the definition, and callers look them up by the one that they asked for.
  if (model.definition.name !== name) {
    throw new BtsbotError("model-invalid", "the name of the model in the cache is not that of its folder", {
      path: join(folder, MODEL_FILE),
      expected: name,
      got: model.definition.name,
      hint: `Give the folder the model's name, or remove it and run \`btsbot models pull ${name}\`.`,
    });
  }
  return model;
}

/**
 * Whether a model says that it was made of the files that are published now.
 *
 * @internal
 */
export function isFrom({ source }: Model, { files }: PublishedModel): boolean {
  const from = source?.files ?? [source];
  return from.length === files.length && files.every(({ sha256 }, place) => from[place]?.sha256 === sha256);
}

function repairHint(name: string): string {
  return `Run \`btsbot models pull ${name}\` to repair it.`;
}

/** The error with the folder named: what reads a model knows its files and weights, not where they lie. */
function placeError(error: unknown, folder: string, files: readonly string[], hint: string): unknown {
  if (!(error instanceof BtsbotError) || ["model-not-pulled", "model-unknown"].includes(error.code)) return error;
  if (error.path?.startsWith(folder)) return error;
  const last = error.problems.length - 1;
  const placed = new BtsbotError(
    error.problems.map((problem, index) => placeProblem(problem, folder, files, hint, index === last)),
  );
  placed.cause = error;
  return placed;
}

/** The message tells the hint once, at the end: a damaged file can lack every weight. */
function placeProblem(
  problem: Problem,
  folder: string,
  files: readonly string[],
  hint: string,
  isLast: boolean,
): Problem {
  const { path, message } = problem;
  const inFile = path !== undefined && files.some((file) => path.startsWith(file));
  const place = folder + (inFile ? sep : ": ");
  const end = problem.hint === undefined ? ". " : " ";
  return {
    ...problem,
    path: path === undefined ? folder : place + path,
    hint,
    message: `${place}${message}${isLast ? end + hint : ""}`,
  };
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function notPulled(name: string, cache: string): BtsbotError {
  findPublished(name);
  return new BtsbotError("model-not-pulled", "published, but not in the cache", {
    path: name,
    expected: join(cache, name),
    hint: `Run \`btsbot models pull ${name}\`.`,
  });
}
