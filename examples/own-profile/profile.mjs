// The features of profile.json that JSON could not say, were they not simple: a profile as a program.
import { BTSBOT_V1 } from "@btsbot/features";

/** A feature that is computed of the alert and of what is known of its source. */
function own(name, value) {
  return { name, unit: "", meaning: "", path: "history", value };
}

/** The latest magnitude in a filter. */
function latest({ detections }, filter) {
  return detections
    .filter(({ fid }) => fid === filter)
    .reduce((last, each) => (last?.jd > each.jd ? last : each), null);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const profile = {
  name: "thirty",
  source: "BTSbot's 25 features by its rules, and five more",
  features: [
    ...BTSBOT_V1.features,
    own("detections", ({ history }) => history.detections.length),
    own("rise", ({ alert, history }) => history.detections[0].magpsf - alert.candidate.magpsf),
    own("color", ({ history }) => {
      const [g, r] = [latest(history, 1), latest(history, 2)];
      return g === null || r === null ? 0 : g.magpsf - r.magpsf;
    }),
    own("median_mag", ({ alert, history }) =>
      median(history.detections.filter(({ jd }) => alert.candidate.jd - jd <= 10).map(({ magpsf }) => magpsf)),
    ),
    own("log_chi", ({ alert }) => Math.log10(Math.max(alert.candidate.chipsf, 0.001))),
  ],
};
