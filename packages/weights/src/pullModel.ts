import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import { writeLayersModel } from "@btsbot/model";
import { cacheFolder } from "./cacheFolder.js";
import { checkModelName } from "./checkName.js";
import { downloadArchive } from "./downloadArchive.js";
import { fileError } from "./fileError.js";
import { findPublished } from "./findPublished.js";
import { importSavedModel } from "./importSavedModel.js";
import { makeFolder } from "./makeFolder.js";
import { placeFiles } from "./placeFiles.js";
import { readMirror } from "./readMirror.js";
import { readPulled } from "./readPulled.js";
import type { PublishedModel, PulledModel, PullOptions, PullProgress } from "./types.js";
import { unpackArchive } from "./unpackArchive.js";
import { abandoned } from "./workFiles.js";

/**
 * Fetches a published model into the cache: from its public address or a local mirror, its SHA-256
 * verified, converted to the tfjs layers format.
 *
 * What is there already is left alone. A download that was interrupted is gone on with where the server
 * allows it. The model appears in the cache whole or not at all, also when several processes pull it.
 *
 * @param model - the model's name, or the entry of one that is not in the registry
 * @param options - mirror, cache, progress
 * @returns the model's name and folder
 * @throws BtsbotError `model-unknown`; `model-invalid` for a name that cannot be a folder's; `download-failed`, `mirror-missing`, `checksum-mismatch`;
 * `cache-unwritable`, `disk-full`; `archive-invalid` and as `importSavedModel` if the file cannot be read;
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
  const published = typeof model === "string" ? findPublished(model) : model;
  const { name, bytes: total } = published;
  checkModelName(name);
  const cache = options.cache ?? cacheFolder();
  const pulled = { name, folder: join(cache, name) };
  const report = (stage: PullProgress["stage"], received = total) => options.onProgress?.({ name, stage, received, total });
  if (!options.force && (await isPulled(cache, published))) {
    report("cached");
    return pulled;
  }
  await makeFolder(cache).catch((error: unknown) => {
    throw fileError(error, cache, "cache-unwritable");
  });
  const archive =
    options.from === undefined
      ? await downloadArchive({ model: published, cache, options, onBytes: (received) => report("download", received) })
      : await readMirror(published, options.from);
  options.signal?.throwIfAborted();
  report("convert");
  const files = writeLayersModel(await convert(archive, published));
  await placeFiles(files, pulled.folder, "cache-unwritable");
  for (const path of await abandoned(cache, name, ["part", "tmp"])) {
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
  report("done");
  return pulled;
}

function convert(archive: Uint8Array, published: PublishedModel): ReturnType<typeof importSavedModel> {
  const { name, version, profile, url, sha256, license, citation, doi } = published;
  const source = { url, sha256, license, citation: `${citation}, doi:${doi}` };
  return importSavedModel(unpackArchive(archive), { name, version, profile }, source);
}

/** Whether the cache holds the model, whole, from the file that is published now. What is damaged is pulled again. */
async function isPulled(cache: string, { name, sha256 }: PublishedModel): Promise<boolean> {
  try {
    return (await readPulled(cache, name)).source?.sha256 === sha256;
  } catch (error) {
    if (error instanceof BtsbotError) return false;
    throw error;
  }
}
