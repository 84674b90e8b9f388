/* global DOMParser, ImageData -- the page's own */
// An alert, or what is wrong with it, as elements of the page. All text goes in as text, never as markup.
import { toLightCurve } from "@btsbot/alert";
import { locateSource, readStamp, renderStamp } from "@btsbot/cutout";
import { CODES, toSafe } from "@btsbot/errors";
import { drawLightCurve, toLightCurvePoints } from "@btsbot/report";
import { formatJd } from "@btsbot/sky";

const STAMPS = { Science: "cutoutScience", Template: "cutoutTemplate", Difference: "cutoutDifference" };
const VIEW = { stretch: "asinh", interval: 99.5 };
const FILTERS = { 1: "g", 2: "r", 3: "i" };

/** Makes an element. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * Shows an alert: what it is, its stamps, its light curve, and what each model says of it.
 *
 * @param {import("@btsbot/alert").Alert} alert
 * @param {import("@btsbot/core").ScoredAlert | undefined} scored - absent where there is no model
 */
export function showAlert(alert, scored) {
  const { objectId, candid, candidate } = alert;
  const mag = Number.isFinite(candidate.magpsf) ? `${candidate.magpsf.toFixed(2)} mag` : "no magnitude";
  return element(
    "article",
    {},
    element("h2", {}, objectId),
    element("h3", {}, `${candid} · ${formatJd(candidate.jd)} UT · ${FILTERS[candidate.fid] ?? "?"} ${mag}`),
    element(
      "div",
      { class: "views" },
      element("div", { class: "stamps" }, ...Object.keys(STAMPS).map((name) => showStamp(alert, name))),
      showLightCurve(alert, scored),
    ),
    ...(scored ? [showScores(scored.scores)] : []),
  );
}

/** Shows an error: what its code means, and where and what. */
export function showError(title, error) {
  const meaning = CODES[error.code]?.meaning;
  const details = error.problems?.map(({ message }) => message) ?? [error.message];
  return element(
    "article",
    { class: "error", role: "alert" },
    element("h2", {}, title),
    ...(meaning ? [element("p", {}, meaning)] : []),
    ...details.map((detail) => element("p", { class: "soft" }, detail)),
  );
}

/** Each stamp by itself: one that is damaged does not hide the others. */
function showStamp(alert, name) {
  const path = STAMPS[name];
  const source = locateSource(alert.candidate);
  const drawn = alert[path]
    ? toSafe(() => renderStamp(readStamp(alert[path].stampData, { path }), { ...VIEW, source }))
    : undefined;
  const view = drawn?.success
    ? showPicture(drawn.data, `${name} stamp of ${alert.objectId}`)
    : element("div", { class: "absent" }, drawn ? CODES[drawn.error.code].meaning : "The alert carries no such stamp.");
  return element("figure", {}, view, element("figcaption", {}, name));
}

function showPicture({ width, height, pixels }, label) {
  const canvas = element("canvas", { width, height, role: "img", "aria-label": label });
  const rgba = new Uint8ClampedArray(4 * pixels.length);
  pixels.forEach((gray, i) => rgba.set([gray, gray, gray, 255], 4 * i));
  canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

function showLightCurve(alert, scored) {
  const { candid, objectId, candidate } = alert;
  const { detections, nondetections } = toLightCurve(alert);
  // With several models, the score of the first that gives one.
  const score = Object.values(scored?.scores ?? {}).find(
    ({ status, score }) => status === "scored" && score >= 0,
  )?.score;
  const svg = drawLightCurve(toLightCurvePoints({ detections, nondetections }, new Map([[candid, score]])), {
    // As wide as there is room, so that its letters are as large as those of the page.
    width: Math.max(280, Math.min(520, document.documentElement.clientWidth - 66)),
    label: `Light curve of ${objectId}: ${detections.length} detections, ${nondetections.length} upper limits.`,
    since: candidate.jd,
  });
  return document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
}

function showScores(scores) {
  const head = element("tr", {}, ...["Model", "Score", "Notes"].map((text) => element("th", { scope: "col" }, text)));
  const rows = Object.entries(scores).map(([model, result]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, model),
      element("td", {}, ...showResult(result)),
      element("td", {}, showNotes(result)),
    ),
  );
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

/** One score, or one for each class, or the words that there is none. */
function showResult(result) {
  if (result.status !== "scored") return [element("span", { class: "warning" }, "not scored")];
  if (result.classes === undefined) return [showBar(result.score, "")];
  return Object.entries(result.classes).map(([name, value]) => showBar(value, ` ${name}`));
}

function showBar(value, name) {
  const filled = element("i", value >= 0.5 ? { class: "high" } : {});
  filled.style.width = `${100 * value}%`;
  return element(
    "div",
    { class: "number" },
    element("span", { class: "bar", "aria-hidden": "true" }, filled),
    `${value.toFixed(4)}${name}`,
  );
}

function showNotes({ flags, reasons = [] }) {
  const notes = [
    ...reasons.map(({ code, message }) => `${CODES[code].meaning} ${message}.`),
    ...flags.map((flag) => CODES[flag]?.meaning ?? flag),
  ];
  return element("ul", {}, ...notes.map((note) => element("li", {}, note)));
}
