import { toLightCurve } from "@btsbot/alert";
import type { Alert, PrvCandidate } from "@btsbot/alert";
import { describe, expect, it } from "vitest";

const alert: Alert = {
  objectId: "ZTF99aaaaaaa",
  candid: 100n,
  candidate: { jd: 10, fid: 1, magpsf: 18, sigmapsf: 0.1, isdiffpos: "t", programid: 1, candid: 100n },
};
const withPast = (...prv_candidates: PrvCandidate[]): Alert => ({ ...alert, prv_candidates });
const jds = (points: readonly { readonly jd: number }[]): number[] => points.map(({ jd }) => jd);

describe("toLightCurve", () => {
  it("is the alert's own detection where there is no history", () => {
    for (const none of [alert, { ...alert, prv_candidates: null }]) {
      expect(toLightCurve(none)).toEqual({
        detections: [{ jd: 10, fid: 1, magpsf: 18, sigmapsf: 0.1, positive: true, candid: 100n, programid: 1 }],
        nondetections: [],
      });
    }
  });

  it("merges packet and stored history by jd, in every band and sign", () => {
    const other: Alert = {
      objectId: alert.objectId,
      candid: 7n,
      candidate: { jd: 7, fid: 2, magpsf: 19, isdiffpos: "f" },
      prv_candidates: [
        { jd: 2, fid: 1, diffmaglim: 20 },
        { jd: 3, fid: 1, magpsf: 20, candid: 3n },
      ],
    };
    const curve = toLightCurve(
      withPast({ jd: 9, fid: 2, magpsf: 18.5, candid: 9n }, { jd: 8, fid: 1, diffmaglim: 20.5 }),
      [other, { jd: 5, fid: 3, magpsf: 19.5 }],
    );
    expect(jds(curve.detections)).toEqual([3, 5, 7, 9, 10]);
    expect(curve.detections[2]).toEqual({
      jd: 7,
      fid: 2,
      magpsf: 19,
      sigmapsf: null,
      positive: false,
      candid: 7n,
      programid: null,
    });
    expect(curve.nondetections).toEqual([
      { jd: 2, fid: 1, diffmaglim: 20 },
      { jd: 8, fid: 1, diffmaglim: 20.5 },
    ]);
  });

  it("leaves out what is later than the alert", () => {
    const later: Alert = {
      objectId: alert.objectId,
      candid: 7n,
      candidate: { jd: 10.001, fid: 2, magpsf: 17 },
      prv_candidates: [
        { jd: 9.5, fid: 2, magpsf: 17.5, candid: 95n },
        { jd: 10.0005, fid: 1, diffmaglim: 20 },
      ],
    };
    const curve = toLightCurve(withPast({ jd: 11, fid: 1, magpsf: 17, candid: 11n }), [
      later,
      { jd: 12, fid: 1, diffmaglim: 20 },
    ]);
    expect(jds(curve.detections)).toEqual([9.5, 10]);
    expect(curve.nondetections).toEqual([]);
  });

  it("leaves out other sources", () => {
    const stranger: Alert = {
      ...alert,
      objectId: "ZTF99bbbbbbb",
      candid: 7n,
      candidate: { jd: 5, fid: 1, magpsf: 15 },
    };
    expect(
      jds(
        toLightCurve(alert, [
          stranger,
          { jd: 6, fid: 1, magpsf: 15, objectId: "ZTF99bbbbbbb" },
          { jd: 7, fid: 1, magpsf: 16, objectId: alert.objectId },
        ]).detections,
      ),
    ).toEqual([7, 10]);
  });

  it("counts a point once: by id, or by exposure where an id is missing", () => {
    const same = { jd: 9, fid: 2, magpsf: 18.5, candid: 9n };
    expect(jds(toLightCurve(withPast(same), [same, alert, { ...alert.candidate }]).detections)).toEqual([9, 10]);
    // The id comes from whichever has it.
    const { candid: _, ...anonymous } = same;
    for (const [first, second] of [
      [same, anonymous],
      [anonymous, same],
    ]) {
      expect(toLightCurve(withPast(first), [second]).detections.map(({ candid }) => candid)).toEqual([9n, 100n]);
    }
    expect(jds(toLightCurve(withPast(anonymous, { ...anonymous, fid: 1 }), [anonymous]).detections)).toEqual([
      9, 9, 10,
    ]);
    // Two ids in one exposure are two detections.
    expect(jds(toLightCurve(withPast(same, { ...same, candid: 8n })).detections)).toEqual([9, 9, 10]);
    expect(
      toLightCurve(withPast({ jd: 8, fid: 1, diffmaglim: 20 }), [{ jd: 8, fid: 1, diffmaglim: 20 }]).nondetections,
    ).toHaveLength(1);
  });

  it("takes a missing, null or NaN magnitude for an upper limit, if there is a limit", () => {
    const past = [
      { jd: 1, fid: 1, diffmaglim: 20 },
      { jd: 2, fid: 1, magpsf: null, diffmaglim: 20 },
      { jd: 3, fid: 1, magpsf: NaN, diffmaglim: 20 },
      { jd: 4, fid: 1, magpsf: null, diffmaglim: null },
      { jd: 5, fid: 1, diffmaglim: NaN },
    ];
    const curve = toLightCurve(withPast(...past));
    expect(jds(curve.nondetections)).toEqual([1, 2, 3]);
    expect(jds(curve.detections)).toEqual([10]);
  });

  it("does not look at forced photometry", () => {
    expect(
      jds(toLightCurve({ ...alert, fp_hists: [{ jd: 5, fid: 1, forcediffimflux: 1000, magpsf: 17 }] }).detections),
    ).toEqual([10]);
  });

  it("takes points of one time in many bands each for itself", () => {
    const past = Array.from({ length: 300 }, (_, fid) => ({ jd: 5, fid, diffmaglim: 20 }));
    expect(toLightCurve(withPast(...past, ...past)).nondetections).toHaveLength(300);
  });
});
