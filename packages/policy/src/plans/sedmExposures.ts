import type { Payload } from "./types.js";

/** SEDM's exposures, by a part of the form's observation_type (skyportal/skyportal, facility_apis/sedm.py). */
const EXPOSURES: readonly (readonly [string, readonly string[]])[] = [
  ["IFU", ["IFU"]],
  ["3-shot", ["g", "r", "i"]],
  ["4-shot", ["u", "g", "r", "i"]],
];

/**
 * The exposures that a form of SEDM asks for.
 *
 * @param payload - a form
 * @returns such as `["IFU"]` or `["g", "r", "i"]`; undefined for a form that is not SEDM's
 */
export function sedmExposures({ observation_type: type, observation_choices: choices }: Payload): string[] | undefined {
  if (type === "Mix 'n Match") return Array.isArray(choices) ? choices.map(String) : [];
  if (typeof type !== "string") return undefined;
  const exposures = EXPOSURES.flatMap(([part, names]) => (type.includes(part) ? names : []));
  return exposures.length > 0 ? exposures : undefined;
}
