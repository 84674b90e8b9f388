import { getPolicy, stepPolicy } from "@btsbot/policy";

/** First date of what is made, JD. */
const FIRST = 2_460_000.75;
/** Points before the alert in a packet. */
const HELD = 11;
/** Days between alerts of a source. */
const STEP = 3;

const provenance = {
  model: "stub",
  version: "1",
  weightsSha256: "a".repeat(64),
  definitionSha256: "b".repeat(64),
  profile: "btsbot-v1",
  engine: "none",
  backend: "none",
  library: "0",
};

/** By what the benches of the loop and the store decide. */
export const policies = ["bts_p1", "bts_p2", "gt2"].map((name) => getPolicy(name));

/** The name of a source: as in the survey, those found one after the other lie beside each other. */
export function nameSource(source) {
  return `ZTF23${String(source).padStart(9, "0")}`;
}

/** An alert without stamps, with the points of thirty days before it. */
export function makeAlert(source, visit) {
  const jd = FIRST + STEP * visit;
  const candid = 2_000_000_000_000_000_000n + BigInt(visit);
  const prv_candidates = Array.from({ length: HELD }, (_, place) => {
    const before = place + 1;
    const point = { jd: jd - STEP * before, fid: 1 };
    return before > visit || before % 3 === 0
      ? { ...point, diffmaglim: 20.5 }
      : { ...point, candid: candid - BigInt(before), magpsf: 18.5, sigmapsf: 0.1, isdiffpos: "t", programid: 1 };
  });
  const magpsf = 17.5 + ((source * 7 + visit * 3) % 30) / 10;
  const candidate = { jd, fid: 1, magpsf, sigmapsf: 0.1, isdiffpos: "t", programid: 1, ra: 120, dec: 20 };
  return { objectId: nameSource(source), candid, candidate, prv_candidates };
}

/** What a model would say of an alert; nothing is run. */
export function judgeAlert(alert) {
  const score = (Number(alert.candid % 1000n) * 37 + alert.objectId.charCodeAt(13) * 11) % 100;
  return { file: "made", index: 0, alert, result: { status: "scored", score: score / 100, flags: [], provenance } };
}

/** What one alert of each of some sources changes, by the policies, from what is kept. */
export function makeChange(sources, visit, kept = new Map()) {
  const alerts = sources.map((source) => judgeAlert(makeAlert(source, visit)));
  const states = alerts.map(({ alert: { objectId, candid, candidate }, result: { score } }) => {
    const { jd, fid, magpsf, ra, dec } = candidate;
    const before = kept.get(objectId)?.state.policies ?? {};
    const after = policies.map((policy) => [
      policy.name,
      stepPolicy(policy, before[policy.name], { objectId, candid, jd, fid, magpsf, score, fields: {} }).state,
    ]);
    const latest = { jd, candid: String(candid), position: { ra, dec } };
    return [objectId, { policies: Object.fromEntries(after), latest }];
  });
  return { alerts, states: new Map(states), cursor: { source: "made", value: String(visit) } };
}
