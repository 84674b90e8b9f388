import { describe, expect, it } from "vitest";
import { parseFollowUpRules, planFollowUp, safeParseFollowUpRules } from "../src/index.js";
import type {
  Decision,
  FollowUpAction,
  FollowUpRule,
  KnownRequest,
  Payload,
  RequestRule,
  SourceKnowledge,
} from "../src/index.js";

const ID = "ZTF23abhvlji";
const NOW = 2460223.25;
const NEW: SourceKnowledge = { objectId: ID, savedTo: [], spectra: 0, classifications: [], requests: [] };
const SAVED: SourceKnowledge = { ...NEW, savedTo: [1] };

const decide = (policy: string, priority?: number, more: Partial<Decision> = {}): Decision => ({
  policy,
  objectId: ID,
  action: "trigger",
  ...(priority !== undefined && { priority }),
  candid: 2n,
  jd: NOW - 0.3,
  reasons: [`${policy} holds`],
  alerts: [],
  ...more,
});
const IFU: RequestRule = { instrument: "SEDM", allocationId: 7, payload: { observation_type: "IFU" } };
const rule = (
  policy: string,
  request: Partial<RequestRule> = {},
  save: Partial<FollowUpRule["save"]> = {},
): FollowUpRule => ({
  policy,
  save: { groupIds: [1], ...save },
  request: { ...IFU, ...request },
});
const known = (more: Partial<KnownRequest> = {}): KnownRequest => ({
  id: 11,
  allocationId: 7,
  targetGroupIds: [1],
  payload: { observation_type: "IFU", priority: 1, start_date: "2023-10-01" },
  status: "submitted",
  modifiedJd: NOW - 2,
  ...more,
});
const plan = (
  decisions: readonly Decision[],
  knowledge: SourceKnowledge,
  rules: readonly FollowUpRule[],
  now = NOW,
): FollowUpAction[] => planFollowUp(decisions, knowledge, { rules, now });
/** A plan in a few words. */
const brief = (actions: readonly FollowUpAction[]): string[] =>
  actions.map((action) => {
    switch (action.kind) {
      case "none":
        return `no ${action.instead}: ${action.code}`;
      case "save":
        return `save ${action.groupId}`;
      case "comment":
        return `comment ${action.text}`;
      case "request":
        return `request ${action.priority}`;
      case "raise":
        return `raise ${action.requestId} to ${action.priority}`;
    }
  });
const request1 = (
  knowledge: Partial<SourceKnowledge>,
  more: Partial<RequestRule> = {},
  save: Partial<FollowUpRule["save"]> = {},
): string[] =>
  brief(
    plan([decide("p1", 2)], { ...SAVED, ...knowledge }, [rule("p1", more, save)]).filter(
      (action) => !(action.kind === "none" && action.instead === "save"),
    ),
  );

describe("saves", () => {
  it("go to each group that lacks the source, each with its comment", () => {
    const rules: FollowUpRule[] = [{ policy: "gt1", save: { groupIds: [1, 2, 2], comment: "BTSbot: gt1" } }];
    const actions = plan([decide("gt1", undefined, { action: "save" })], SAVED, rules);
    expect(brief(actions)).toEqual(["no save: already-saved", "save 2", "comment BTSbot: gt1"]);
    expect(actions[1]).toEqual({
      kind: "save",
      objectId: ID,
      policy: "gt1",
      key: `${ID}/save/2`,
      reasons: ["gt1 holds"],
      groupId: 2,
      ignoreGroupIds: [],
    });
    expect(actions[2]).toMatchObject({ groupIds: [2], after: `${ID}/save/2`, key: `${ID}/save/2/comment` });
  });

  it("are planned once for several policies", () => {
    const decisions = [decide("p1", 1, { action: "save" }), decide("p2", 2, { action: "save" })];
    expect(brief(plan(decisions, NEW, [rule("p1"), rule("p2")]))).toEqual(["save 1", "no save: already-planned"]);
  });

  it("do not trigger what the decision does not ask for, nor what no rule answers", () => {
    expect(brief(plan([decide("gt1", 1, { action: "save" })], NEW, [rule("gt1")]))).toEqual(["save 1"]);
    expect(brief(plan([decide("gt3", 1)], NEW, [rule("gt1")]))).toEqual(["no save: no-rule"]);
    expect(plan([], NEW, [rule("gt1")])).toEqual([]);
  });

  it("are not stopped by spectra, classes or names: those stop requests", () => {
    const seen: SourceKnowledge = {
      ...NEW,
      spectra: 1,
      classifications: [{ name: "Ia", ml: false }],
      tns: { name: "SN 2023tyk" },
    };
    const actions = plan([decide("p1", 1)], seen, [rule("p1")]);
    expect(brief(actions)).toEqual(["save 1", "no request: classified"]);
    expect(actions[1].reasons).toEqual(["classified as Ia", "1 spectrum exists", "classified on TNS as SN 2023tyk"]);
  });
});

