import type { Confusion, Delay, Night, PeakBin } from "@btsbot/evaluate";
import {
  drawCalibration,
  drawConfusion,
  drawCostCurve,
  drawCurves,
  drawDelays,
  drawLightCurve,
  drawNights,
  drawPeakRates,
  drawRoc,
  drawSearch,
} from "@btsbot/report";

export const confusion: Confusion = {
  threshold: { score: 0.5, rule: "at-least" },
  truePositives: 1860,
  falsePositives: 841,
  falseNegatives: 65,
  trueNegatives: 4618,
  truePositiveRate: 1860 / 1925,
  trueNegativeRate: 4618 / 5459,
};

export const roc = {
  count: 7384,
  confusion,
  calibration: [],
  roc: {
    auc: 0.9674,
    points: [
      { threshold: null, falsePositiveRate: 0, truePositiveRate: 0 },
      { threshold: 0.5, falsePositiveRate: 0.1, truePositiveRate: 0.9 },
      { threshold: 0, falsePositiveRate: 1, truePositiveRate: 1 },
    ],
  },
};

export const bins: PeakBin[] = [
  {
    low: 17,
    high: 17.25,
    truePositives: 9,
    falsePositives: 3,
    falseNegatives: 1,
    trueNegatives: 4,
    completeness: 0.9,
    purity: 0.75,
  },
  { low: 17.25, high: 17.5, truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 3 },
  {
    low: 17.5,
    high: 17.75,
    truePositives: 20,
    falsePositives: 0,
    falseNegatives: 0,
    trueNegatives: 1,
    completeness: 1,
    purity: 1,
  },
];

export const nights: Night[] = [
  { nid: 1704, requests: 2 },
  { nid: 1705, requests: 0 },
  { nid: 1709, requests: 4 },
];

export const curve = [
  { jd: 2459458.7, magnitude: 20.4, fid: 2, isLimit: true },
  { jd: 2459460.8, magnitude: 18.9, fid: 1, score: 0.7, error: 0.1 },
  { jd: 2459462.8, magnitude: 18.4, fid: 2, score: 0.3 },
  { jd: 2459464.8, magnitude: 18.6, fid: 3 },
];

const best = {
  score: 0.7,
  count: 2,
  magpsf: 19,
  truePositives: 9,
  falsePositives: 1,
  falseNegatives: 1,
  trueNegatives: 9,
  completeness: 0.9,
  purity: 0.9,
  requestsPerNight: 1.2,
};
const tuned = {
  best,
  candidates: [best, { ...best, score: 0.5, purity: 0.6, requestsPerNight: 2 }],
  searchedSources: 20,
  heldOutSources: 20,
};

export const cost = [
  {
    threshold: 0,
    requests: 20,
    requestsPerNight: 2,
    truePositives: 9,
    falsePositives: 9,
    completeness: 0.9,
    purity: 0.5,
  },
  {
    threshold: 0.8,
    requests: 10,
    requestsPerNight: 1,
    truePositives: 8,
    falsePositives: 2,
    completeness: 0.8,
    purity: 0.8,
  },
];
const delay = (days: number): Delay => ({ objectId: "a", days });

/** Every figure, with data. */
export const FIGURES: Readonly<Record<string, () => string>> = {
  drawRoc: (): string => drawRoc(roc),
  drawConfusion: (): string => drawConfusion(confusion),
  drawCalibration: (): string =>
    drawCalibration([{ low: 0.9, high: 1, count: 12_345, meanScore: 0.96, positiveFraction: 0.95 }]),
  drawPeakRates: (): string => drawPeakRates(bins),
  drawDelays: (): string =>
    drawDelays(
      { values: [-1.5, -0.25, 0.1, 0.1, 2].map(delay), median: 0.1, unknown: 0, tooEarly: 0 },
      { against: "trigger" },
    ),
  drawNights: (): string => drawNights({ nights, total: 6, mean: 2, median: 2, max: 4 }),
  drawCostCurve: (): string =>
    drawCostCurve([
      { name: "a<b", data: cost },
      { name: "gt1", data: cost.slice(1) },
    ]),
  drawSearch: (): string => drawSearch(tuned, { completeness: 0.85 }),
  "drawSearch, budget": (): string => drawSearch(tuned, { requestsPerNight: 1.5 }),
  drawLightCurve: (): string => drawLightCurve(curve, { firings: [{ policy: '"p" & <q>', jd: 2459460.8 }] }),
  drawCurves: (): string =>
    drawCurves(
      [
        { epoch: 1, loss: 0.6, accuracy: 0.7 },
        { epoch: 2, loss: 0.4, validationLoss: 0.5, accuracy: 0.8 },
      ],
      { bestEpoch: 2 },
    ),
};

/** Every figure without data, and what it says. */
export const EMPTY: Readonly<Record<string, readonly [() => string, string]>> = {
  "drawRoc, nothing": [
    (): string => drawRoc({ count: 0, confusion: none(), calibration: [] }),
    "No ROC curve: no scored alerts of known sources.",
  ],
  "drawRoc, no transients": [
    (): string => drawRoc({ count: 2, confusion: { ...none(), trueNegatives: 2 }, calibration: [] }),
    "No ROC curve: no alerts of bright transients.",
  ],
  "drawRoc, transients only": [
    (): string => drawRoc({ count: 2, confusion: { ...none(), truePositives: 2 }, calibration: [] }),
    "no alerts of anything but bright transients.",
  ],
  drawConfusion: [(): string => drawConfusion(none()), "No confusion matrix: nothing was classified."],
  drawCalibration: [(): string => drawCalibration([]), "No calibration: no scored alerts of known sources."],
  drawPeakRates: [(): string => drawPeakRates([bins[1]]), "no source peaks in the bins."],
  "drawDelays, nothing": [
    (): string => drawDelays({ values: [], unknown: 0, tooEarly: 0 }, { against: "save" }),
    "No save delays: no true positives.",
  ],
  "drawDelays, too early": [
    (): string => drawDelays({ values: [], unknown: 1, tooEarly: 2 }, { against: "trigger" }),
    "No trigger delays: of 3 true positives 1 has no known time, 2 were acted on too early to count.",
  ],
  drawNights: [(): string => drawNights({ nights: [], total: 0 }), "No requests by night: no nights with alerts."],
  drawCostCurve: [(): string => drawCostCurve([]), "No cost curve: no bright transients"],
  drawLightCurve: [
    (): string => drawLightCurve([{ jd: NaN, magnitude: 18 }]),
    "No light curve: no alert with a date and a magnitude.",
  ],
  drawSearch: [
    (): string => drawSearch({ candidates: [], searchedSources: 0, heldOutSources: 0 }, { completeness: 1 }),
    "No search: no candidate picked a source that counts.",
  ],
  drawCurves: [(): string => drawCurves([]), "No training curves: no epochs."],
};

function none(): Confusion {
  return {
    threshold: { score: 0.5, rule: "above" },
    truePositives: 0,
    falsePositives: 0,
    falseNegatives: 0,
    trueNegatives: 0,
  };
}
