import { BTSBOT_V1 } from "./btsbotV1.js";
import type { Feature } from "./types.js";

/** A feature of `btsbot-v1` by another rule. */
export interface OtherFeature extends Feature {
  /** How the rule differs. */
  readonly differs: string;
}

/**
 * The features of `btsbot-v1`, in their order, with those that a system computes otherwise in their places.
 *
 * @internal
 */
export function replaceFeatures(others: readonly OtherFeature[]): Feature[] {
  return BTSBOT_V1.features.map((feature) => others.find(({ name }) => name === feature.name) ?? feature);
}