describe("a new request", () => {
  it("has the whole form, its groups, and its comment with the priority", () => {
    const actions = plan([decide("bts_p2", 2)], NEW, [
      rule("bts_p2", { targetGroupIds: [9, 1], comment: "BTSbot trigger" }),
    ]);
    expect(brief(actions)).toEqual(["save 1", "request 2", "comment BTSbot trigger (priority: 2)"]);
    expect(actions[1]).toMatchObject({
      key: `${ID}/request/SEDM/7/observation_type=IFU/0`,
      priority: 2,
      targetGroupIds: [1, 9],
      sourceGroupIds: [1],
      notIfDuplicates: true,
      payload: { observation_type: "IFU", priority: 2, start_date: "2023-10-05", end_date: "2023-10-12" },
    });
    expect(actions[2]).toMatchObject({ after: `${ID}/request/SEDM/7/observation_type=IFU/0`, groupIds: [1] });
  });

  it("takes the form's own priority and dates first, and no dates for an urgency", () => {
    const own = plan([decide("p1", 2)], SAVED, [
      rule("p1", { payload: { observation_type: "IFU", priority: "3", end_date: "2023-10-06" } }),
    ]);
    expect(own[1]).toMatchObject({
      priority: 3,
      payload: { priority: 3, start_date: "2023-10-05", end_date: "2023-10-06" },
    });
    const swift = plan([decide("p1", 2)], SAVED, [
      rule("p1", { priorityOrder: "desc", payload: { source_type: "SN", urgency: 3 } }),
    ]);
    expect(swift[1]).toMatchObject({ priority: 3, payload: { source_type: "SN", urgency: 3 } });
    expect(Object.keys((swift[1] as { payload: Payload }).payload)).toEqual(["source_type", "urgency"]);
  });

  it.each([
    ["no priority anywhere", decide("p1"), {}],
    ["a priority that is no number", decide("p1", 1), { payload: { priority: "soon" } }],
    ["a policy's priority where 1 is the most urgent", decide("p1", 1), { priorityOrder: "desc" as const }],
  ])("is refused with %s", (_, decision, more) => {
    expect(() => plan([decision], SAVED, [rule("p1", more)])).toThrow(
      expect.objectContaining({ code: "follow-up-invalid" }),
    );
  });
});

