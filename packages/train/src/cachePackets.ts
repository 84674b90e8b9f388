import { createReadStream } from "node:fs";
import type { PathLike } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isPositive, toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { isHidden, mayHoldAlerts, readArchive } from "@btsbot/archive";
import { readStamps, toTriplet } from "@btsbot/cutout";
import type { ImagePreprocessing } from "@btsbot/cutout";
import { BtsbotError, checkOptions, toSafe } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { extractFeatures, PROFILES, toProfile } from "@btsbot/features";
import type { FeatureProfile } from "@btsbot/features";
import { hashBytes, inputShape, writeProfile } from "@btsbot/model";
import type { GivenProfile } from "@btsbot/model";
import { createNpyWriter } from "./createNpyWriter.js";
import type { NpyWriter } from "./createNpyWriter.js";
import { makeFolder, placeFile, readFolder, toFileError } from "@btsbot/tables";

/** What cuts look at, beside the features. */
const FACTS = ["fid", "magpsf", "sgscore1", "distpsnr1", "sgscore2", "distpsnr2"];

/** Options of {@link cachePackets}. */
export interface CachePacketsOptions {
  /** The folder to keep the result in; it is made. */
  readonly cache: string;
  /** The feature profile, or its name; none for a network without features. */
  readonly profile?: GivenProfile;
  /** How the network wants its image; none for a network without one. */
  readonly preprocessing?: ImagePreprocessing;
  /** Called now and then, with the files that are done and their number. */
  readonly onProgress?: (done: number, files: number) => void;
}

/** The names of {@link CachePacketsOptions}. */
const CACHE_PACKETS_OPTIONS: OptionNames<CachePacketsOptions> = {
  cache: "string!",
  profile: "string|object",
  preprocessing: "object",
  onProgress: "function",
};

/** Alerts in the published training set's format. */
export interface CachedPackets {
  /** The table, as `readCandidates` reads it. */
  readonly candidates: string;
  /** The images, one a row, ready for the network; undefined for a network without images. */
  readonly triplets: string | undefined;
}

/**
 * Turns alert packets into a table and an array of images, once: what is there already, made
 * of the same files for the same inputs, is used again. Of an alert without usable stamps the column
 * `stamps` says why, and its image is all 0. History is what a packet itself brings.
 *
 * @param packets - a folder of files that {@link mayHoldAlerts} takes, folders in it not searched; or a file or archive of packets,
 * as `readArchive` of `@btsbot/archive` reads it
 * @param options - which inputs, and where to keep them
 * @returns the paths
 * @throws BtsbotError `file-unreadable`, also for a folder without packets; what is wrong with a packet
 * that cannot be read, with its file; `disk-full`, `folder-unwritable`, `profile-unknown`
 *
 * @example
 * ```ts
 * import { cachePackets } from "@btsbot/train";
 *
 * await cachePackets("/nonexistent", { cache: "/tmp" }).catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function cachePackets(packets: string, options: CachePacketsOptions): Promise<CachedPackets> {
  checkOptions("cachePackets", options, CACHE_PACKETS_OPTIONS);
  const { cache, preprocessing } = options;
  const profile = options.profile === undefined ? undefined : toProfile(options.profile);
  const names = profile?.features.map(({ name }) => name) ?? [];
  const files = await listFiles(packets);
  const key = await makeKey(files, profile, preprocessing);
  const target = join(cache, key);
  const made = { candidates: join(target, "candidates.csv"), triplets: preprocessing && join(target, "triplets.npy") };
  if (isKnown(profile) && (await isFile(made.candidates))) return made;
  await makeFolder(target);
  const shape = preprocessing === undefined ? [] : imageShape(preprocessing);
  const writer = made.triplets === undefined ? undefined : await createNpyWriter(made.triplets, shape);
  try {
    const columns = [...new Set(["objectId", "candid", "jd", "positive", ...FACTS, ...names, "stamps"])];
    const rows = [columns.join(",")];
    for (const [done, file] of files.entries()) {
      options.onProgress?.(done, files.length);
      for await (const alert of readFile(file))
        rows.push(await addAlert(alert, columns, writer, { profile, preprocessing }));
    }
    await writer?.finish();
    // Last, since it says that all is there.
    await placeFile(made.candidates, `${rows.join("\n")}\n`);
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
  return made;
}

interface PacketFile {
  readonly path: string;
  readonly at: PathLike;
  readonly bytes: number;
  readonly changed: number;
}

async function listFiles(packets: string): Promise<PacketFile[]> {
  if (await isFile(packets)) return [await describe({ path: packets, at: packets })];
  const found = await readFolder(packets).catch((cause: unknown) => {
    throw toFileError(cause, packets, { doing: "read", summary: "the folder cannot be read" });
  });
  const paths = found.filter(({ name }) => mayHoldAlerts(name) && !isHidden(name));
  if (paths.length === 0) {
    throw new BtsbotError("file-unreadable", "the folder holds no alerts", {
      path: packets,
      expected: "files that end in .avro, .json, .jsonl, .parquet, .tar, .tgz or .zip, also with .gz",
      hint: "Folders in it are not searched.",
    });
  }
  return Promise.all(paths.map(describe));
}

async function describe({ path, at }: Pick<PacketFile, "path" | "at">): Promise<PacketFile> {
  const { size, mtimeMs } = await stat(at).catch((cause: unknown) => {
    throw toFileError(cause, path, { doing: "read" });
  });
  return { path, at, bytes: size, changed: mtimeMs };
}

/** Whether what was made before tells by its name what it was made by: a profile of functions may have changed. */
function isKnown(profile: FeatureProfile | undefined): boolean {
  return profile === undefined || profile.data !== undefined || PROFILES.includes(profile);
}

