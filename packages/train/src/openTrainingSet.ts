import { applyPadding, DEFAULT_PLANES, STAMP_SIZE } from "@btsbot/cutout";
import type { ImagePreprocessing } from "@btsbot/cutout";
import { BtsbotError, checkArgument, checkOptions, countOf } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { inputLength } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { adaptTriplet } from "./adaptTriplet.js";
import { cachePackets } from "./cachePackets.js";
import { labelAlerts } from "./labelAlerts.js";
import { openNpy } from "./openNpy.js";
import { readCandidates } from "./readCandidates.js";
import { readTeacher } from "./readTeacher.js";
import { readSourceLabels } from "./readSourceLabels.js";
import type { TrainingAlert } from "./types.js";

/** A set in the published format. */
export interface PublishedSource {
  /** The table, CSV. */
  readonly candidates: string;
  /** The images, .npy, a row for each of the table's; none for a network without images. */
  readonly triplets?: string;
  /** A table of labels or classes by source; without it the table of alerts has the column `label`. */
  readonly truth?: string;
}

/** A folder of packets, real or simulated. */
export interface PacketSource {
  /** The folder. */
  readonly packets: string;
  /** The table of labels or classes by source. */
  readonly truth: string;
}

/** Where alerts of known truth are. */
export type DataSource = PublishedSource | PacketSource;

/** Where a teacher's scores are: in files of `readTeacher`, or in a column of the tables. */
export interface TeacherSource {
  /** Files of scores. */
  readonly scores?: readonly string[] | undefined;
  /** The teacher's name, where files have scores of several. */
  readonly model?: string | undefined;
  /** A column of the published tables. */
  readonly column?: string | undefined;
}

/** Options of {@link openTrainingSet}. */
export interface OpenTrainingSetOptions {
  /** The network: which inputs are read, and what the labels are. */
  readonly definition: ModelDefinition;
  /** The folder for what is made of packets. */
  readonly cache: string;
  /** Feature profiles of your own, for a network that names one. */
  readonly profiles?: readonly (FeatureProfile | ProfileData)[];
  /** For a network of classes: its class by the class in the tables, where they differ. */
  readonly classes?: Readonly<Record<string, string>>;
  /** Where a teacher's scores are. */
  readonly teacher?: TeacherSource;
  /** Images are kept in memory once read if all of them fit into so many bytes; 2^30 by default. */
  readonly memoryBytes?: number;
  /** Called while packets are decoded. */
  readonly onProgress?: (done: number, files: number) => void;
}

/** The names of {@link OpenTrainingSetOptions}. */
const OPEN_TRAINING_SET_OPTIONS: OptionNames<OpenTrainingSetOptions> = {
  definition: "object!",
  cache: "string!",
  profiles: "list",
  classes: "object",
  teacher: "object",
  memoryBytes: "number",
  onProgress: "function",
};

/** Alerts of known truth with what a network reads of them. */
export interface TrainingSet {
  /** The alerts, cuts not made yet. */
  readonly alerts: readonly TrainingAlert[];
  /**
   * Reads the network's inputs.
   *
   * @param rows - the alerts' rows
   * @returns the inputs by name
   */
  readInputs(rows: readonly number[]): Promise<Record<string, Float32Array>>;
  /** Closes files. */
  close(): Promise<void>;
}

/** Bytes of images that are kept. */
const MEMORY_BYTES = 2 ** 30;

/**
 * Opens sets of alerts of known truth as one. Tables are read, images are not: they are read when a
 * batch asks for them.
 *
 * @param sources - published sets, folders of packets
 * @param options - the network, the teacher, and where to keep what is made
 * @returns the alerts; close the set when done
 * @throws BtsbotError `source-unknown` for a truth table that does not fit the alerts, `label-invalid`,
 * `npy-invalid`, `table-invalid`, `file-unreadable`, and as `cachePackets`
 *
 * @example
 * ```ts no-run
 * import { mmCnn } from "@btsbot/model";
 * import { openTrainingSet } from "@btsbot/train";
 *
 * const source = { candidates: "sn2023tyk/candidates.csv", triplets: "sn2023tyk/triplets.npy" };
 * const set = await openTrainingSet([source], { definition: mmCnn(), cache: "cache" });
 * const { triplet } = await set.readInputs([0, 1]);
 * await set.close();
 * ```
 */
export async function openTrainingSet(
  sources: readonly DataSource[],
  options: OpenTrainingSetOptions,
): Promise<TrainingSet> {
  checkOptions("openTrainingSet", options, OPEN_TRAINING_SET_OPTIONS);
  checkArgument("openTrainingSet", "sources", sources, "list");
  const { definition } = options;
  const image = definition.inputs.find((input) => input.kind === "image");
  const table = definition.inputs.find((input) => input.kind === "features");
  const profile = findProfile(definition, options.profiles);
  const preprocessing = image && applyPadding(image.preprocessing, profile?.stamps?.padding);
  const teacher = await readTeachers(options.teacher);
  const parts: OpenSource[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(parts.map((part) => part.close()));
  };
  try {
    for (const source of sources)
      parts.push(await openSource(source, { ...options, image: preprocessing, profile, teacher }));
  } catch (error) {
    await close();
    throw error;
  }
  const starts: number[] = [];
  const alerts = parts.flatMap((part) => {
    const start = (starts.at(-1) ?? 0) + (parts[starts.length - 1]?.alerts.length ?? 0);
    starts.push(start);
    return part.alerts.map((alert) => ({ ...alert, row: alert.row + start }));
  });
  const find = (row: number): [OpenSource, number] => {
    const place = starts.findLastIndex((start) => start <= row);
    return [parts[place], row - starts[place]];
  };
  const readImage = keepRows(
    alerts.length,
    image === undefined ? 0 : inputLength(image),
    options.memoryBytes ?? MEMORY_BYTES,
    (row) => {
      const [part, own] = find(row);
      return part.readImage(own);
    },
  );
  return {
    alerts,
    close,
    readInputs: async (rows) => {
      const inputs: Record<string, Float32Array> = {};
      if (image) inputs[image.name] = join(await Promise.all(rows.map(readImage)));
      if (table) inputs[table.name] = join(rows.map((row) => find(row)).map(([part, own]) => part.readFeatures(own)));
      return inputs;
    },
  };
}