describe("what speaks against a request, in SkyPortal's order", () => {
  it.each<[string, Partial<SourceKnowledge>, Partial<RequestRule>, string]>([
    ["a human's class", { classifications: [{ name: "CV", ml: false }] }, {}, "no request: classified"],
    ["a machine's class does not", { classifications: [{ name: "CV", ml: true }] }, {}, "request 2"],
    ["a spectrum", { spectra: 2 }, {}, "no request: spectrum"],
    ["a supernova of TNS", { tns: { name: "SN 2023tyk" } }, {}, "no request: tns-classified"],
    ["a disruption of TNS", { tns: { name: "TDE 2023abc" } }, {}, "no request: tns-classified"],
    ["a candidate of TNS does not", { tns: { name: "AT 2023tyk", reportedJd: NOW - 9 } }, {}, "request 2"],
    [
      "a candidate of TNS for 25 h",
      { tns: { name: "AT 2023tyk", reportedJd: NOW - 25 / 24 } },
      { notIfTnsReportedHours: 24 },
      "no request: tns-reported",
    ],
    [
      "not for 23 h",
      { tns: { name: "AT 2023tyk", reportedJd: NOW - 23 / 24 } },
      { notIfTnsReportedHours: 24 },
      "request 2",
    ],
    ["nor since an unknown date", { tns: { name: "AT 2023tyk" } }, { notIfTnsReportedHours: 24 }, "request 2"],
    ["an observing run", { assigned: true }, { notIfAssigned: true }, "no request: assigned"],
    ["unless it may", { assigned: true }, {}, "request 2"],
    [
      "a request of another allocation",
      { requests: [known({ allocationId: 8 })] },
      { ignoreAllocationIds: [8] },
      "no request: other-allocation",
    ],
    [
      "one that was completed",
      { requests: [known({ allocationId: 8, status: "Completed" })] },
      { ignoreAllocationIds: [8] },
      "no request: other-allocation",
    ],
    [
      "unless it was deleted",
      { requests: [known({ allocationId: 8, status: "deleted" })] },
      { ignoreAllocationIds: [8] },
      "request 2",
    ],
    [
      "another observation of the same allocation, if that is on the list",
      { requests: [known({ payload: { observation_type: "3-shot (gri)" } })] },
      { ignoreAllocationIds: [7] },
      "no request: other-allocation",
    ],
    ["or is not on the list", { requests: [known({ allocationId: 8 })] }, {}, "request 2"],
  ])("%s", (_, knowledge, more, expected) => {
    expect(request1(knowledge, more)).toEqual([expected]);
  });

  it("all of it is told, the first by code", () => {
    const all: SourceKnowledge = {
      ...SAVED,
      savedTo: [1, 50],
      spectra: 1,
      classifications: [{ name: "Ia", ml: false }],
      assigned: true,
      tns: { name: "SN 2023tyk", reportedJd: NOW - 3 },
      requests: [known({ allocationId: 8 }), known({ status: "completed" })],
    };
    const rules = [
      rule(
        "p1",
        { ignoreAllocationIds: [8], notIfTnsReportedHours: 24, notIfAssigned: true },
        { ignoreGroupIds: [50] },
      ),
    ];
    const [save, request] = plan([decide("p1", 1)], all, rules);
    expect([save, request]).toMatchObject([{ code: "ignored-group" }, { code: "request-complete" }]);
    expect(request.reasons).toEqual([
      "request 11 for the same is completed",
      "request 11 of allocation 8 is submitted",
      "saved to group 50, whose sources are to be left alone",
      "classified as Ia",
      "1 spectrum exists",
      "classified on TNS as SN 2023tyk",
      "on TNS as SN 2023tyk for 72.0 h, more than 24 h",
      "assigned to an observing run",
    ]);
  });
});