/** The same files for the same inputs have the same name. */
async function makeKey(
  files: readonly PacketFile[],
  profile: FeatureProfile | undefined,
  preprocessing: ImagePreprocessing | undefined,
): Promise<string> {
  const text = JSON.stringify([
    profile && writeProfile(profile),
    preprocessing,
    files.map(({ path, bytes, changed }) => [path, bytes, changed]),
  ]);
  return (await hashBytes(new TextEncoder().encode(text)))!.slice(0, 16);
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function* readFile({ path, at }: PacketFile): AsyncGenerator<Alert, void, undefined> {
  for await (const { file, result } of readArchive(createReadStream(at), { name: path })) {
    if (result.success) yield result.data;
    else
      throw new BtsbotError(
        result.error.problems.map((problem) => ({ ...problem, path: file, message: `${file}: ${problem.message}` })),
      );
  }
}

/** Writes an alert's image, and gives its row. */
async function addAlert(
  alert: Alert,
  columns: readonly string[],
  writer: NpyWriter | undefined,
  {
    profile,
    preprocessing,
  }: { readonly profile: FeatureProfile | undefined; readonly preprocessing: ImagePreprocessing | undefined },
): Promise<string> {
  const features = profile && extractFeatures(profile, { alert, history: toLightCurve(alert) });
  const cells = new Map<string, unknown>(FACTS.map((name) => [name, alert.candidate[name]]));
  if (features) features.names.forEach((name, place) => cells.set(name, features.values[place]));
  cells.set("objectId", alert.objectId).set("candid", alert.candid).set("jd", alert.candidate.jd);
  // Not by the packet's name: a profile may have a feature of that name and another value.
  cells.set("positive", isPositive(alert.candidate.isdiffpos));
  if (writer !== undefined && preprocessing !== undefined) {
    const gunzip = (bytes: Uint8Array, maxOutputLength: number): Uint8Array => gunzipSync(bytes, { maxOutputLength });
    const triplet = toSafe(() => toTriplet(readStamps(alert, { gunzip }), preprocessing));
    cells.set("stamps", triplet.success ? "" : triplet.error.code);
    await writer.write(triplet.success ? triplet.data.pixels : new Float32Array(product(imageShape(preprocessing))));
  }
  return columns.map((column) => quote(cells.get(column))).join(",");
}

function imageShape(preprocessing: ImagePreprocessing): number[] {
  return inputShape({ kind: "image", name: "", preprocessing });
}

function product(axes: readonly number[]): number {
  return axes.reduce((all, axis) => all * axis, 1);
}

function quote(value: unknown): string {
  if (value == null || Number.isNaN(value)) return "";
  const text = `${value as number | string}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
