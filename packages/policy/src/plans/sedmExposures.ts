import type { Payload, RequestRule } from "./types.js";

/** SEDM's exposures, by a part of the form's observation_type (skyportal/skyportal, facility_apis/sedm.py). */
const EXPOSURES: readonly (readonly [string, readonly string[]])[] = [
  ["IFU", ["IFU"]],
  ["3-shot", ["g", "r", "i"]],
  ["4-shot", ["u", "g", "r", "i"]],
];
/** What may be chosen. */
const CHOICES = ["u", "g", "r", "i", "IFU"];
/** The form's observation_type where its observation_choices name the exposures (as above). */
const MIX = "Mix 'n Match";

/** The least and the most of the priority in SEDM's form (as above); a real one refused 9. */
export const SEDM_PRIORITIES = [1, 5] as const;

/** Whether a request is for SEDM: by its instrument's name, or by what only SEDM's form says. */
export function isSedm({ instrument, payload }: Pick<RequestRule, "instrument" | "payload">): boolean {
  return /^sedm/i.test(instrument) || sedmExposures(payload) !== undefined;
}

/**
 * The exposures that a form of SEDM asks for.
 *
 * @param payload - a form
 * @returns such as `["IFU"]` or `["g", "r", "i"]`; undefined for a form that is not SEDM's, or does not say
 */
export function sedmExposures({ observation_type: type, observation_choices: choices }: Payload): string[] | undefined {
  if (typeof type !== "string") return undefined;
  const exposures =
    type === MIX ? chosen(choices) : EXPOSURES.flatMap(([part, names]) => (type.includes(part) ? names : []));
  return exposures.length > 0 ? exposures : undefined;
}

/** A choice that is not an exposure is a form that SkyPortal refuses: what was meant is not known. */
function chosen(choices: Payload[string] | undefined): string[] {
  if (!Array.isArray(choices)) return [];
  const names = choices.map(String);
  return names.every((name) => CHOICES.includes(name)) ? names : [];
}
