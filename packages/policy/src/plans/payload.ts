import type { JsonValue, KnownRequest, Payload, PriorityOrder, RequestRule } from "./types.js";

/** Names of the priority in forms, the first that is there counts (skyportal/skyportal, followup_request.py). */
const PRIORITY_KEYS = ["priority", "urgency", "Urgency"];
/** What does not make two requests different: when and how urgent (skyportal/kowalski, utils.py, compare_dicts). */
const IGNORED = [...PRIORITY_KEYS, "start_date", "end_date", "advanced", "observation_choices"];
/** SEDM's exposures, by a part of the form's observation_type (skyportal/skyportal, facility_apis/sedm.py). */
const EXPOSURES: readonly (readonly [string, readonly string[]])[] = [
  ["IFU", ["IFU"]],
  ["3-shot", ["g", "r", "i"]],
  ["4-shot", ["u", "g", "r", "i"]],
];
/** The least urgent priority, which a request that states none has. */
const WEAKEST: Readonly<Record<PriorityOrder, number>> = { asc: 0, desc: 5 };

/** The name under which a form has its priority. */
export function priorityKey(payload: Payload): string {
  return PRIORITY_KEYS.find((key) => Object.hasOwn(payload, key)) ?? "priority";
}

/** A form's priority: the weakest where it states none, undefined where it is no number. */
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
 * Whether an existing form asks for everything that a new one does, whenever and however urgently.
 *
 * @param existing - the form that was sent
 * @param wanted - the new form
 * @returns true if the new one would give nothing more
 */
export function coversPayload(existing: Payload, wanted: Payload): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    if (IGNORED.includes(key)) return true;
    if (!Object.hasOwn(existing, key)) return false;
    if (key !== "observation_type") return covers(existing[key], value);
    const taken = exposuresOf(existing);
    return exposuresOf(wanted).every((exposure) => taken.includes(exposure));
  });
}

/**
 * What a form asks for, in words that are the same for equal wishes: part of idempotency keys.
 *
 * @param payload - the form
 * @returns such as `observation_type=IFU`
 */
export function describePayload(payload: Payload): string {
  const keys = Object.keys(payload)
    .filter((key) => !IGNORED.includes(key))
    .sort();
  return keys
    .map(
      (key) => `${key}=${key === "observation_type" ? exposuresOf(payload).sort().join("+") : canonical(payload[key])}`,
    )
    .join("&");
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

/** SEDM's exposures of a form; a type that is not SEDM's stands for itself. */
function exposuresOf(payload: Payload): string[] {
  const type = payload.observation_type;
  if (type === "Mix 'n Match") {
    const choices = payload.observation_choices;
    return Array.isArray(choices) ? choices.map(String) : [];
  }
  const exposures =
    typeof type === "string" ? EXPOSURES.flatMap(([part, names]) => (type.includes(part) ? names : [])) : [];
  return exposures.length > 0 ? exposures : [canonical(type)];
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
  return existing === wanted;
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function canonical(value: JsonValue): string {
  if (!isObject(value)) return Array.isArray(value) ? `[${value.map(canonical).join(",")}]` : JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(",")}}`;
}
