import { toLightCurve } from "@btsbot/alert";
import { measureStamp, readStamps } from "@btsbot/cutout";
import { BTSBOT_V1, extractFeatures } from "@btsbot/features";

/** The features that are compared: all of BTSbot's. */
export const FEATURE_NAMES = BTSBOT_V1.features.map(({ name }) => name);

/** What is compared of the stamps. */
export const STAMP_NAMES = [
  "science median",
  "science noise",
  "template noise",
  "difference med.",
  "difference noise",
  "sci. neighbours",
  "tmpl. neighbours",
  "diff. neighbours",
  "part masked",
  "cut off (0, 1)",
  "science max/med",
  "templ. max/med",
  "diff. max/noise",
  "diff. min/noise",
  "science - templ.",
];

/** The features of an alert, history from its packet. */
export function featuresOf(alert) {
  return [...extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) }).values];
}

/** Figures of an alert's stamps, in the order of {@link STAMP_NAMES}; undefined where a template has the least float for NaN. */
export function stampFigures(alert) {
  const { science, template, difference } = readStamps(alert);
  const [s, t, d] = [science, template, difference].map(measureStamp);
  if (t.min < -1e30) return undefined;
  const noise = [science, template, difference].map(noiseOf);
  return [
    s.median,
    noise[0],
    noise[1],
    d.median,
    noise[2],
    ...[science, template, difference].map(likeness),
    s.nanCount / (s.width * s.height),
    s.width < 63 || s.height < 63 ? 1 : 0,
    s.max / s.median,
    t.max / t.median,
    d.max / noise[2],
    d.min / noise[2],
    s.median - t.median,
  ];
}

/** Quantiles in percent of the finite values, with straight lines between ranks. */
export function quantiles(values, percents) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return percents.map((percent) => {
    const at = (percent / 100) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return sorted.length === 0 ? NaN : low + (high - low) * (at - Math.floor(at));
  });
}

/** Deviation by the median of absolute deviations. */
function noiseOf({ pixels }) {
  const finite = [...pixels].filter(Number.isFinite);
  const [median] = quantiles(finite, [50]);
  return (
    1.4826 *
    quantiles(
      finite.map((value) => Math.abs(value - median)),
      [50],
    )[0]
  );
}

/** Correlation of neighbours along rows, of pixels within 4 deviations of the median. */
function likeness(stamp) {
  const { median } = measureStamp(stamp);
  const limit = 4 * noiseOf(stamp);
  let [products, pairs, squares, count] = [0, 0, 0, 0];
  stamp.pixels.forEach((value, index) => {
    const own = value - median;
    if (!(Math.abs(own) < limit)) return;
    squares += own * own;
    count += 1;
    const next = stamp.pixels[index + 1] - median;
    if (index % stamp.width === stamp.width - 1 || !(Math.abs(next) < limit)) return;
    products += own * next;
    pairs += 1;
  });
  return products / pairs / (squares / count);
}
