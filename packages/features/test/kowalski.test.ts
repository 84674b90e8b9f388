import { toLightCurve } from "@btsbot/alert";
import type { Alert, LightCurve } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readReferenceAlerts } from "../../../test/support/reference.js";
import { BTSBOT_V1, extractFeatures, KOWALSKI } from "../src/index.js";
import type { Features } from "../src/index.js";
import { makeAlert, makeHistory } from "./makeAlert.js";

const NOW = 2459010.5;
const extract = (alert: Alert, history: LightCurve = makeHistory(), realBogus?: number): Features =>
  extractFeatures(KOWALSKI, { alert, history, ...(realBogus !== undefined && { realBogus }) });
const valuesOf = ({ names, values }: Features, ...wanted: string[]): number[] =>
  wanted.map((name) => values[names.indexOf(name)]);
const missing = ({ reasons }: Features): unknown[] => reasons.map(({ code, feature }) => `${code} ${feature}`);
const DATES = ["age", "days_since_peak", "days_to_peak"];

describe("kowalski", () => {
  it("has the names and the order of btsbot-v1, and says where it differs", () => {
    expect(KOWALSKI.features.map(({ name }) => name)).toEqual(BTSBOT_V1.features.map(({ name }) => name));
    const different = KOWALSKI.features.filter(({ differs }) => differs !== undefined).map(({ name }) => name);
    expect(different).toEqual(["age", "days_since_peak", "days_to_peak", "peakmag_so_far", "new_drb", "maxmag_so_far"]);
    for (const [index, feature] of KOWALSKI.features.entries())
      expect(feature === BTSBOT_V1.features[index]).toBe(feature.differs === undefined);
  });

  it("agrees with the training where nothing is odd", () => {
    const history = makeHistory([2459003.5, 17.25], [2459006.5, 19.5], [NOW, 18.5]);
    const theirs = extract(makeAlert(), history);
    expect({ ...theirs, profile: "btsbot-v1" }).toEqual(extractFeatures(BTSBOT_V1, { alert: makeAlert(), history }));
    expect(valuesOf(theirs, ...DATES)).toEqual([10, 7, 3]);
  });

  it("takes of equal peaks the packet's before the alert's own before a stored one, not the earliest", () => {
    const stored = makeHistory([2459001.5, 18.5]);
    const packet = {
      ...makeAlert(),
      prv_candidates: [
        { jd: 2459008.5, fid: 2, magpsf: 18.5 },
        { jd: 2459006.5, fid: 2, magpsf: 18.5 },
        { jd: 2459007.5, fid: 2 },
      ],
    };
    expect(valuesOf(extract(packet, stored), ...DATES)).toEqual([10, 2, 8]);
    expect(valuesOf(extract(makeAlert(), stored), ...DATES)).toEqual([10, 0, 10]);
    expect(
      valuesOf(
        extractFeatures(BTSBOT_V1, {
          alert: packet,
          history: toLightCurve(packet, [{ jd: 2459001.5, fid: 1, magpsf: 18.5 }]),
        }),
        ...DATES,
      ),
    ).toEqual([10, 9, 1]);
  });

  it("does not notice points that come twice", () => {
    const history = makeHistory([2459003.5, 17.25], [2459006.5, 19.5]);
    const twice = { detections: [...history.detections, ...history.detections], nondetections: [] };
    expect(extract(makeAlert(), twice)).toEqual(extract(makeAlert(), history));
  });

  it("sees the future where the history shows it", () => {
    const uncut = makeHistory([2459003.5, 18], [NOW + 2, 16], [NOW + 20, 21]);
    expect(valuesOf(extract(makeAlert(), uncut), ...DATES, "peakmag_so_far", "maxmag_so_far")).toEqual([
      10, -2, 12, 16, 21,
    ]);
    expect(valuesOf(extractFeatures(BTSBOT_V1, { alert: makeAlert(), history: uncut }), ...DATES)).toEqual([10, 7, 3]);
  });

  it("begins with the first detection where that is before jdstarthist", () => {
    expect(valuesOf(extract(makeAlert(), makeHistory([2458990.5, 19])), "age")).toEqual([20]);
  });

  it.each([null, undefined])("has no ages with a jdstarthist of %s", (jdstarthist) => {
    const features = extract(makeAlert({ jdstarthist: jdstarthist as null }), makeHistory([2459003.5, 17.25]));
    expect(missing(features)).toEqual(["feature-missing age", "feature-missing days_to_peak"]);
    expect(features.reasons[0].path).toContain("candidate.jdstarthist");
    expect(features.flags).not.toContain("jdstarthist-missing");
  });

  it("takes a jdstarthist of -999 for a date", () => {
    expect(valuesOf(extract(makeAlert({ jdstarthist: -999 })), "age")).toEqual([NOW + 999]);
  });

  it("starts its peak at 30 and its faintest at 0", () => {
    const features = extract(makeAlert({ magpsf: null }));
    expect(valuesOf(features, "peakmag_so_far", "maxmag_so_far")).toEqual([30, 0]);
    expect(missing(features)).toEqual([
      "feature-missing magpsf",
      "feature-missing days_since_peak",
      "feature-missing days_to_peak",
    ]);
  });

  it.each([null, undefined])("takes rb where drb is %s, and says so", (drb) => {
    const features = extract(makeAlert({ drb: drb as null, rb: 0.6 }));
    expect([valuesOf(features, "new_drb"), features.flags, features.reasons]).toEqual([[0.6], ["rb-for-drb"], []]);
    const given = extract(makeAlert({ drb: drb as null, rb: 0.6 }), makeHistory(), 0.3);
    expect([valuesOf(given, "new_drb"), given.flags]).toEqual([[0.3], ["drb-given"]]);
  });

  it("takes drb where it is there, and nothing where neither is", () => {
    expect(extract(makeAlert({ rb: 0.6 })).flags).toEqual(["drb-from-packet"]);
    expect(missing(extract(makeAlert({ drb: null })))).toEqual(["feature-missing new_drb"]);
  });
});

describeWithData("kowalski on real packets", (folder) => {
  it("differs from the training only in packets without drb, and where peaks tie", () => {
    const different: string[] = [];
    for (const { alert, reference } of readReferenceAlerts(folder).filter(
      ({ reference }) => reference.custom !== undefined,
    )) {
      const history = toLightCurve(alert);
      const [theirs, ours] = [KOWALSKI, BTSBOT_V1].map((profile) => extractFeatures(profile, { alert, history }));
      theirs.names.forEach((name, index) => {
        if (!Object.is(theirs.values[index], ours.values[index])) different.push(`${reference.file} ${name}`);
      });
    }
    expect(different).toEqual(["2019_01_10_739260766315010006.avro new_drb"]);
  });
});