describe("a request for the same", () => {
  it.each<[string, Partial<KnownRequest>, string]>([
    ["open and less urgent is raised", {}, "raise 11 to 2"],
    ["as urgent stands", { payload: { observation_type: "IFU", priority: 2 } }, "no request: request-open"],
    ["more urgent stands", { payload: { observation_type: "IFU", priority: "5" } }, "no request: request-open"],
    ["of no stated priority is the weakest", { payload: { observation_type: "IFU" } }, "raise 11 to 2"],
    [
      "of a priority that is no number stands",
      { payload: { observation_type: "IFU", priority: "high" } },
      "no request: request-open",
    ],
    ["on its way is open", { status: "pending submission" }, "raise 11 to 2"],
    ["completed is done", { status: "Completed: observed" }, "no request: request-complete"],
    ["deleted was not wanted", { status: "deleted" }, "no request: request-deleted"],
    [
      "failed 11 h ago may be wrong",
      { status: "failed to submit: timeout", modifiedJd: NOW - 11 / 24 },
      "no request: request-failed",
    ],
    ["failed 13 h ago is tried again", { status: "failed to submit: timeout", modifiedJd: NOW - 13 / 24 }, "request 2"],
    [
      "rejected has failed",
      { status: "rejected: outside the limits", modifiedJd: NOW - 0.1 },
      "no request: request-failed",
    ],
    ["for other groups is another", { targetGroupIds: [3] }, "request 2"],
    ["of another allocation is another", { allocationId: 8 }, "request 2"],
    [
      "of more exposures covers it",
      { payload: { observation_type: "4-shot+IFU", priority: 4 } },
      "no request: request-open",
    ],
    ["of other exposures does not", { payload: { observation_type: "3-shot (gri)", priority: 4 } }, "request 2"],
  ])("%s", (_, more, expected) => {
    expect(request1({ requests: [known(more)] })).toEqual([expected]);
  });

  it.each<[string, Payload, Payload, boolean]>([
    ["gri in ugri", { observation_type: "4-shot (ugri)" }, { observation_type: "3-shot (gri)" }, true],
    ["ugri not in gri", { observation_type: "3-shot (gri)" }, { observation_type: "4-shot (ugri)" }, false],
    [
      "choices in ugri and IFU",
      { observation_type: "4-shot+IFU" },
      { observation_type: "Mix 'n Match", observation_choices: ["IFU", "u"] },
      true,
    ],
    [
      "choices in choices",
      { observation_type: "Mix 'n Match", observation_choices: ["u", "g"] },
      { observation_type: "Mix 'n Match", observation_choices: ["IFU"] },
      false,
    ],
    [
      "IFU in choices",
      { observation_type: "Mix 'n Match", observation_choices: ["r", "IFU"] },
      { observation_type: "IFU" },
      true,
    ],
    ["another type by its name", { observation_type: "imaging" }, { observation_type: "imaging" }, true],
    ["another name", { observation_type: "imaging" }, { observation_type: "spectroscopy" }, false],
    [
      "dates aside",
      { exposure: 60, end_date: "2023-10-01" },
      { exposure: 60, start_date: "2023-11-01", advanced: true },
      true,
    ],
    ["a field of another value", { exposure: 60 }, { exposure: 120 }, false],
    ["a field that lacks", {}, { exposure: 120 }, false],
    ["lists by their members", { filters: ["g", "r", "i"] }, { filters: ["i", "g"] }, true],
    ["a list not in another", { filters: ["g"] }, { filters: ["i", "g"] }, false],
    ["objects by their fields", { set: { a: 1, b: [2] } }, { set: { b: [2] } }, true],
    ["an object not in another", { set: { a: 1 } }, { set: { a: 1, b: 2 } }, false],
    ["a list not in a text", { filters: "g" }, { filters: ["g"] }, false],
  ])("covers %s", (_, existing, wanted, covered) => {
    const requests = [known({ payload: { ...existing, priority: 5 } })];
    expect(request1({ requests }, { payload: wanted })).toEqual([covered ? "no request: request-open" : "request 2"]);
  });

  it("is raised with its whole form, under the name that it has for the priority", () => {
    const existing = known({
      id: 12,
      objectId: "ZTF23zzzzzzz",
      payload: { observation_type: "IFU", urgency: 1, exposure: 60 },
    });
    const [, raise] = plan([decide("p1", 2)], { ...SAVED, requests: [existing] }, [rule("p1")]);
    expect(raise).toEqual({
      kind: "raise",
      objectId: ID,
      policy: "p1",
      key: `${ID}/raise/SEDM/7/12/2`,
      reasons: ["p1 holds", "request 12 stands at priority 1, less urgent than 2"],
      requestId: 12,
      requestObjectId: "ZTF23zzzzzzz",
      allocationId: 7,
      priority: 2,
      payload: { observation_type: "IFU", urgency: 2, exposure: 60 },
    });
  });

  it("is not raised where a spectrum or a class came since, nor where the instrument takes no changes", () => {
    expect(request1({ requests: [known()], spectra: 1 })).toEqual(["no request: request-open"]);
    expect(request1({ requests: [known()], classifications: [{ name: "Ia", ml: false }] })).toEqual([
      "no request: request-open",
    ]);
    expect(request1({ requests: [known()] }, { canRaise: false })).toEqual(["no request: request-open"]);
    // That it was reported, often by ourselves, does not make our own request less worth.
    expect(
      request1({ requests: [known()], tns: { name: "AT 2023tyk", reportedJd: NOW - 9 } }, { notIfTnsReportedHours: 1 }),
    ).toEqual(["raise 11 to 2"]);
  });

  it("of several, one that is open counts before one that was deleted, and the most urgent of the open", () => {
    expect(request1({ requests: [known({ id: 1, status: "deleted" }), known({ id: 2 })] })).toEqual(["raise 2 to 2"]);
    const three = known({ id: 3, payload: { observation_type: "IFU", priority: 3 } });
    expect(request1({ requests: [known(), three] })).toEqual(["no request: request-open"]);
    expect(brief(plan([decide("p1", 4)], { ...SAVED, requests: [known(), three] }, [rule("p1")]))[1]).toBe(
      "raise 3 to 4",
    );
    expect(request1({ requests: [known(), known({ status: "completed" })] })).toEqual(["no request: request-complete"]);
  });

  it("another observation on the allocation is not taken for it, neither here nor by SkyPortal", () => {
    const requests = [known({ payload: { observation_type: "3-shot (gri)", priority: 4 } })];
    expect(plan([decide("p1", 1)], { ...SAVED, requests }, [rule("p1")])[1]).toMatchObject({
      kind: "request",
      notIfDuplicates: false,
    });
    const both = plan([decide("p1", 1)], SAVED, [
      rule("p1"),
      rule("p1", { payload: { observation_type: "3-shot (gri)" } }),
    ]);
    expect(both.filter((action) => action.kind === "request").map(({ notIfDuplicates }) => notIfDuplicates)).toEqual([
      true,
      false,
    ]);
    // The same observation for other groups is for SkyPortal to decide.
    const others = [...requests, known({ targetGroupIds: [3] })];
    expect(plan([decide("p1", 1)], { ...SAVED, requests: others }, [rule("p1")])[1]).toMatchObject({
      kind: "request",
      notIfDuplicates: true,
    });
    const failed = [known({ status: "failed", modifiedJd: NOW - 1 })];
    expect(plan([decide("p1", 1)], { ...SAVED, requests: failed }, [rule("p1")])[1]).toMatchObject({
      notIfDuplicates: true,
    });
  });
});

