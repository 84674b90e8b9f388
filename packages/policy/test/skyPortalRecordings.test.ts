import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { planFollowUp } from "../src/index.js";
import { isOtherObservation } from "../src/plans/payload.js";
import { standingOf } from "../src/plans/standingOf.js";
import type { Decision, FollowUpAction, FollowUpRule, KnownRequest, SourceKnowledge } from "../src/index.js";
import { callsOf, makeTrigger } from "./support/callsOf.js";

/**
 * Fields of SkyPortal's forms that say which exposures are asked for, by its sources: `observation_choices` of the generic
 * form, KAIT's, LCO's and SEDM's (skyportal/facility_apis), `observation_type` of SEDM's and KAIT's, `observation_mode` of
 * LCO's; and `filter` and `filters` of forms of one's own.
 */
const NAMES_OF_EXPOSURES = ["observation_choices", "observation_type", "observation_mode", "filter", "filters"];

interface Sent {
  readonly call: { readonly method: string; readonly path: string; readonly body: Record<string, unknown> };
  readonly status: number;
  readonly body: { readonly data: Record<string, unknown>; readonly message?: string };
}

interface Recording {
  readonly request: { readonly path: string; readonly body?: Record<string, unknown> };
  readonly response: { readonly status: number; readonly body: { readonly data: unknown } };
}

describeWithData("what a real SkyPortal answered", (data) => {
  const all = JSON.parse(readFileSync(`${data}/skyportal/recordings.json`, "utf8")) as Record<string, unknown>;
  const sent = all["btsbot-toSkyPortal"] as readonly Sent[];
  const recorded = (name: string): Recording => all[name] as Recording;
  const decision = makeTrigger("ZTF27vtchqqu", 2461374.5);
  const rules: FollowUpRule[] = [
    {
      policy: "p",
      save: { groupIds: [5], comment: "BTSbot: 0.97", ignoreGroupIds: [6] },
      request: {
        instrument: "SEDM",
        allocationId: 1,
        payload: { observation_type: "IFU" },
        ignoreAllocationIds: [2],
        notIfTnsReportedHours: 24,
        notIfAssigned: true,
      },
    },
  ];
  const plan = (more: Partial<SourceKnowledge> = {}): unknown[] => {
    const known = { spectra: 0, savedTo: [], classifications: [], requests: [], ...more };
    const position = { ra: 200.1458225122818, dec: -10 };
    // 2026-11-30.
    return callsOf(decision, { objectId: decision.objectId, position, ...known }, rules, 2461374.9);
  };

  it("refused groups to be left alone with a new source, and took the rest: what is written now is what it took", () => {
    expect([sent[0].status, sent[0].body.message]).toEqual([400, expect.stringContaining("ignore_if_in_group_ids")]);
    expect(sent.slice(1, 5).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(plan()).toEqual([sent[1], sent[3], sent[4]].map(({ call }) => call));
    expect(plan({ exists: true })[0]).toEqual(sent[2].call);
  });

  it("made a second request of what was rejected, and none of what was submitted", () => {
    const answer = (name: string): unknown => recorded(name).response.body.data;
    expect(answer("214-fu-duplicate-ignored")).toMatchObject({ id: null, ignored: true });
    expect(answer("216-fu-duplicate-other-payload-ignored")).toMatchObject({ id: null, ignored: true });
    expect(answer("293-facility-rejected-again")).toMatchObject({ id: expect.any(Number) as number });
  });

  it("refuses a priority that SkyPortal refused, before it is sent", () => {
    const { request, response } = recorded("236-fu-payload-priority-9");
    expect([response.status, (response.body as { message?: string }).message]).toEqual([
      400,
      expect.stringContaining("9 is greater than the maximum of 5"),
    ]);
    const { payload } = request.body as { payload: KnownRequest["payload"] };
    const [rule] = rules;
    const planned = (priority: unknown): unknown =>
      planFollowUp(
        [decision],
        { objectId: decision.objectId, savedTo: [], spectra: 0, classifications: [], requests: [] },
        {
          rules: [{ ...rule, request: { ...rule.request!, payload: { ...payload, priority } as typeof payload } }],
          now: 2461374.9,
        },
      );
    for (const priority of [9, "9", 5.5, 0.5, 0, -1])
      expect(() => planned(priority)).toThrow(
        `p.request.payload.priority: SEDM's form does not take this priority (expected a number from 1 to 5, got ${priority})`,
      );
    expect(planned(5)).toContainEqual(expect.objectContaining({ kind: "request", priority: 5 }));
  });

  it("says in each status where a request stands", () => {
    const statuses = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { status, request_status: answered, allocation_id: ofRequest } = value as Record<string, unknown>;
      if (typeof answered === "string") statuses.add(answered);
      if (typeof status === "string" && ofRequest !== undefined) statuses.add(status);
      Object.values(value).forEach(collect);
    };
    collect(all);
    expect(Object.fromEntries([...statuses].sort().map((status) => [status, standingOf({ status })]))).toEqual({
      completed: "complete",
      deleted: "deleted",
      "failed to submit: ": "failed",
      "pending submission": "open",
      "rejected: oops": "failed",
      "rejected: too faint for us": "failed",
      submitted: "open",
    });
  });
});

