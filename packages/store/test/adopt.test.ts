import { getPolicy } from "@btsbot/policy";
import type { Policy } from "@btsbot/policy";
import { createDecider, runDecisions } from "@btsbot/decide";
import type { Judge, PendingEntry, Sink, Source } from "@btsbot/decide";
import type { StoreMaker } from "@btsbot/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FIRST, makeJudged } from "./makeChange.js";
import { openFolder } from "./openFolder.js";
import type { FolderStore } from "./openFolder.js";

const MODEL = { name: "btsbot-v1", sha256: "0123456789abcdef", definitionSha256: "fedcba9876543210" };
const [GT1, GT2] = [getPolicy("gt1"), getPolicy("gt2")];
/** The same name for another rule. */
const STRICTER: Policy = { ...GT2, require: [{ ...GT2.require[0], count: 3 }] };
const MAKER: StoreMaker = { model: MODEL, filter: null, policies: [GT1, GT2] };

let opened: FolderStore;
beforeEach(async () => {
  opened = await openFolder();
});
afterEach(() => opened.remove());

/** Two bright alerts of one source on each of some nights, by the policies given; what is said. */
async function decide(policies: readonly Policy[], nights: readonly number[]): Promise<string[]> {
  const said: PendingEntry[] = [];
  const source: Source = {
    name: `nights ${nights.join()}`,
    async *batches() {
      for (const night of nights) yield { items: [makeJudged("a", night)], cursor: String(night) };
    },
  };
  const judge: Judge = async (alerts) => alerts.map((each) => makeJudged("a", each.alert.candidate.jd - FIRST));
  const sink = (kind: Sink["kind"]): Sink => ({
    kind,
    take: async (entries) => (said.push(...entries), entries.map(() => ({ state: "done" as const }))),
  });
  await runDecisions({
    source,
    judge,
    decider: createDecider({ policies }),
    store: opened.store,
    sinks: [sink("decision"), sink("action")],
    clock: () => FIRST + 100,
  });
  return said.map(({ kind, key }) => `${kind} ${key}`);
}

describe("adopt", () => {
  it("says nothing the first time, and nothing where nothing is different", async () => {
    expect(await opened.store.adopt(MAKER)).toEqual([]);
    await opened.reopen();
    expect(await opened.store.adopt({ ...MAKER, policies: [GT2, { ...GT1, source: "elsewhere" } as Policy] })).toEqual(
      [],
    );
    const { definitionSha256: _, ...weightsAlone } = MODEL;
    expect(await opened.store.adopt({ ...MAKER, model: weightsAlone })).toEqual([]);
  });

  it("tells another model and filter, and keeps what is remembered", async () => {
    await opened.store.adopt(MAKER);
    await decide([GT2], [0]);
    const filter = { name: "bts-2020", rule: "all of it", models: [] };
    const model = { ...MODEL, definitionSha256: "0000000000000000" };
    expect(await opened.store.adopt({ ...MAKER, model, filter })).toEqual([
      "the model is btsbot-v1 (01234567/00000000), and was btsbot-v1 (01234567/fedcba98); earlier scores still count",
      "the filter is bts-2020, and was none",
    ]);
    expect(await opened.store.adopt({ ...MAKER, model, filter: { ...filter, rule: "some" } })).toEqual([
      "the filter bts-2020 has a different rule",
    ]);
    expect(await decide([GT2], [1])).toEqual(["decision a/gt2"]);
  });

  it("lets a new policy begin, and one that is left out and asked again go on", async () => {
    await opened.store.adopt({ ...MAKER, policies: [GT2] });
    await decide([GT2], [0]);
    expect(await opened.store.adopt({ ...MAKER, policies: [GT1] })).toEqual([
      "policy gt1 is new; it begins with the alerts to come",
      "policy gt2 is left out; what it remembers is kept",
    ]);
    expect(await decide([GT1], [1])).toEqual(["decision a/gt1"]);
    expect(await opened.store.adopt(MAKER)).toEqual([
      "policy gt2 is used again; the alerts since it was left out do not count for it",
    ]);
    expect(await decide([GT1, GT2], [2])).toEqual(["decision a/gt2"]);
  });

  it("begins anew where a rule has changed, and does not ask again for what was asked for", async () => {
    await opened.store.adopt(MAKER);
    expect(await decide([GT2], [0, 1])).toEqual(["decision a/gt2"]);
    expect(await opened.store.adopt({ ...MAKER, policies: [GT1, STRICTER] })).toEqual([
      "policy gt2 has a different rule; it begins anew, and what it asked for before is not asked for again",
    ]);
    // Without that, a state of another rule would be refused.
    expect(await decide([STRICTER], [2, 3, 4])).toEqual([]);
    const kept = (await opened.store.load(["a"])).get("a")!;
    expect(kept.state.policies.gt2.matches[0].map(({ jd }) => jd)).toEqual([2, 3, 4].map((night) => FIRST + night));
  });

  it("begins anew also where the policy had been left out when its rule changed", async () => {
    await opened.store.adopt(MAKER);
    await decide([GT2], [0]);
    await opened.store.adopt({ ...MAKER, policies: [GT1] });
    expect(await opened.store.adopt({ ...MAKER, policies: [STRICTER] })).toEqual([
      expect.stringContaining("policy gt2 has a different rule"),
      expect.stringContaining("policy gt1 is left out"),
    ]);
    expect(await decide([STRICTER], [2])).toEqual([]);
  });

  it("keeps states where only what is asked for is different", async () => {
    await opened.store.adopt(MAKER);
    await decide([GT2], [0]);
    const urgent: Policy = { ...GT2, action: "trigger", priority: 5 };
    expect(await opened.store.adopt({ ...MAKER, policies: [GT1, urgent] })).toEqual([
      "policy gt2 asks for trigger with priority 5, and asked for save; what it remembers is kept",
    ]);
    expect(await decide([urgent], [1])).toEqual(["decision a/gt2"]);
  });
});