describe("several policies for one instrument", () => {
  const rules = [rule("bts_p1"), rule("bts_p2")];

  it("make one request, at the more urgent priority, in whatever order they come", () => {
    for (const decisions of [
      [decide("bts_p1", 1), decide("bts_p2", 2)],
      [decide("bts_p2", 2), decide("bts_p1", 1)],
    ]) {
      const requests = plan(decisions, SAVED, rules).slice(2);
      expect(brief(requests)).toEqual(["request 2", "no request: already-planned"]);
    }
  });

  it("where 1 is the most urgent, that one", () => {
    const down = [1, 3, 2].map((priority) =>
      rule(`u${priority}`, { priorityOrder: "desc", payload: { urgency: priority } }),
    );
    expect(
      brief(
        plan(
          [3, 1, 2].map((n) => decide(`u${n}`)),
          SAVED,
          down,
        ),
      ).slice(3),
    ).toEqual(["request 1", "no request: already-planned", "no request: already-planned"]);
    const requests = [known({ payload: { urgency: 2 } })];
    expect(brief(plan([decide("u1"), decide("u2"), decide("u3")], { ...SAVED, requests }, down)).slice(3)).toEqual([
      "raise 11 to 1",
      "no request: request-open",
      "no request: request-open",
    ]);
  });

  it("may not count in opposite orders", () => {
    const mixed = [rule("a"), rule("b", { priorityOrder: "desc", payload: { priority: 1 } })];
    expect(() => plan([], SAVED, mixed)).toThrow(
      expect.objectContaining({ code: "follow-up-invalid", path: "b.request.priorityOrder" }),
    );
  });
});

it.each([NaN, 60220.5, 1696329302400])("refuses %d for a time, which is no Julian date", (now) => {
  expect(() => planFollowUp([], SAVED, { rules: [], now })).toThrow(
    expect.objectContaining({ code: "follow-up-invalid", path: "now" }),
  );
});

