import { exposuresOf, haveNothingInCommon } from "./exposuresOf.js";
import { sedmExposures } from "./sedmExposures.js";
import type { JsonValue, KnownRequest, Payload, PriorityOrder, RequestRule } from "./types.js";

/** Names of the priority in forms, the first that is there counts (skyportal/skyportal, followup_request.py). */
const PRIORITY_KEYS = ["priority", "urgency", "Urgency"];
/** What does not make two requests different: dates and urgency (skyportal/kowalski, utils.py, compare_dicts). */
const IGNORED = [...PRIORITY_KEYS, "start_date", "end_date", "advanced"];
/** Nor do limits of the sky: `maximum_airmass`, `maximum_fwhm` (SEDM), `minimum_lunar_distance` (LCO) and such. */
const LIMITS = /^(max|min)(imum)?_/i;
/** The least urgent priority, which a request that states none has. */
const WEAKEST: Readonly<Record<PriorityOrder, number>> = { asc: 0, desc: 5 };

/** The name under which a form has its priority. */
export function priorityKey(payload: Payload): string {
  return PRIORITY_KEYS.find((key) => Object.hasOwn(payload, key)) ?? "priority";
}

/** A form's priority: the weakest where it states none, undefined where it is not a number. */
export function priorityOf(payload: Payload, order: PriorityOrder): number | undefined {
  const stated = payload[priorityKey(payload)];
  if (stated === undefined) return WEAKEST[order];
  const priority = typeof stated === "string" && stated.trim() !== "" ? Number(stated) : stated;
  return typeof priority === "number" && Number.isFinite(priority) ? priority : undefined;
}

/** Whether a priority is strictly more urgent than another. */
export function isMoreUrgent(priority: number, than: number, order: PriorityOrder): boolean {
  return order === "asc" ? priority > than : priority < than;
}

/**
 * Whether an existing form asks for everything that a new one does, whatever the dates, the urgency and the limits of the sky.
 * Forms of SEDM are judged by their exposures alone: what else they state, or leave to the default, gives no other data.
 * Numbers may be texts.
 *
 * @param existing - the form that was sent
 * @param wanted - the new form
 * @returns true if the new one would give nothing more
 */
export function coversPayload(existing: Payload, wanted: Payload): boolean {
  const [taken, asked] = [sedmExposures(existing), sedmExposures(wanted)];
  if (taken !== undefined && asked !== undefined) return asked.every((exposure) => taken.includes(exposure));
  return fieldsOf(wanted).every((key) => Object.hasOwn(existing, key) && covers(existing[key], wanted[key]));
}

/**
 * Whether two forms ask for nothing in common, so that one is not a duplicate of the other: other exposures. Only what a
 * form's {@link exposuresOf} names counts; comments, limits, who asks and how long an exposure takes give no other
 * data. What only one of them states may be the other's default.
 *
 * @param a - a form
 * @param b - another
 * @returns true if they certainly ask for different observations
 */
export function isOtherObservation(a: Payload, b: Payload): boolean {
  const [first, second] = [sedmExposures(a), sedmExposures(b)];
  if (first !== undefined && second !== undefined) return !first.some((exposure) => second.includes(exposure));
  if (first !== undefined || second !== undefined) return false;
  return haveNothingInCommon(exposuresOf(a), exposuresOf(b));
}

/**
 * Whether two forms are the same in everything but dates and priority: what a facility rejected would be rejected again.
 *
 * @param a - a form
 * @param b - another
 * @returns true if nothing was mended
 */
export function isSameForm(a: Payload, b: Payload): boolean {
  const strict = (payload: Payload): string =>
    canonical(
      Object.fromEntries(
        Object.entries(payload).filter(([key]) => ![...PRIORITY_KEYS, "start_date", "end_date"].includes(key)),
      ),
    );
  return strict(a) === strict(b);
}

/**
 * What a form asks for, in words that are the same for equal wishes: part of idempotency keys.
 *
 * @param payload - the form
 * @returns such as `observation_type=IFU`
 */
export function describePayload(payload: Payload): string {
  const exposures = sedmExposures(payload);
  if (exposures !== undefined) return `observation_type=${[...exposures].sort().join("+")}`;
  return fieldsOf(payload)
    .sort()
    .map((key) => `${key}=${canonical(payload[key])}`)
    .join("&");
}

function fieldsOf(payload: Payload): string[] {
  return Object.keys(payload).filter((key) => !IGNORED.includes(key) && !LIMITS.test(key));
}

/** Whether a request belongs to the allocation of a wish, serves some of its groups, and covers its form. */
export function isSameRequest(
  existing: Pick<KnownRequest, "allocationId" | "targetGroupIds" | "payload">,
  rule: RequestRule,
  targetGroupIds: readonly number[],
): boolean {
  if (existing.allocationId !== rule.allocationId || !coversPayload(existing.payload, rule.payload)) return false;
  return existing.targetGroupIds.some((id) => targetGroupIds.includes(id));
}

/** Lists by their members, objects by their fields, anything else by equality. */
function covers(existing: JsonValue, wanted: JsonValue): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(existing) &&
      wanted.every((each: JsonValue) => existing.some((item: JsonValue) => canonical(item) === canonical(each)))
    );
  if (isObject(wanted)) {
    return (
      isObject(existing) &&
      Object.entries(wanted).every(([key, value]) => Object.hasOwn(existing, key) && covers(existing[key], value))
    );
  }
  return canonical(existing) === canonical(wanted);
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that is the same for equal values; "300" equals 300, since forms of web pages give numbers as texts. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const fields = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(plain(value));
}

/** A number for a text of one. */
function plain(value: JsonValue): JsonValue {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : value;
}
