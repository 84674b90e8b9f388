import { expect, it } from "vitest";
import type { FollowUpRule, SourceKnowledge } from "../src/index.js";
import { callsOf, makeTrigger } from "./support/callsOf.js";

const ID = "ZTF23 ab/1";
const decision = makeTrigger(ID, 2460222);
const knowledge: SourceKnowledge = {
  objectId: ID,
  position: { ra: 143.8, dec: 83.97 },
  savedTo: [],
  spectra: 0,
  classifications: [],
  requests: [],
};
const rules: FollowUpRule[] = [
  {
    policy: "p",
    save: { groupIds: [41], comment: "saved", ignoreGroupIds: [255] },
    request: {
      instrument: "SEDM",
      allocationId: 7,
      payload: { observation_type: "IFU" },
      targetGroupIds: [5],
      ignoreAllocationIds: [8],
      notIfTnsReportedHours: 24,
      notIfAssigned: true,
      comment: "asked",
    },
  },
];
const calls = (known: SourceKnowledge, by: readonly FollowUpRule[] = rules): unknown[] =>
  callsOf(decision, known, by, 2460222.5);

it("writes a save, a request and their comments as SkyPortal's calls", () => {
  expect(calls(knowledge)).toEqual([
    {
      method: "POST",
      path: "/api/sources",
      body: { id: ID, ra: 143.8, dec: 83.97, group_ids: [41], origin: "btsbot" },
    },
    { method: "POST", path: "/api/sources/ZTF23%20ab%2F1/comments", body: { text: "saved", group_ids: [41] } },
    {
      method: "POST",
      path: "/api/followup_request",
      body: {
        obj_id: ID,
        allocation_id: 7,
        payload: { observation_type: "IFU", priority: 2, start_date: "2023-10-05", end_date: "2023-10-12" },
        target_group_ids: [41, 5],
        source_group_ids: [41],
        not_if_duplicates: true,
        ignore_allocation_ids: [8],
        ignore_source_group_ids: [255],
        not_if_classified: true,
        not_if_spectra_exist: true,
        not_if_tns_classified: true,
        not_if_tns_reported: 24,
        not_if_assignment_exists: true,
        radius: 0.5,
      },
    },
    {
      method: "POST",
      path: "/api/sources/ZTF23%20ab%2F1/comments",
      body: { text: "asked (priority: 2)", group_ids: [41] },
    },
  ]);
});

it("leaves out what no rule states", () => {
  const bare: FollowUpRule[] = [
    { policy: "p", save: { groupIds: [41] }, request: { instrument: "SEDM", allocationId: 7, payload: {} } },
  ];
  expect(calls({ ...knowledge, savedTo: [41] }, bare)).toEqual([
    {
      method: "POST",
      path: "/api/followup_request",
      body: {
        obj_id: ID,
        allocation_id: 7,
        payload: { priority: 2, start_date: "2023-10-05", end_date: "2023-10-12" },
        target_group_ids: [41],
        source_group_ids: [41],
        not_if_duplicates: true,
        not_if_classified: true,
        not_if_spectra_exist: true,
        not_if_tns_classified: true,
        radius: 0.5,
      },
    },
  ]);
});

it("raises by the request's id", () => {
  const existing = {
    id: 11,
    allocationId: 7,
    targetGroupIds: [41],
    payload: { observation_type: "IFU", priority: 1 },
    status: "submitted",
    modifiedJd: 2460221,
  };
  expect(calls({ ...knowledge, savedTo: [41], requests: [existing] })).toEqual([
    {
      method: "PUT",
      path: "/api/followup_request/11",
      body: { obj_id: ID, allocation_id: 7, payload: { observation_type: "IFU", priority: 2 } },
    },
  ]);
});

it.each([{ exists: true }, { savedTo: [9] }])(
  "sends groups to be left alone for a source that is there: %j",
  (more) => {
    expect(calls({ ...knowledge, ...more })[0]).toMatchObject({
      path: "/api/sources",
      body: { ignore_if_in_group_ids: { 41: [255] } },
    });
  },
);
