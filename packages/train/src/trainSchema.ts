import { nearestName } from "@btsbot/errors";
import type { ProfileData } from "@btsbot/features";
import type { ModelDefinition } from "@btsbot/model";
import * as z from "zod";
import { CUTS } from "./cleanAlerts.js";
import { DEFAULT_FIT } from "./defaultFit.js";
import { LATEST_CLASSES } from "./thinAlerts.js";

/** A model's name becomes a folder's: no slash, and no dot in front. */
const MODEL_NAME = /^\w[\w.+-]*$/;

const text = z.string().min(1);
const share = z.number().min(0).max(1);
const whole = z.int().min(1);
/** Adam's decay rates: at 1 nothing would ever be forgotten. */
const decay = z.number().min(0).max(0.999999);

/**
 * An object of these keys and no others: a misspelt one would be a default in silence.
 *
 * @internal
 */
export function strictKeys<T extends z.core.$ZodLooseShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const known = Object.keys(shape);
      const near = issue.keys.length === 1 ? nearestName(issue.keys[0], known) : undefined;
      return near === undefined
        ? `there is no such key, only ${known.join(", ")}`
        : `there is no such key: is it "${near}"?`;
    },
  });
}

/**
 * The form that has the key, or the other, as one schema: its issues are those of the form that was meant, where a union
 * would say that none fits.
 *
 * @internal
 */
export function byKey<A extends z.ZodType, B extends z.ZodType>(key: string, withKey: A, without: B): EitherOf<A, B> {
  const has = (value: unknown): boolean =>
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[key] !== undefined;
  return either(has, withKey, without);
}

/**
 * A name, or what else may stand in its place, as one schema.
 *
 * @internal
 */
export function byName<A extends z.ZodType, B extends z.ZodType>(name: A, other: B): EitherOf<A, B> {
  return either((value) => typeof value === "string", name, other);
}

type EitherOf<A extends z.ZodType, B extends z.ZodType> = z.ZodType<z.output<A> | z.output<B>>;

function either<A extends z.ZodType, B extends z.ZodType>(
  isFirst: (value: unknown) => boolean,
  first: A,
  second: B,
): EitherOf<A, B> {
  return z.unknown().transform((value, context): z.output<A> | z.output<B> => {
    const result = (isFirst(value) ? first : second).safeParse(value);
    if (result.success) return result.data;
    context.issues.push(...(result.error.issues as unknown as typeof context.issues));
    return z.NEVER;
  });
}

const layerSchema = strictKeys({
  filters: whole.optional(),
  kernelSize: whole.optional(),
  units: whole.optional(),
  rate: z.number().min(0).max(0.99).optional(),
  momentum: z.number().min(0).max(0.99999).optional(),
});

/** The features package checks the profile itself. */
const profileSchema = z.custom<string | ProfileData>(
  (value) => typeof value === "string" || (typeof value === "object" && value !== null),
  { error: "it is neither a profile's name nor a profile as data" },
);

const networkSchema = strictKeys({
  architecture: z.enum(["mmCnn", "umCnn", "featuresNn", "alerceStampClassifier"]).default("mmCnn"),
  size: z.int().min(3).max(63).optional(),
  profile: profileSchema.optional(),
  layers: z.record(z.string(), layerSchema).default({}),
});

/** The model package checks the definition itself. */
const ownSchema = strictKeys({
  definition: z.custom<ModelDefinition>(
    (value) => {
      const { inputs, layers, output } = (value ?? {}) as Partial<ModelDefinition>;
      return Array.isArray(inputs) && Array.isArray(layers) && typeof output === "object";
    },
    { error: "it is not a definition: inputs, layers and output are needed" },
  ),
});

const packetsSchema = strictKeys({ packets: text, truth: text });
const tablesSchema = strictKeys({ candidates: text, triplets: text.optional(), truth: text.optional() });

const teacherSchema = strictKeys({
  weight: share.default(0.5),
  scores: z.array(text).optional(),
  model: text.optional(),
  column: text.optional(),
}).superRefine(({ scores, column }, context) => {
  if ((scores === undefined) === (column === undefined))
    context.addIssue({ code: "custom", path: ["scores"], message: "either files of scores are needed, or a column" });
});

const adamSchema = strictKeys({
  learningRate: z.number().min(0).default(DEFAULT_FIT.adam.learningRate),
  beta1: decay.default(DEFAULT_FIT.adam.beta1),
  beta2: decay.default(DEFAULT_FIT.adam.beta2),
});

const scheduleSchema = strictKeys({
  factor: share.default(DEFAULT_FIT.schedule.factor),
  patience: whole.default(DEFAULT_FIT.schedule.patience),
  minLearningRate: z.number().min(0).default(DEFAULT_FIT.schedule.minLearningRate),
  stopPatience: whole.default(DEFAULT_FIT.schedule.stopPatience),
});

/**
 * A training's configuration as it stands in its file, with the defaults. Which of two forms a value has is told by a
 * key of it, so that what is said of a mistake is said of the form that was meant.
 *
 * @internal
 */
export const TRAIN_SCHEMA = strictKeys({
  name: z.string().regex(MODEL_NAME, "a model's name has letters, digits, . _ + -, and no dot in front"),
  version: text.default("1"),
  model: byKey("definition", ownSchema, networkSchema),
  data: z.array(byKey("packets", packetsSchema, tablesSchema)).min(1),
  cache: text.optional(),
  teacher: teacherSchema.optional(),
  classes: z.record(z.string(), text).default({}),
  cuts: z.array(z.enum(CUTS)).default([...CUTS]),
  exclude: z.array(z.string()).default([]),
  splitSeed: z.int().default(0),
  thinning: strictKeys({
    max: z.number().min(1).default(100),
    latest: z.array(z.string()).default([...LATEST_CLASSES]),
  }).prefault({}),
  classWeights: z.enum(["alerts", "sources", "none"]).default("alerts"),
  epochs: whole.default(DEFAULT_FIT.epochs),
  batchSize: whole.max(4096).default(DEFAULT_FIT.batchSize),
  adam: adamSchema.prefault({}),
  schedule: scheduleSchema.prefault({}),
  entropyWeight: z.number().min(0).default(DEFAULT_FIT.beta),
  augment: z.boolean().default(DEFAULT_FIT.augment),
  seed: z.int().default(DEFAULT_FIT.seed),
  checkpointBatches: whole.optional(),
  memoryMegabytes: z.number().min(0).default(1000),
});
