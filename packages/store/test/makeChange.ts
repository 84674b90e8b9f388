import type { Change, JudgedAlert } from "@btsbot/decide";
import { getPolicy, stepPolicy } from "@btsbot/policy";

/** First date of what is made, JD. */
export const FIRST = 2_460_000.75;
const POLICY = getPolicy("gt2");

/** An alert of a source and a night, with a history of the nights before, scored. */
export function makeJudged(objectId: string, night: number, history = 11): JudgedAlert {
  const candid = 2_000_000_000_000_000_000n + BigInt(night);
  const prv_candidates = Array.from({ length: history }, (_, back) => ({
    jd: FIRST + night - back - 1,
    fid: 1 + (back % 2),
    ...(back % 3 === 0
      ? { diffmaglim: 20.5 }
      : { candid: candid - BigInt(back) - 1n, magpsf: 18.5, sigmapsf: 0.1, isdiffpos: "t", programid: 1 }),
  }));
  const candidate = {
    jd: FIRST + night,
    fid: 1,
    magpsf: 18.2,
    sigmapsf: 0.1,
    isdiffpos: "t",
    programid: 1,
    ra: 120,
    dec: 20,
  };
  const provenance = { model: "stub", version: "1", engine: "none" } as never;
  return {
    file: "made",
    alert: { objectId, candid, candidate, prv_candidates },
    result: { status: "scored", score: 0.9, flags: [], provenance },
  };
}

/** What a batch of one alert of each of some sources changes: states, alerts, a decision and an action each, the cursor. */
export function makeChange(objectIds: readonly string[], night: number, history = 11): Change {
  const alerts = objectIds.map((objectId) => makeJudged(objectId, night, history));
  return {
    alerts,
    states: new Map(
      alerts.map(({ alert: { objectId, candid, candidate } }) => {
        const { jd, ra, dec } = candidate;
        const { state } = stepPolicy(POLICY, undefined, { objectId, candid, jd, fid: 1, magpsf: 18.2, score: 0.9 });
        const latest = { jd, candid: String(candid), position: { ra: ra!, dec: dec! } };
        return [objectId, { policies: { gt2: state }, latest }];
      }),
    ),
    entries: objectIds.flatMap((objectId) =>
      (["decision", "action"] as const).map((kind) => ({ kind, key: `${objectId}/gt2`, objectId, body: { night } })),
    ),
    cursor: { source: "made", value: String(night) },
  };
}
