import { isPositive } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";

/** Which of the rules of ALeRCE's pipeline are applied; all are off by default. */
export interface AlerceRules {
  /** An alert with a known object of the Solar System beside it (`ssdistnr` present and not -999) is an asteroid. */
  readonly solarSystem?: boolean;
  /** An alert that is likeliest a supernova is dropped if its difference is negative. */
  readonly negativeSupernovae?: boolean;
  /** An alert that is likeliest a supernova is dropped if it is beside a star: `sgscore1` above 0.5 and `distpsnr1` below 1 arcsec. */
  readonly supernovaeOnStars?: boolean;
}

/** The names of {@link AlerceRules}. */
const ALERCE_RULES: OptionNames<AlerceRules> = {
  solarSystem: "boolean",
  negativeSupernovae: "boolean",
  supernovaeOnStars: "boolean",
};

/** What the rules leave of an alert's probabilities. */
export type AlerceOutcome =
  | {
      /** The alert is published. */
      readonly dropped: false;
      /** The probabilities, by class: the given ones, or 1 for asteroid and 0 for the others. */
      readonly classes: Readonly<Record<string, number>>;
    }
  | {
      /** The alert is left out. */
      readonly dropped: true;
      /** The rule that leaves it out. */
      readonly rule: "negativeSupernovae" | "supernovaeOnStars";
    };

/** The survey's mark for no match. */
const NO_MATCH = -999;
/** Above it a source of Pan-STARRS is a star rather than a galaxy. */
const STAR = 0.5;
/** Arcseconds within which the alert lies on that source. */
const ON_SOURCE = 1;

/**
 * What ALeRCE's pipeline does with its stamp classifier's probabilities before it publishes them. A
 * model's score is the network's alone: these rules are applied after it, and only if asked for. The
 * pipeline also takes only the first alert of each object, which is the caller's to choose.
 *
 * A missing field holds no rule up: without `ssdistnr` there is no match, without `isdiffpos`,
 * `sgscore1` or `distpsnr1` nothing is dropped.
 *
 * @param alert - the alert
 * @param classes - the model's probabilities by class
 * @param rules - those that apply
 * @returns the probabilities that are left, or the rule by which the alert is dropped
 *
 * Source: alercebroker/pipeline, stamp_classifier_step, the strategy for ZTF, version 1.0.1.
 *
 * @example
 * ```ts
 * import { applyAlerceRules } from "@btsbot/core";
 *
 * const classes = { AGN: 0.1, SN: 0.6, VS: 0.1, asteroid: 0.1, bogus: 0.1 };
 * const alert = { candidate: { jd: 2458881, fid: 1, isdiffpos: "f" } };
 * applyAlerceRules(alert, classes).dropped; // => false
 * applyAlerceRules(alert, classes, { negativeSupernovae: true }); // => { dropped: true, rule: "negativeSupernovae" }
 * ```
 */
export function applyAlerceRules(
  alert: Pick<Alert, "candidate">,
  classes: Readonly<Record<string, number>>,
  rules: AlerceRules = {},
): AlerceOutcome {
  checkOptions("applyAlerceRules", rules, ALERCE_RULES);
  checkArgument("applyAlerceRules", "alert", alert, "object", ["candidate"]);
  checkArgument("applyAlerceRules", "classes", classes, "object");
  const { ssdistnr, sgscore1, distpsnr1, isdiffpos } = alert.candidate;
  if (rules.solarSystem && isNumber(ssdistnr) && ssdistnr !== NO_MATCH) {
    return {
      dropped: false,
      classes: Object.fromEntries(Object.keys(classes).map((name) => [name, name === "asteroid" ? 1 : 0])),
    };
  }
  if (likeliest(classes) === "SN") {
    if (rules.negativeSupernovae && isPositive(isdiffpos) === false)
      return { dropped: true, rule: "negativeSupernovae" };
    const onStar = isNumber(sgscore1) && sgscore1 > STAR && isNumber(distpsnr1) && distpsnr1 < ON_SOURCE;
    if (rules.supernovaeOnStars && onStar) return { dropped: true, rule: "supernovaeOnStars" };
  }
  return { dropped: false, classes };
}

function likeliest(classes: Readonly<Record<string, number>>): string {
  return Object.entries(classes).reduce((best, entry) => (entry[1] > best[1] ? entry : best), ["", -Infinity])[0];
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