interface OpenSource {
  readonly alerts: readonly TrainingAlert[];
  readonly readImage: (row: number) => Promise<Float32Array>;
  readonly readFeatures: (row: number) => Float32Array;
  readonly close: () => Promise<void>;
}

interface SourceOptions extends Omit<OpenTrainingSetOptions, "teacher"> {
  readonly image: ImagePreprocessing | undefined;
  readonly profile: FeatureProfile | undefined;
  readonly teacher: { readonly column?: string; readonly scores?: ReadonlyMap<string, number> };
}

async function openSource(source: DataSource, options: SourceOptions): Promise<OpenSource> {
  const { image, profile, definition, classes, teacher, cache, onProgress } = options;
  const inputs = { ...(profile !== undefined && { profile }), ...(image && { preprocessing: image }) };
  const isPackets = "packets" in source;
  const files = isPackets
    ? await cachePackets(source.packets, { cache, ...inputs, ...(onProgress && { onProgress }) })
    : source;
  const teacherColumn = isPackets ? undefined : teacher.column;
  const candidates = await readCandidates(files.candidates, {
    ...(profile !== undefined && { profile }),
    ...(teacherColumn !== undefined && { teacherColumn }),
  });
  const truth =
    source.truth === undefined ? undefined : { path: source.truth, sources: await readSourceLabels(source.truth) };
  const alerts = labelAlerts(candidates.alerts, {
    path: isPackets ? source.packets : source.candidates,
    output: definition.output,
    ...(truth && { truth }),
    ...(classes && { classes }),
    ...(teacher.scores && { teacher: teacher.scores }),
  });
  const length = candidates.features.length / (alerts.length || 1);
  const readFeatures = (row: number): Float32Array => candidates.features.subarray(row * length, (row + 1) * length);
  if (image === undefined)
    return { alerts, readFeatures, readImage: async () => new Float32Array(0), close: async () => undefined };
  if (files.triplets === undefined) {
    throw new BtsbotError("config-invalid", "the network reads images, and the set has none", {
      path: files.candidates,
      expected: "triplets",
    });
  }
  // What was made of packets was made for this network.
  const side = isPackets ? image.size : STAMP_SIZE;
  const planes = isPackets ? (image.planes ?? DEFAULT_PLANES) : DEFAULT_PLANES;
  const npy = await openNpy(files.triplets, [side, side, planes.length]);
  if (npy.shape[0] !== alerts.length) {
    await npy.close();
    throw new BtsbotError("npy-invalid", "it does not have as many rows as the table", {
      path: files.triplets,
      expected: `${countOf(alerts.length, "row")}, as in ${files.candidates}`,
      got: countOf(npy.shape[0], "row"),
    });
  }
  const readImage = async (row: number): Promise<Float32Array> =>
    isPackets ? npy.readRow(row) : adaptTriplet(await npy.readRow(row), image);
  return { alerts, readFeatures, readImage, close: () => npy.close() };
}

async function readTeachers(teacher: TeacherSource | undefined): Promise<SourceOptions["teacher"]> {
  const { column, scores, model } = teacher ?? {};
  if (scores === undefined) return { ...(column !== undefined && { column }) };
  const all = new Map<string, number>();
  for (const path of scores) for (const [candid, score] of await readTeacher(path, model)) all.set(candid, score);
  return { ...(column !== undefined && { column }), scores: all };
}

/** The profile of a network: one that reads other features than its profile has would be given others in their place. */
function findProfile(
  { name, inputs }: ModelDefinition,
  profiles: OpenTrainingSetOptions["profiles"],
): FeatureProfile | undefined {
  const input = inputs.find((each) => each.kind === "features");
  if (input === undefined) return undefined;
  const profile = toProfile(input.profile, profiles);
  const { length } = profile.features;
  if (length === input.length) return profile;
  throw new BtsbotError("model-invalid", `the input does not have the length of profile ${profile.name}`, {
    path: `${name}.${input.name}`,
    expected: `${length}`,
    got: `${input.length}`,
  });
}

/** Reads rows once, if all of them have room. */
function keepRows(
  rows: number,
  length: number,
  memoryBytes: number,
  read: (row: number) => Promise<Float32Array>,
): (row: number) => Promise<Float32Array> {
  if (rows * length * 4 > memoryBytes) return read;
  const kept = new Map<number, Float32Array>();
  return async (row) => {
    const known = kept.get(row);
    if (known !== undefined) return known;
    const values = await read(row);
    kept.set(row, values);
    return values;
  };
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => (joined.set(part, offset), offset + part.length), 0);
  return joined;
}
