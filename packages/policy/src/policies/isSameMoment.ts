import type { Policy } from "./types.js";

/** The alert that completed a policy's rule. */
export interface Moment {
  /** The alert's id. */
  readonly candid: bigint | string;
  /** Julian date of the exposure, days UTC. */
  readonly jd: number;
}

/**
 * Whether two alerts that complete a policy's rule are one moment: one exposure, or, where the policy counts candids, one
 * alert. Another copy of the exposure moves nothing.
 *
 * @param policy - the policy
 * @param a - a decision, or what it rests on
 * @param b - another of the same source
 * @returns true if nothing has moved
 *
 * @example
 * ```ts
 * import { getPolicy, isSameMoment } from "@btsbot/policy";
 *
 * isSameMoment(getPolicy("bts_p1"), { candid: 7n, jd: 2460220.9 }, { candid: 8n, jd: 2460220.9 }); // => true
 * ```
 */
export function isSameMoment({ countedBy }: Pick<Policy, "countedBy">, a: Moment, b: Moment): boolean {
  return a.jd === b.jd && (countedBy !== "candids" || BigInt(a.candid) === BigInt(b.candid));
}
