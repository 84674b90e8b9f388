import type { Policy } from "@btsbot/policy";
import { readMeta, writeMeta } from "./meta.js";
import type { Connection } from "./connection.js";
import type { MakerModel, StoreMaker } from "./types.js";

type KeptPolicy = Omit<Policy, "source">;

/** As it is kept: with policies that are no longer asked, whose states are there. */
interface KeptMaker extends StoreMaker {
  readonly former?: readonly KeptPolicy[];
}

/** What came of it. */
interface AdoptedMaker {
  readonly changes: string[];
  /** As it is kept. */
  readonly kept: string;
}

/**
 * Goes on by another model, filter or policies; states of a policy whose rule has changed begin anew.
 *
 * @returns what is different, a line each, and what is kept of it
 *
 * @internal
 */
export async function adoptMaker({ db }: Connection, maker: StoreMaker): Promise<AdoptedMaker> {
  const was = await readMeta<KeptMaker>(db, "maker");
  const { policies } = maker;
  if (was === undefined) {
    return { changes: [], kept: await writeMeta(db, "maker", maker) };
  }
  const known = new Map([...(was.former ?? []), ...was.policies].map((policy) => [policy.name, policy]));
  const asked = new Set(was.policies.map(({ name }) => name));
  const anew = policies.filter(
    (policy) => known.has(policy.name) && ruleOf(policy) !== ruleOf(known.get(policy.name)!),
  );
  for (const { name } of anew) await db.deleteFrom("states").where("policy", "=", name).execute();
  const now = new Set(policies.map(({ name }) => name));
  const former = [...known.values()].filter(({ name }) => !now.has(name));
  const kept = await writeMeta(db, "maker", {
    ...maker,
    ...(former.length > 0 && { former }),
  } satisfies KeptMaker);
  const changes = [
    ...describeModels("the model", [was.model], [maker.model]),
    ...describeFilter(was, maker),
    ...policies.flatMap((policy) => describePolicy(policy, known.get(policy.name), asked.has(policy.name))),
    ...was.policies
      .filter(({ name }) => !now.has(name))
      .map(({ name }) => `policy ${name} is left out; what it remembers is kept`),
  ];
  return { changes, kept };
}

/** What a state depends on: urgency and action only say what follows. */
function ruleOf({ countedBy = "exposures", require }: KeptPolicy): string {
  return JSON.stringify([
    countedBy,
    require.map(({ count, where }) => [count, where.map((each) => [each.field, each.is, each.value])]),
  ]);
}

function describePolicy(policy: KeptPolicy, known: KeptPolicy | undefined, wasAsked: boolean): string[] {
  const { name } = policy;
  if (known === undefined) return [`policy ${name} is new; it begins with the alerts to come`];
  if (ruleOf(policy) !== ruleOf(known))
    return [`policy ${name} has a different rule; it begins anew, and what it asked for before is not asked for again`];
  if (!wasAsked) return [`policy ${name} is used again; the alerts since it was left out do not count for it`];
  if (policy.action === known.action && policy.priority === known.priority) return [];
  return [`policy ${name} asks for ${wish(policy)}, and asked for ${wish(known)}; what it remembers is kept`];
}

function wish({ action, priority }: KeptPolicy): string {
  return priority === undefined ? action : `${action} with priority ${priority}`;
}

function describeFilter({ filter: was }: StoreMaker, { filter: now }: StoreMaker): string[] {
  const [before, after] = [was, now].map((filter) => filter?.name ?? "none");
  if (before !== after) return [`the filter is ${after}, and was ${before}`];
  if (was === null || now === null) return [];
  if (was.rule !== now.rule) return [`the filter ${after} has a different rule`];
  return describeModels("the filter's model", was.models, now.models);
}

function describeModels(what: string, was: readonly MakerModel[], now: readonly MakerModel[]): string[] {
  if (was.length === now.length && was.every((model, place) => isSame(model, now[place]))) return [];
  return [
    `${what} is ${now.map(nameOf).join(", ") || "none"}, and was ${was.map(nameOf).join(", ") || "none"}; earlier scores still count`,
  ];
}

/** A state that names weights alone, as all once did, is told by those. */
function isSame(a: MakerModel, b: MakerModel): boolean {
  const [first, second] = [a.definitionSha256, b.definitionSha256];
  return (
    a.name === b.name && a.sha256 === b.sha256 && (first === undefined || second === undefined || first === second)
  );
}

function nameOf({ name, sha256, definitionSha256 }: MakerModel): string {
  const hashes = [sha256, definitionSha256].flatMap((hash) => (hash === undefined ? [] : [hash.slice(0, 8)]));
  return `${name} (${hashes.join("/")})`;
}