// The steps of skyportal/kowalski's own test of its follow-up (test_alert_broker_ztf.py), played with a
// SkyPortal of a few lines that does what it is asked.
it("plays Kowalski's sequence: one request, raised when it may be, blocked when it must", () => {
  let knowledge: SourceKnowledge = NEW;
  let next = 1;
  const play = (decisions: Decision[], rules: FollowUpRule[]): string[] => {
    const actions = plan(decisions, knowledge, rules);
    for (const action of actions) {
      if (action.kind === "save") knowledge = { ...knowledge, savedTo: [...knowledge.savedTo, action.groupId] };
      if (action.kind === "request") {
        const {
          payload,
          targetGroupIds,
          rule: { allocationId },
        } = action;
        knowledge = {
          ...knowledge,
          requests: [
            ...knowledge.requests,
            { id: next++, allocationId, payload, targetGroupIds, status: "submitted", modifiedJd: NOW },
          ],
        };
      }
      if (action.kind === "raise") {
        const requests = knowledge.requests.map((each) =>
          each.id === action.requestId ? { ...each, payload: action.payload } : each,
        );
        knowledge = { ...knowledge, requests };
      }
    }
    return brief(actions.filter((action) => !(action.kind === "none" && action.instead === "save")));
  };
  const at = (
    priority: number,
    more: Partial<RequestRule> = {},
    save: Partial<FollowUpRule["save"]> = {},
  ): FollowUpRule => rule(`p${priority}`, { ...more, payload: { observation_type: "IFU", priority } }, save);
  const priorities = (): unknown[] => knowledge.requests.map(({ payload }) => payload.priority);

  // Two filters, priorities 2 and 3: one request at 3.
  expect(play([decide("p2"), decide("p3")], [at(2), at(3)])).toEqual([
    "save 1",
    "request 3",
    "no request: already-planned",
  ]);
  // Priority 4 without updates: it stays; with updates: 4; a lower one is ignored.
  expect(play([decide("p4")], [at(4, { canRaise: false })])).toEqual(["no request: request-open"]);
  expect(priorities()).toEqual([3]);
  expect(play([decide("p4")], [at(4)])).toEqual(["raise 1 to 4"]);
  expect(play([decide("p1")], [at(1)])).toEqual(["no request: request-open"]);
  expect(priorities()).toEqual([4]);

  // Another instrument counts down: 1 is made and stays.
  const down = (priority: number): FollowUpRule => at(priority, { allocationId: 9, priorityOrder: "desc" });
  expect(play([decide("p1"), decide("p2")], [down(2), down(1)])).toEqual(["request 1", "no request: already-planned"]);
  expect(play([decide("p2")], [down(2)])).toEqual(["no request: request-open"]);
  expect(priorities()).toEqual([4, 1]);

  // A second group: asked for at 1 by one group, at 2 by another that shares it with the first.
  knowledge = { ...NEW, savedTo: [1] };
  expect(play([decide("p1")], [at(1)])).toEqual(["request 1"]);
  expect(play([decide("p2")], [at(2, { targetGroupIds: [1] }, { groupIds: [2] })])).toEqual(["save 2", "raise 3 to 2"]);
  expect(knowledge.requests).toHaveLength(1);

  // A group to be left alone stops save and trigger.
  knowledge = { ...NEW, savedTo: [50] };
  expect(brief(plan([decide("p1")], knowledge, [at(1, {}, { ignoreGroupIds: [50] })]))).toEqual([
    "no save: ignored-group",
    "no request: ignored-group",
  ]);
  // A classified source is saved, not triggered.
  knowledge = { ...NEW, classifications: [{ name: "Ia", ml: false }] };
  expect(play([decide("p1")], [at(1)])).toEqual(["save 1", "no request: classified"]);
  // So is one whose request someone deleted.
  knowledge = { ...NEW, requests: [known({ status: "deleted" })] };
  expect(play([decide("p1")], [at(1)])).toEqual(["save 1", "no request: request-deleted"]);
});

