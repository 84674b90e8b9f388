import { createDecider, scoresIn } from "@btsbot/decide";
import type { Decider } from "@btsbot/decide";
import type { Model } from "@btsbot/model";
import type { Filter, FollowUpRule } from "@btsbot/policy";
import { getFilter, parseFilter, parseFollowUpRules } from "@btsbot/policy";
import { dateToJd } from "@btsbot/sky";
import { readProfile } from "../inputs/readProfile.js";
import { giveProfiles } from "../models/giveProfiles.js";
import { isPath, readDefinition } from "../inputs/readDefinition.js";
import { readPolicies } from "../inputs/readPolicy.js";
import { chooseDefault } from "../models/defaultModel.js";
import { openModels } from "../models/openModels.js";
import { tellUnavailable } from "../models/tellUnavailable.js";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
import type { DecideSetup, SetupOptions } from "./types.js";

/** What the survey's own broker lets through to its scanners. */
export const DEFAULT_FILTER = "bts-production";
/** When the survey's own scanner saves, and asks for a spectrum. */
export const DEFAULT_POLICIES: readonly string[] = ["bts_p1", "bts_p2"];
/** The filter that lets everything through: it need not be asked. */
const NO_FILTER = "none";

/**
 * Reads what the options name, models last. What is wrong with the rules is found here, not when a source is to be followed up.
 *
 * @returns the setup; nothing where a model cannot be had, which is told on standard error
 * @throws BtsbotError as the readers of filters, policies and rules
 *
 * @internal
 */
export async function readDecideSetup(options: SetupOptions, terminal: Terminal): Promise<DecideSetup | undefined> {
  const filter = await readFilter(options.filter ?? DEFAULT_FILTER);
  const policies = await readPolicies(options.policy.length > 0 ? options.policy : DEFAULT_POLICIES, options.countedBy);
  const now = options.now ?? dateToJd(terminal.now());
  const rules = options.rules === undefined ? undefined : await readRules(options.rules, { policies, now }, terminal);
  const names = filter === undefined ? [] : scoresIn(filter);
  const store = openModels(terminal);
  try {
    const profiles = await Promise.all((options.profile ?? []).map(readProfile));
    const named = await store.load(options.model ?? (await chooseDefault(terminal)));
    const [model] = giveProfiles([named], profiles);
    const filterModels: Model[] = [];
    // One after the other, so that of several that are missing the same is named each time.
    for (const name of names) filterModels.push(await store.load(name));
    for (const { definition } of [model, ...filterModels]) {
      if (definition.output.kind === "score") continue;
      complain(
        terminal.stderr,
        `${definition.name} gives classes, and ${definition === model.definition ? "policies need" : "the filter needs"} one score`,
      );
      return undefined;
    }
    return { ...(filter && { filter }), ...(rules && { rules }), model, filterModels, policies, now };
  } catch (error) {
    return tellUnavailable(error, terminal);
  }
}

/**
 * The decider of a setup.
 *
 * @internal
 */
export function deciderOf({ policies, rules }: Pick<DecideSetup, "policies" | "rules">): Decider {
  return createDecider({ policies, ...(rules && { rules }) });
}

async function readFilter(name: string): Promise<Filter | undefined> {
  if (name === NO_FILTER) return undefined;
  return isPath(name) ? readDefinition(name, "the filter", parseFilter) : getFilter(name);
}

async function readRules(
  path: string,
  { policies, now }: Pick<DecideSetup, "policies" | "now">,
  { stderr }: Terminal,
): Promise<FollowUpRule[]> {
  const rules = await readDefinition(path, "the list of rules", parseFollowUpRules);
  const known = new Set(policies.map(({ name }) => name));
  const idle = [...new Set(rules.map(({ policy }) => policy))].filter((name) => !known.has(name));
  if (idle.length > 0) complain(stderr, `${path} has rules for policies that are not used: ${idle.join(", ")}`);
  // What is wrong with a form is found now, not when a source is to be followed up.
  const decisions = policies.map((policy) => ({
    ...policy,
    objectId: "any",
    policy: policy.name,
    candid: 0n,
    jd: 0,
    reasons: [],
    alerts: [],
  }));
  const nothing = { objectId: "any", savedTo: [], spectra: 0, classifications: [], requests: [] };
  deciderOf({ policies, rules }).plan(decisions, nothing, now);
  return rules;
}
