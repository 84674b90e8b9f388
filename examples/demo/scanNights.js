import { encodeAlerts } from "@btsbot/alert";
import { DEFAULT_MODEL } from "@btsbot/model";
import { createDecider } from "@btsbot/decide";
import { getPolicy } from "@btsbot/policy";
import { createScorerPool } from "@btsbot/pool";
import { simulateSurvey } from "@btsbot/simulate";

/** The policies of Rehemtulla et al. 2024, Section 4.1: both save a source and ask for its spectrum, the second with more urgency. */
export const POLICIES = ["bts_p1", "bts_p2"].map(getPolicy);

const decider = createDecider({ policies: POLICIES });

/**
 * What a scan knows of a source.
 *
 * @typedef {object} Source
 * @property {import("@btsbot/simulate").Truth} truth - what it is; the scan does not look at it
 * @property {{ jd: number, magpsf: number, score: number | undefined, alert: import("@btsbot/alert").Alert }[]} alerts - in the order of the nights
 * @property {(import("@btsbot/policy").Decision | undefined)[]} decisions - one for each policy that fired
 */

/**
 * Simulates nights, and scans them as a broker would: packets in, scores on all cores, policies one alert after another.
 *
 * @param {import("@btsbot/simulate").SurveyOptions} survey - which nights
 * @param {(alerts: number, sources: number) => void} onProgress - takes how far it is
 * @returns {Promise<{ sources: Source[], alerts: number, provenance: import("@btsbot/core").Provenance }>}
 */
export async function scanNights(survey, onProgress) {
  const sources = new Map();
  // Without models, the pool scores with the one that ships with the library.
  const pool = await createScorerPool({ batchSize: 16 });
  let alerts = 0;
  let provenance;
  for await (const outcome of pool.scoreAlerts(makePackets())) {
    if (!outcome.success) throw outcome.error;
    const result = outcome.data.scores[DEFAULT_MODEL];
    provenance ??= result.provenance;
    decide(sources.get(outcome.alert.objectId), outcome.alert, result.score);
    alerts += 1;
    onProgress(alerts, sources.size);
  }
  await pool.close();
  return { sources: [...sources.values()], alerts, provenance };

  function* makePackets() {
    for (const { alert, truth } of simulateSurvey(survey)) {
      if (!sources.has(truth.objectId)) sources.set(truth.objectId, { truth, alerts: [], decisions: [] });
      yield encodeAlerts([alert]);
    }
  }
}

function decide(source, alert, score) {
  const {
    objectId,
    candid,
    candidate: { jd, magpsf, fid },
  } = alert;
  source.alerts.push({ jd, magpsf, score, alert });
  const before = source.state;
  source.state = decider.count(before, { objectId, candid, jd, magpsf, fid, score });
  for (const decision of decider.decide(before, source.state))
    source.decisions[POLICIES.findIndex(({ name }) => name === decision.policy)] ??= decision;
}
