import { BtsbotError } from "@btsbot/errors";
import { getPolicy, parsePolicy } from "@btsbot/policy";
import type { CountedBy, Policy } from "@btsbot/policy";
import { isPath, readDefinition } from "./readDefinition.js";

/**
 * A policy by its name, or from a file of JSON, which is what has a dot or a slash.
 *
 * @throws BtsbotError `policy-unknown`, `file-unreadable`, `json-invalid` or `policy-invalid`
 *
 * @internal
 */
export async function readPolicy(name: string): Promise<Policy> {
  return isPath(name) ? readDefinition(name, "the policy", parsePolicy) : getPolicy(name);
}

/**
 * Policies, each name once.
 *
 * @param names - names, or files
 * @param countedBy - how all of them count, whatever they say themselves
 * @throws BtsbotError as {@link readPolicy}; `policy-invalid` if two different ones have one name
 *
 * @internal
 */
export async function readPolicies(names: readonly string[], countedBy?: CountedBy): Promise<Policy[]> {
  const policies = new Map<string, Policy>();
  for (const name of names) {
    const policy = await readPolicy(name);
    const before = policies.get(policy.name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(policy)) {
      throw new BtsbotError("policy-invalid", "two policies have the same name, and results are named by policy", {
        path: name,
        got: policy.name,
      });
    }
    policies.set(policy.name, policy);
  }
  return [...policies.values()].map((policy) => (countedBy === undefined ? policy : { ...policy, countedBy }));
}
