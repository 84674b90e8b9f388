import { lstat, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { writeLayersModel } from "@btsbot/model";
import { makeFolder } from "@btsbot/tables";
import { cacheFolder } from "./cacheFolder.js";
import { checkHashes } from "./checkHashes.js";
import { checkModelName } from "./checkName.js";
import { downloadFiles, partName } from "./downloadFiles.js";
import { fileError } from "./fileError.js";
import { findPublished } from "./findPublished.js";
import { importPublished } from "./importPublished.js";
import { placeFiles } from "./placeFiles.js";
import { readMirror } from "./readMirror.js";
import { isFrom, readPulled } from "./readPulled.js";
import { PULL_OPTIONS } from "./types.js";
import type { PublishedModel, PulledModel, PullOptions, PullProgress } from "./types.js";
import { findAbandoned, removeWork } from "./workFiles.js";

/**
 * Fetches a published model into the cache: its files from their public addresses or a local mirror, their
 * SHA-256 verified, converted to the tfjs layers format.
 *
 * What is there already is left alone. A download that was interrupted is gone on with where the server
 * allows it. The model appears in the cache whole or not at all, also when several processes pull it.
 *
 * @param model - the model's name, or the entry of one that is not in the registry
 * @param options - mirror, cache, progress
 * @returns the model's name and folder
 * @throws BtsbotError `model-unknown`; `model-invalid` for a name that cannot be a folder's; `download-failed`,
 * `mirror-missing`, `address-missing`, `checksum-mismatch`; `cache-unwritable`, `disk-full`; as `importPublished` if the
 * files cannot be read;
 * the signal's reason when it is aborted
 *
 * @example
 * ```ts
 * import { pullModel } from "@btsbot/weights";
 *
 * await pullModel("btsbot-v0").catch(({ code }) => code); // => "model-unknown"
 * ```
 */
export async function pullModel(model: string | PublishedModel, options: PullOptions = {}): Promise<PulledModel> {
  checkOptions("pullModel", options, PULL_OPTIONS);
  checkArgument("pullModel", "model", model, "string|object");
  const published = typeof model === "string" ? findPublished(model) : model;
  if (typeof model !== "string")
    checkArgument("pullModel", "model", model, "object", ["name", "version", "files", "format"]);
  const { name } = published;
  checkModelName(name);
  const total = published.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const cache = options.cache ?? cacheFolder();
  const pulled = { name, folder: join(cache, name) };
  const report = (stage: PullProgress["stage"], received = total) =>
    options.onProgress?.({ name, stage, received, total });
  if (!options.force && (await isPulled(cache, published))) {
    report("cached");
    return pulled;
  }
  await makeFolder(cache).catch((error: unknown) => {
    throw fileError(error, cache, "cache-unwritable");
  });
  const { from } = options;
  const files =
    from === undefined
      ? await downloadFiles({ model: published, cache, options, onBytes: (received) => report("download", received) })
      : await Promise.all(published.files.map((file) => readMirror(file, from)));
  options.signal?.throwIfAborted();
  report("convert");
  const made = await importPublished(published, files);
  checkHashes(made, published.hashes);
  const written = writeLayersModel(made);
  await clearPlace(pulled.folder, [...written.keys()]);
  await placeFiles(written, pulled.folder, "cache-unwritable");
  await removeAbandoned(cache, published);
  report("done");
  return pulled;
}

/**
 * Takes away what stands where the model's folder and files belong, and what they cannot be renamed onto: a file or a link to
 * nothing in place of the folder, and folders in place of the files.
 */
async function clearPlace(folder: string, names: readonly string[]): Promise<void> {
  const there = await lstat(folder).catch(() => undefined);
  const target = await stat(folder).catch(() => undefined);
  // A link to a folder may be meant.
  if (there !== undefined && !target?.isDirectory()) await rm(folder).catch(() => undefined);
  for (const path of names.map((name) => join(folder, name))) {
    const found = await stat(path).catch(() => undefined);
    // What cannot be removed is said when the files are placed.
    if (found?.isDirectory()) await rm(path, { recursive: true }).catch(() => undefined);
  }
}

async function removeAbandoned(cache: string, model: PublishedModel): Promise<void> {
  const folders = await findAbandoned(cache, model.name, ["tmp"]);
  const parts = await Promise.all(model.files.map((file) => findAbandoned(cache, partName(model, file), ["part"])));
  for (const { path } of [...folders, ...parts.flat()]) await removeWork(path);
}

/** Whether the cache holds the model, whole, from the files that are published now. What is damaged or changed is pulled again. */
async function isPulled(cache: string, published: PublishedModel): Promise<boolean> {
  try {
    const model = await readPulled(cache, published.name);
    checkHashes(model, published.hashes);
    return isFrom(model, published);
  } catch (error) {
    if (error instanceof BtsbotError) return false;
    throw error;
  }
}
