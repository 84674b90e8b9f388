import { BtsbotError } from "@btsbot/errors";
import { atLeast } from "./atLeast.js";
import { makePolicy } from "./makePolicy.js";
import type { Policy } from "./types.js";

const PAPER = "Rehemtulla et al. 2024, ApJ 972, 7, Section 4.1";
const CODE = "nabeelre/BTSbot, bts_val.py at a70c0d8";
const INTERIM = "nabeelre/BTSbot, bts_val.py at 7a3cdc9";
const PRODUCTION = "nabeelre/BTSbot, val.py at af396ce";

/** numpy.rint rounds half to even: of scores from 0 to 1 those over 0.5 give 1, and 0.5 gives 0. */
const ROUNDED = "score > 0.5";
const FAINT = "magpsf < 19";
const BRIGHT = atLeast(1, "magpsf <= 18.5");

/** What follows a published code counts as it does: every row of a table, and so every id, is an alert. */
const COUNTED_BY_CODE = { countedBy: "candids" } as const;

const greaterThan = (count: number, source: string, name: string, ...where: string[]): Policy =>
  makePolicy(name, { action: "save", ...COUNTED_BY_CODE, source }, atLeast(count, ...where));

const gt = (count: number): Policy =>
  makePolicy(
    `gt${count}`,
    {
      action: "save",
      source: "Rehemtulla et al. 2023, ICML ML4Astro workshop, Section 3: a score of at least 0.5",
    },
    atLeast(count, "score >= 0.5"),
  );
const gtCode = (count: number): Policy =>
  greaterThan(
    count,
    "nabeelre/BTSbot, bts_val.py at f6c1b55 (sum of numpy.rint of the scores) and autoscan.py (over 0.5)",
    `gt${count}_code`,
    ROUNDED,
  );

/** The policies that have a name here. `gt` and `gt…_code` go on for any number. */
export const POLICIES: readonly Policy[] = [
  gt(1),
  gt(2),
  gt(3),
  gtCode(1),
  gtCode(2),
  gtCode(3),
  makePolicy("bts_p1", { action: "trigger", priority: 1, source: PAPER }, atLeast(2, "score >= 0.5", "magpsf <= 19")),
  makePolicy(
    "bts_p2",
    { action: "trigger", priority: 2, source: PAPER },
    atLeast(2, "score >= 0.5", "magpsf <= 19"),
    BRIGHT,
  ),
  makePolicy(
    "bts_p1_code",
    { action: "trigger", priority: 1, ...COUNTED_BY_CODE, source: CODE },
    atLeast(2, ROUNDED, FAINT),
  ),
  makePolicy(
    "bts_p2_code",
    { action: "trigger", priority: 2, ...COUNTED_BY_CODE, source: CODE },
    atLeast(2, ROUNDED, FAINT),
    BRIGHT,
  ),
  makePolicy(
    "prod_p1",
    { action: "trigger", priority: 1, ...COUNTED_BY_CODE, source: PRODUCTION },
    atLeast(1, "score > 0.85", FAINT),
  ),
  makePolicy(
    "prod_p2",
    { action: "trigger", priority: 2, ...COUNTED_BY_CODE, source: PRODUCTION },
    atLeast(1, "score > 0.85", FAINT),
    BRIGHT,
  ),
  greaterThan(1, INTERIM, "gt1b19", ROUNDED, FAINT),
  greaterThan(3, INTERIM, "gt3b19", ROUNDED, FAINT),
  greaterThan(
    1,
    "nabeelre/BTSbot-nearby-utils, TestCase.py at 5769217: the autosave layer",
    "nearby",
    "score >= 0.5",
    "sgscore1 >= 0",
    "sgscore2 >= 0",
    'programpi != "Prince"',
  ),
];

/**
 * Finds a policy by its name: one of {@link POLICIES}, or `gtN` or `gtN_code` for any N from 1 to 1000.
 *
 * @param name - such as `"bts_p1"` or `"gt7"`
 * @returns the policy
 * @throws BtsbotError `policy-unknown`, which lists the names that there are
 *
 * @example
 * ```ts
 * import { getPolicy } from "@btsbot/policy";
 *
 * getPolicy("bts_p2").priority; // => 2
 * getPolicy("gt7").require[0].count; // => 7
 * ```
 */
export function getPolicy(name: string): Policy {
  const known = POLICIES.find((policy) => policy.name === name);
  if (known !== undefined) return known;
  const [, digits, code] = /^gt([1-9]\d{0,2}|1000)(_code)?$/.exec(name) ?? [];
  if (digits !== undefined) return (code === undefined ? gt : gtCode)(Number(digits));
  throw new BtsbotError("policy-unknown", "no policy has this name", {
    expected: `${POLICIES.map((policy) => policy.name).join(", ")}, gtN, gtN_code`,
    got: name,
  });
}