describe("nothing is asked twice", () => {
  const rules = [rule("p1", { comment: "trigger" }, { comment: "save" }), rule("p2")];
  const decisions = [decide("p1", 1), decide("p2", 2)];
  const keys = (actions: readonly FollowUpAction[]): string[] =>
    actions.flatMap((action) => (action.kind === "none" ? [] : [action.key]));

  it("plans made at once bear the same keys, each once", () => {
    const first = keys(plan(decisions, NEW, rules));
    expect(first).toEqual([`${ID}/save/1`, `${ID}/save/1/comment`, `${ID}/request/SEDM/7/observation_type=IFU/0`]);
    expect(
      keys(plan(decisions.toReversed(), NEW, rules.toReversed(), NOW + 0.01)).filter((key) => !key.endsWith("comment")),
    ).toEqual(first.filter((key) => !key.endsWith("comment")));
    // A policy that fires between two plans asks for the same request, at another priority.
    expect(keys(plan([decide("p1", 1)], NEW, rules))).toContain(`${ID}/request/SEDM/7/observation_type=IFU/0`);
  });

  it("what was sent is not planned again, even before its effect is known", () => {
    const issued = keys(plan(decisions, NEW, rules));
    const again = plan(decisions, { ...NEW, issued }, rules);
    expect(keys(again)).toEqual([]);
    expect(new Set(again.map((action) => action.kind === "none" && action.code))).toEqual(
      new Set(["already-issued", "already-planned"]),
    );
    const raised = plan([decide("p2", 2)], { ...SAVED, requests: [known()] }, rules);
    expect(keys(plan([decide("p2", 2)], { ...SAVED, requests: [known()], issued: keys(raised) }, rules))).toEqual([]);
  });

  it("a comment goes with what it is about", () => {
    const comments = plan(
      [decide("p1", 1)],
      { ...NEW, issued: [`${ID}/save/1`, `${ID}/request/SEDM/7/observation_type=IFU/0`] },
      rules,
    );
    expect(keys(comments)).toEqual([]);
  });

  it("the same choice of exposures in another order has the same key", () => {
    const key = (observation_choices: string[]): string[] =>
      keys(
        plan([decide("p2", 2)], SAVED, [
          rule("p2", { payload: { observation_type: "Mix 'n Match", observation_choices } }),
        ]),
      );
    expect(key(["u", "IFU"])).toEqual(key(["IFU", "u"]));
    expect(key(["u", "IFU"])).not.toEqual(key(["IFU", "g"]));
  });

  it("a request that failed long ago, or for other groups, has another key", () => {
    const failed = {
      ...SAVED,
      requests: [known({ status: "failed", modifiedJd: NOW - 1 })],
      issued: [`${ID}/request/SEDM/7/observation_type=IFU/0`],
    };
    expect(keys(plan([decide("p2", 2)], failed, rules))).toEqual([`${ID}/request/SEDM/7/observation_type=IFU/1`]);
    const apart = plan(decisions, SAVED, [rule("p1"), rule("p2", {}, { groupIds: [2] })]);
    expect(keys(apart)).toEqual([
      `${ID}/save/2`,
      `${ID}/request/SEDM/7/observation_type=IFU/0`,
      `${ID}/request/SEDM/7/observation_type=IFU/1`,
    ]);
  });

  it("a decision that is revised asks for nothing", () => {
    expect(brief(plan([decide("p1", 1, { revised: true })], NEW, rules))).toEqual(["no save: revised"]);
  });
});

it("refuses a decision of another source", () => {
  expect(() => plan([decide("p1", 1, { objectId: "ZTF18aaaaaaa" })], NEW, [rule("p1")])).toThrow(
    expect.objectContaining({ code: "policy-source-mismatch", expected: ID, got: "ZTF18aaaaaaa" }),
  );
});

describe("parseFollowUpRules", () => {
  const whole: FollowUpRule[] = [
    {
      policy: "bts_p1",
      save: { groupIds: [1], comment: "c", ignoreGroupIds: [2] },
      request: {
        instrument: "SEDM",
        allocationId: 7,
        payload: { observation_type: "IFU", nested: [{ a: null }] },
        priorityOrder: "asc",
        targetGroupIds: [3],
        ignoreAllocationIds: [8],
        validityDays: 7,
        notIfTnsReportedHours: 0,
        notIfAssigned: true,
        canRaise: false,
        comment: "t",
      },
    },
  ];

  it("reads back what JSON kept", () => {
    expect(parseFollowUpRules(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it.each<[unknown, string | undefined]>([
    [{}, undefined],
    [[{ ...whole[0], policy: "" }], "[0].policy"],
    [[{ ...whole[0], save: { groupIds: ["1"] } }], "[0].save.groupIds[0]"],
    [[{ ...whole[0], reqest: {} }], "[0].reqest"],
    [[{ ...whole[0], request: { ...whole[0].request, priorityOrder: "up" } }], "[0].request.priorityOrder"],
    [[{ ...whole[0], request: { ...whole[0].request, payload: { at: NaN } } }], "[0].request.payload.at"],
  ])("refuses %j", (data, path) => {
    const result = safeParseFollowUpRules(data);
    expect(result.success ? "read" : [result.error.code, result.error.path]).toEqual(["follow-up-invalid", path]);
  });
});
