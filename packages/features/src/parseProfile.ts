import { BtsbotError } from "@btsbot/errors";
import type { FlagCode } from "@btsbot/errors";
import { evaluateRule } from "./evaluateRule.js";
import type { RuleScope } from "./evaluateRule.js";
import { FEATURE_RANGES } from "./featureRanges.js";
import { describeField } from "./packetFeature.js";
import { ProfileReader } from "./ProfileReader.js";
import type { FeatureData, ProfileData, Rule } from "./profileData.js";
import type { Feature, FeatureContext, FeatureProfile } from "./types.js";

const FILLED = "filled" satisfies FlagCode;

/**
 * Makes a feature profile of data: fields of the packet, numbers of the history, and arithmetic of them. What
 * comes out works wherever a profile's name does, can be sent to a worker, and is written into a model's file.
 *
 * @param json - the data, or their text; see {@link ProfileData} and {@link Rule}
 * @returns the profile; its `data` are what it was made of
 * @throws BtsbotError `profile-invalid` with everything that is wrong, each with its place, what was expected there,
 * and the nearest name that there is
 *
 * @example
 * ```ts
 * import { extractFeatures, parseProfile } from "@btsbot/features";
 *
 * const profile = parseProfile({
 *   name: "mine",
 *   features: ["magpsf", { name: "rise", rule: { "-": [{ history: "first", of: "magpsf" }, "magpsf"] } }],
 * });
 * const alert = { objectId: "ZTF20aaaaaaa", candid: 1n, candidate: { jd: 2459010, fid: 1, magpsf: 18.5 } };
 * const before = { jd: 2459007, fid: 1, magpsf: 19.75, sigmapsf: null, positive: true, candid: null, programid: 1 };
 * const history = { detections: [before], nondetections: [] };
 * extractFeatures(profile, { alert, history }).values; // => new Float64Array([18.5, 1.25])
 * ```
 */
export function parseProfile(json: unknown): FeatureProfile {
  const reader = new ProfileReader();
  const data = reader.read(typeof json === "string" ? parseText(json) : json);
  const entries = data.features.map((entry) => (typeof entry === "string" ? { name: entry } : entry));
  const compute = computeOnce(entries);
  return {
    name: data.name,
    source: data.source ?? "",
    features: entries.map((entry, place) => toFeature(entry, place, data, compute)),
    ...(data.survey !== undefined && { survey: data.survey }),
    ...(data.stamps && { stamps: data.stamps }),
    ...(data.notes && { notes: data.notes }),
    data,
  };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BtsbotError("profile-invalid", "the profile is not JSON", { got: (cause as Error).message, cause });
  }
}

/** A feature's number for an alert, and whether a rule for what is missing stood in. */
interface Computed {
  readonly value: number | undefined;
  readonly filled: boolean;
}

type Compute = (context: FeatureContext) => readonly Computed[];

/** All of an alert's numbers at once, since one may be computed of others; kept while the alert is. */
function computeOnce(entries: readonly FeatureData[]): Compute {
  const known = new WeakMap<FeatureContext, readonly Computed[]>();
  return (context) => {
    let computed = known.get(context);
    if (computed === undefined) {
      const features = new Map<string, number | undefined>();
      computed = entries.map(({ name, rule = name }) => {
        const scope: RuleScope = { context, features, filled: false };
        const value = evaluateRule(rule, scope);
        features.set(name, value);
        return { value, filled: scope.filled };
      });
      known.set(context, computed);
    }
    return computed;
  };
}

function toFeature(entry: FeatureData, place: number, { source }: ProfileData, compute: Compute): Feature {
  const { name, rule = name, range } = entry;
  const field =
    typeof rule === "string" ? rule : "field" in Object(rule) ? (rule as { field: string }).field : undefined;
  const realBogus = findRealBogus(rule);
  const {
    unit = "",
    meaning = realBogus === undefined ? "" : "real/bogus score, 0 bogus to 1 real",
    range: ready = isRealBogus(rule) ? FEATURE_RANGES.realBogus : undefined,
  } = field === undefined ? {} : describeField(field);
  const known = range === undefined ? ready : { source: source ?? "", ...range };
  return {
    name,
    unit: entry.unit ?? unit,
    meaning: entry.meaning ?? meaning,
    path: findPaths(rule).join(", "),
    ...(known && { range: known }),
    ...(realBogus !== undefined && { realBogus: true }),
    value: (context) => compute(context)[place].value,
    flags: (context) => [
      ...(realBogus === undefined ? [] : flagRealBogus(context, realBogus)),
      ...(compute(context)[place].filled ? [`${FILLED}:${name}` as const] : []),
    ],
  };
}

function isRealBogus(rule: Rule): boolean {
  return typeof rule === "object" && "realBogus" in rule;
}

function flagRealBogus({ alert, realBogus }: FeatureContext, field: string): FlagCode[] {
  if (realBogus != null) return ["drb-given"];
  if (typeof alert.candidate[field] !== "number") return [];
  return alert.candidate[`${field}version`] ? ["drb-from-packet"] : ["drb-from-packet", "drb-unversioned"];
}

/** The packet's field that a real/bogus score takes the place of, wherever in the rule it stands. */
function findRealBogus(rule: Rule): string | undefined {
  for (const each of walkRule(rule)) if (isRealBogus(each)) return (each as { realBogus: string }).realBogus;
  return undefined;
}

/** What the rule reads, each once. */
function findPaths(rule: Rule): string[] {
  const paths = [...walkRule(rule)].flatMap((each) => {
    if (typeof each === "string") return [`candidate.${each}`];
    if (typeof each === "number") return [];
    if ("field" in each) return [`candidate.${each.field}`];
    if ("realBogus" in each) return [`candidate.${each.realBogus}`, "realBogus"];
    if ("sky" in each) return ["candidate.ra", "candidate.dec"];
    if ("history" in each) return [each.points === "nondetections" ? "history.nondetections" : "history.detections"];
    return "feature" in each ? [each.feature] : [];
  });
  return [...new Set(paths)];
}

/** The keys of a rule that are rules. */
const RULES_WITHIN = ["above", "below", "missing", "log10", "abs"];

/** A rule and all within it. */
function* walkRule(rule: Rule): Generator<Rule> {
  yield rule;
  if (typeof rule !== "object") return;
  for (const [key, value] of Object.entries(rule))
    // Other values within a rule are names and numbers of its own.
    if (RULES_WITHIN.includes(key)) yield* walkRule(value as Rule);
    else if (Array.isArray(value)) for (const each of value as Rule[]) yield* walkRule(each);
}