describe("a request for the same observation, however its form was filled in", () => {
  const known = (payload: KnownRequest["payload"], status = "submitted"): KnownRequest => ({
    id: 11,
    allocationId: 7,
    targetGroupIds: [1],
    payload: { priority: 5, ...payload },
    status,
    modifiedJd: 2460222.4,
  });
  const decision: Decision = {
    policy: "p",
    objectId: "A",
    action: "trigger",
    priority: 2,
    candid: 1n,
    jd: 2460222,
    reasons: [],
    alerts: [],
  };
  const plan = (
    payload: KnownRequest["payload"],
    requests: readonly KnownRequest[],
    more: Partial<SourceKnowledge> = {},
  ): FollowUpAction => {
    const rules = [{ policy: "p", save: { groupIds: [1] }, request: { instrument: "SEDM", allocationId: 7, payload } }];
    const knowledge = { objectId: "A", savedTo: [1], spectra: 0, classifications: [], requests, ...more };
    return planFollowUp([decision], knowledge, { rules, now: 2460222.5 }).find(
      (action) => action.kind !== "none" || action.instead === "request",
    )!;
  };
  const IFU = { observation_type: "IFU" };

  it.each([
    ["another airmass", { maximum_airmass: 2.5 }, { maximum_airmass: 2.8 }],
    ["a number as text", { exposure_time: "300" }, { exposure_time: 300 }],
    ["another time", { exposure_time: 600 }, { exposure_time: 300 }],
    ["a field that the other lacks", {}, { advanced: true, maximum_fwhm: 3 }],
    ["a field that the new one lacks", { maximum_airmass: 2 }, {}],
  ])("is not asked for again: %s", (_, before, now) => {
    expect(plan({ ...IFU, ...now }, [known({ ...IFU, ...before })])).toMatchObject({ code: "request-open" });
    // Nor, for other groups, past SkyPortal's guard.
    const others = { ...known({ ...IFU, ...before }), targetGroupIds: [3] };
    expect(plan({ ...IFU, ...now }, [others])).toMatchObject({ kind: "request", notIfDuplicates: true });
  });

  it("passes SkyPortal's guard only for other exposures", () => {
    const guard = (existing: string, wanted: string): unknown =>
      (plan({ observation_type: wanted }, [known({ observation_type: existing })]) as { notIfDuplicates?: boolean })
        .notIfDuplicates;
    expect(guard("3-shot (gri)", "IFU")).toBe(false);
    expect(guard("IFU", "4-shot (ugri)")).toBe(false);
    // What a form does not say may be a spectrum.
    const mixes: KnownRequest["payload"][] = [{}, { observation_choices: [] }, { observation_choices: "IFU" }];
    const unread: KnownRequest["payload"][] = [
      ...mixes.map((choices) => ({ observation_type: "Mix 'n Match", ...choices })),
      ...[null, "ifu", "Mix n Match", ["IFU"]].map((observation_type) => ({ observation_type })),
      {},
    ];
    for (const existing of unread)
      expect(plan(IFU, [known(existing)]), JSON.stringify(existing)).toMatchObject({
        kind: "request",
        notIfDuplicates: true,
      });
    // A spectrum in it once more.
    expect(guard("IFU", "3-shot+IFU")).toBe(true);
    expect(guard("3-shot (gri)", "4-shot (ugri)")).toBe(true);
  });

  it("is told by its choices where it says nothing else", () => {
    const choices = (...names: string[]) => ({ observation_choices: names });
    expect(plan(choices("gp"), [known(choices("rp"))])).toMatchObject({ kind: "request", notIfDuplicates: false });
    expect(plan(choices("gp"), [known(IFU)])).toMatchObject({ kind: "request", notIfDuplicates: true });
    expect(plan(choices("gp"), [known(choices("gp", "rp"))])).toMatchObject({ code: "request-open" });
    const key = (payload: KnownRequest["payload"]): unknown => (plan(payload, []) as { key: string }).key;
    expect(key(choices("gp"))).not.toBe(key(choices("rp")));
  });

  it("never passes the guard by a field that names no exposure", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const key = fc
      .oneof(fc.constantFrom("comment", "tolerance", "airmass", "exposure", "exposure_time", "requester"), fc.string())
      .filter((name) => !NAMES_OF_EXPOSURES.includes(name) && name !== "__proto__");
    const form = fc.constantFrom<KnownRequest["payload"]>(
      IFU,
      { observation_type: "3-shot (gri)", priority: 3 },
      { observation_choices: ["g", "r"], observation_type: "long" },
      { observation_choices: ["gp"], observation_mode: "NORMAL", exposure_time: 300, exposure_counts: 1 },
      { filters: "g,r", maximum_airmass: 2 },
      { observation_mode: "spectra" },
      {},
    );
    const changes = fc.dictionary(key, value, { maxKeys: 4 });
    fc.assert(
      fc.property(form, changes, changes, (stated, before, now) => {
        expect(isOtherObservation({ ...stated, ...before }, { ...stated, ...now })).toBe(false);
      }),
    );
  });

  it("has one key", () => {
    const keys = [IFU, { ...IFU, maximum_airmass: 2.5 }, { ...IFU, exposure_time: "300" }].map(
      (payload) => (plan(payload, []) as { key: string }).key,
    );
    expect(new Set(keys)).toEqual(new Set(["A/request/SEDM/7/observation_type=IFU/0"]));
  });

  it("for another instrument passes the guard only where a field says otherwise", () => {
    const guard = (existing: KnownRequest["payload"], wanted: KnownRequest["payload"]): unknown =>
      (plan(wanted, [known(existing)]) as { notIfDuplicates?: boolean }).notIfDuplicates;
    expect(guard({ filters: ["g"] }, { filters: ["r"] })).toBe(false);
    expect(guard({ filters: ["g"] }, { filters: ["g", "r"] })).toBe(true);
    expect(guard({ filters: [] }, { filters: ["g"] })).toBe(true);
    expect(guard({}, { exposure_time: 300 })).toBe(true);
    // Deeper or not, the same filters are the same observation.
    expect(guard({ exposure_time: 600 }, { exposure_time: 300 })).toBe(true);
    expect(guard({ observation_mode: "spectra" }, { observation_mode: "Imaging" })).toBe(false);
    const filters = ["g"];
    for (const [existing, wanted] of [
      [{ filters: "g,r" }, { filters: "g, r" }],
      [{ filters: ["G"] }, { filters: ["g"] }],
      [{ filters: "gri" }, { filters: ["g"] }],
      [{ filters: ["gp"] }, { observation_choices: ["g"] }],
      [{ filters: [{ name: "g" }] }, { filters: ["r"] }],
      [{ observation_mode: "SPECTRA" }, { observation_mode: "spectra" }],
      [{ observation_mode: "RAPID_RESPONSE" }, { observation_mode: "NORMAL" }],
      [
        { filters, exposure: "300 s" },
        { filters, exposure: "300s" },
      ],
      [
        { filters: ["g", "r"], requester: "x" },
        { filters, requester: "y" },
      ],
    ] satisfies [KnownRequest["payload"], KnownRequest["payload"]][])
      expect(guard(existing, wanted), JSON.stringify([existing, wanted])).toBe(true);
    // Written in another way, or left to the default.
    expect(guard({ exposure_time: "300 s" }, { exposure_time: 300 })).toBe(true);
    expect(guard({ exposure_time: null }, { exposure_time: 300 })).toBe(true);
    expect(guard({ advance: "true" }, { advance: true })).toBe(true);
    expect(plan({ exposure_time: 300, maximum_airmass: 2 }, [known({ exposure_time: "300" })])).toMatchObject({
      code: "request-open",
    });
  });

  it.each([
    ["submitted: 3 groups, 2 failed", "request-open"],
    ["Submitted", "request-open"],
    ["submitted for 2026-03-01 04:00:00: use retrieve to check status", "request-open"],
    ["submitted: planified over.", "request-open"],
    ["PENDING", "request-open"],
    ["something new", "request-open"],
    ["In progress: Light curve not yet available. Waiting for it to complete.", "request-open"],
    ["In progress: No matching response from forced photometry service.", "request-open"],
    ["Job is running (started at 2026-03-01T04:00:00Z)", "request-open"],
    ["Waiting for job to start (queued at 2026-03-01T04:00:00Z)", "request-open"],
    ["Committing photometry to database", "request-open"],
    ["Number of observations: 3", "request-open"],
    ["not completed", "request-open"],
    ["not yet submitted", "request-open"],
    ["The target has not been completed, 2 exposures failed", "request-open"],
    ["could not be deleted", "request-open"],
    ["no error", "request-open"],
    ["not rejected, completed", "request-complete"],
    ["Not submitted", "request-failed"],
    ["could not be submitted", "request-failed"],
    ["wasn't accepted", "request-failed"],
    ["no longer active", "request-failed"],
    ["never scheduled", "request-failed"],
    ["not submitted: failed", "request-failed"],
    ["rejected: deletion failed - 500", "request-open"],
    ["rejected: deletion failed - b'error'", "request-open"],
    ["COMPLETED", "request-complete"],
    ["Photometry complete", "request-complete"],
    ["Task is complete with results available at https://example.org/failed/1.txt", "request-complete"],
    ["Photometry committed to database", "request-complete"],
    ["Photometry updated in database", "request-complete"],
    ["No photometry to commit to database", "request-complete"],
    ["2 images posted as comment", "request-complete"],
    ["Result posted as comment", "request-complete"],
    ["No DR2 source", "request-complete"],
    ["deleted", "request-deleted"],
    ["failed to submit: ", "request-failed"],
    ["failed to submit", "request-failed"],
    ["error: timeout", "request-failed"],
    ["throttled: b'Request was throttled. Expected available in 9 seconds.'", "request-failed"],
    ["No photometry available: Catastrophic error (see log output)", "request-failed"],
    ["TESS alert 2026abc could not be ingested: https://example.org/lc", "request-failed"],
    ["CANCELED", "request-failed"],
    ["cancelled by the observer", "request-failed"],
    ["EXPIRED", "request-failed"],
    ["WINDOW_EXPIRED", "request-failed"],
    ["rejected: already completed", "request-failed"],
    ["rejected: submitted but observation failed due to a TAROT error", "request-failed"],
    ['{"requests":[{"windows":[{"non_field_errors":["The window submitted has ended."]}]}]}', "request-failed"],
    ["['The proposal is not active.']", "request-failed"],
    ['{"id": 7, "state": "PENDING", "name": "failed"}', "request-open"],
    ['{"id": 7, "name": "pending", "state": "COMPLETED"}', "request-complete"],
    ['{"id": 7, "name": "pending", "state": "WINDOW_EXPIRED"}', "request-failed"],
  ])("of status %j stands: %s", (status, code) => {
    expect(plan(IFU, [known(IFU, status)])).toMatchObject({ kind: expect.not.stringMatching("request") as string });
    const found = plan({ ...IFU, priority: 1 }, [known(IFU, status)]);
    expect(found).toMatchObject({ kind: "none", code });
    const yesterday = { ...known(IFU, status), modifiedJd: 2460221.4 };
    expect(plan({ ...IFU, priority: 1 }, [yesterday]).kind).toBe(code === "request-failed" ? "request" : "none");
  });

  it("that was rejected is asked for again at once if its form was mended, not if it is the same", () => {
    const rejected = [known({ ...IFU, exposure_time: 9999 }, "rejected: exposure time")];
    expect(plan({ ...IFU, exposure_time: 9999 }, rejected)).toMatchObject({ code: "request-failed" });
    expect(plan({ ...IFU, exposure_time: 300 }, rejected)).toMatchObject({
      kind: "request",
      notIfDuplicates: true,
      key: "A/request/SEDM/7/observation_type=IFU/1",
    });
  });

  it("that LCO refused in its own words is asked for again at once if its form was mended", () => {
    const form = { observation_choices: ["gp"], exposure_time: 9000 };
    const refused = [known(form, '{"requests":[{"configurations":["too long"]}]}')];
    expect(plan(form, refused)).toMatchObject({ code: "request-failed" });
    const lapsed = [known({ ...form, minimum_lunar_distance: 20 }, '{"state": "WINDOW_EXPIRED"}')];
    expect(plan(form, lapsed)).toMatchObject({ code: "request-failed" });
    expect(plan({ ...form, maximum_airmass: 1.5 }, refused).kind).toBe("request");
  });

  it("is not stopped by a name on TNS without a prefix, and says so", () => {
    expect(plan(IFU, [], { tns: { name: "2023tyk" } })).toMatchObject({
      kind: "request",
      reasons: [expect.stringContaining("TNS has it as 2023tyk, without a prefix")],
    });
    for (const name of ["SN 2023tyk", "SN2023tyk", "TDE 2023abc"])
      expect(plan(IFU, [], { tns: { name } })).toMatchObject({ code: "tns-classified" });
    for (const name of ["AT 2023tyk", "AT2023tyk", "at 2023tyk"])
      expect(plan(IFU, [], { tns: { name } })).toMatchObject({ kind: "request", reasons: [] });
  });
});
