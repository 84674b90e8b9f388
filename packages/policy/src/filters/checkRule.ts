import { isPositive } from "@btsbot/alert";
import { compareNumbers, describeChain, describeFailure } from "./compareNumbers.js";
import type { Side } from "./compareNumbers.js";
import { labelOf, readQuantity } from "./readQuantity.js";
import type { FilterContext } from "./readQuantity.js";
import type {
  AllRule,
  AnyRule,
  CompareRule,
  MissingOutcome,
  Operator,
  Quantity,
  FilterRule,
  SignRule,
} from "./types.js";

/** Whether a rule holds, and what decided it. */
interface Outcome {
  readonly holds: boolean;
  readonly reason: string;
}

/**
 * Says whether a rule holds, and by which numbers. It stops at the first rule of an `all` that does not hold,
 * and at the first of an `any` that does: what comes after decides nothing.
 *
 * @param rule - the rule
 * @param context - what it looks at; the numbers that it read are noted there
 * @param inherited - what a missing number does, by the rules around this one
 *
 * @internal
 */
export function checkRule(rule: FilterRule, context: FilterContext, inherited: MissingOutcome = "fails"): Outcome {
  const missing = rule.missing ?? inherited;
  if ("compare" in rule) return checkComparison(rule, context, missing);
  if ("isdiffpos" in rule) return checkSign(rule, context);
  if ("not" in rule) {
    const { holds, reason } = checkRule(rule.not, context, missing);
    return { holds: !holds, reason };
  }
  return checkGroup(rule, context, missing);
}

/** If one decides, its reason is given; if none does, all reasons are. */
function checkGroup(rule: AllRule | AnyRule, context: FilterContext, missing: MissingOutcome): Outcome {
  const decisive = "any" in rule;
  const reasons: string[] = [];
  for (const part of decisive ? rule.any : rule.all) {
    const { holds, reason } = checkRule(part, context, missing);
    if (holds === decisive) return { holds, reason };
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return { holds: !decisive, reason: reasons.join(" and ") };
}

function checkSign({ isdiffpos }: SignRule, { alert, seen }: FilterContext): Outcome {
  const positive = isPositive(alert.candidate.isdiffpos);
  seen.set("isdiffpos", positive === null ? null : Number(positive));
  const sign = positive ? "positive" : "negative";
  return {
    holds: positive !== null && sign === isdiffpos,
    reason: positive === null ? "isdiffpos is missing" : `isdiffpos is ${sign}`,
  };
}

function checkComparison({ compare }: CompareRule, context: FilterContext, missing: MissingOutcome): Outcome {
  const sides = [readSide(compare[0], context)];
  for (let index = 1; index < compare.length; index += 2) {
    const [left, right] = [sides[sides.length - 1], readSide(compare[index + 1], context)];
    const operator = compare[index] as Operator;
    sides.push(right);
    if (!compareNumbers(left.value, operator, right.value, missing))
      return { holds: false, reason: describeFailure(left, operator, right, missing) };
  }
  return {
    holds: true,
    reason: describeChain(sides, compare.filter((_, index) => index % 2 === 1) as Operator[], missing),
  };
}

function readSide(quantity: Quantity, context: FilterContext): Side {
  return { label: labelOf(quantity), value: readQuantity(quantity, context), given: typeof quantity === "number" };
}
