// Draws a light curve as SVG text: for the page and the notebook, or anything else that shows SVG.

const WIDTH = 640;
const PLOT_HEIGHT = 220;
const LINE = 20;
const MARGIN = { right: 14, bottom: 46, left: 56 };
/** Least range of magnitudes, so that noise does not fill the plot, and of days, so that one night is seen as one. */
const MIN_MAG = 1;
const MIN_DAYS = 1;
/** Filters by `fid`: a color that shows on white and on black, and a shape for who sees no color. */
const FILTERS = {
  1: { name: "g", color: "#2f9e5f", mark: (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"/>` },
  2: { name: "r", color: "#e0524d", mark: (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>` },
  3: { name: "i", color: "#b8860b", mark: (x, y) => `<path d="M${x} ${y - 6}l6 6-6 6-6-6z"/>` },
};
const UNKNOWN = { name: "?", color: "#808080", mark: FILTERS[1].mark };
const limitMark = (x, y) => `<path d="M${x - 5} ${y - 4}h10l-5 8z"/>`;

/**
 * Draws detections with their errors and upper limits against days before the alert; bright is up.
 *
 * @param {import("@btsbot/alert").LightCurve} curve
 * @param {{ jd: number, title: string, lines?: readonly string[] }} about - the alert's Julian date; a title; lines below it
 * @returns {string} SVG text; what is drawn is also said in words, in its label
 */
export function drawLightCurve({ detections, nondetections }, { jd, title, lines = [] }) {
  const points = [
    ...nondetections.map(({ diffmaglim: mag, ...point }) => ({ ...point, mag, error: 0, limit: true })),
    ...detections.map(({ magpsf: mag, sigmapsf, positive, ...point }) => ({
      ...point,
      mag,
      error: sigmapsf ?? 0,
      hollow: positive === false,
    })),
  ].map((point) => ({ ...point, days: point.jd - jd, filter: FILTERS[point.fid] ?? UNKNOWN }));
  const top = LINE * (lines.length + 2);
  const height = top + PLOT_HEIGHT + MARGIN.bottom;
  const x = scale([...points.map(({ days }) => days), -MIN_DAYS, 0], 0, [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scale(
    points.flatMap(({ mag, error }) => [mag - error, mag + error]),
    MIN_MAG,
    [top, top + PLOT_HEIGHT],
  );
  const label = `${title}. ${describe(detections, nondetections)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="${escape(label)}" style="max-width:100%;height:auto" font-family="system-ui, sans-serif" font-size="14" fill="currentColor">
${[title, ...lines].map((line, row) => `<text x="${MARGIN.left}" y="${LINE * (row + 1) - 4}"${row === 0 ? ' font-weight="600"' : ""}>${escape(line)}</text>`).join("\n")}
${legend(points)}
${x.ticks.map((tick) => `<path d="M${x(tick)} ${top}V${top + PLOT_HEIGHT}" stroke="currentColor" opacity="0.15"/><text x="${x(tick)}" y="${top + PLOT_HEIGHT + 18}" text-anchor="middle">${x.format(tick)}</text>`).join("\n")}
${y.ticks.map((tick) => `<path d="M${MARGIN.left} ${y(tick)}H${WIDTH - MARGIN.right}" stroke="currentColor" opacity="0.15"/><text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end">${y.format(tick)}</text>`).join("\n")}
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${height - 6}" text-anchor="middle">days from the alert</text>
<text transform="translate(14 ${top + PLOT_HEIGHT / 2}) rotate(-90)" text-anchor="middle">magnitude</text>
${points.map((point) => draw(point, x, y)).join("\n")}
</svg>`;
}

function draw({ days, mag, error, limit, hollow, filter }, x, y) {
  const said = limit
    ? `${filter.name} fainter than ${mag.toFixed(2)}`
    : `${filter.name} ${mag.toFixed(2)} ± ${error.toFixed(2)}${hollow ? ", fainter than the template" : ""}`;
  const bar = limit ? "" : `<path d="M${x(days)} ${y(mag - error)}V${y(mag + error)}"/>`;
  const look = limit ? 'fill="none" opacity="0.65"' : `fill="${hollow ? "none" : filter.color}"`;
  const mark = (limit ? limitMark : filter.mark)(x(days), y(mag));
  return `<g stroke="${filter.color}" stroke-width="1.4" ${look}><title>${said}, ${days.toFixed(2)} days</title>${bar}${mark}</g>`;
}

/** The filters that are there, and what an upper limit looks like, from the right. */
function legend(points) {
  const filters = [...new Set(points.map(({ filter }) => filter))];
  const entries = filters.map(({ name, color, mark }) => ({ name, look: `fill="${color}"`, mark }));
  if (points.some(({ limit }) => limit))
    entries.push({ name: "limit", look: 'fill="none" stroke="currentColor"', mark: limitMark });
  let right = WIDTH - MARGIN.right;
  return entries
    .reverse()
    .map(({ name, look, mark }) => {
      const at = (right -= 26 + 8 * name.length);
      return `<g ${look}>${mark(at, LINE - 8)}</g><text x="${at + 10}" y="${LINE - 4}">${name}</text>`;
    })
    .join("");
}

function describe(detections, nondetections) {
  const mags = detections.map(({ magpsf }) => magpsf);
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const [bright, faint] = [Math.min(...mags).toFixed(2), Math.max(...mags).toFixed(2)];
  const range =
    mags.length === 0 ? "" : bright === faint ? ` at magnitude ${bright}` : ` between magnitude ${bright} and ${faint}`;
  return `${count(detections.length, "detection")}${range}, ${count(nondetections.length, "upper limit")}.`;
}

/** A linear scale from the values' range, widened a little, to pixels, with its ticks. */
function scale(values, least, [from, to]) {
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 0];
  const lacking = Math.max(0, least - (high - low)) / 2 + 0.05 * Math.max(least, high - low);
  const [start, span] = [low - lacking, high - low + 2 * lacking];
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= span / 6);
  const first = Math.ceil(start / step);
  const ticks = Array.from({ length: Math.floor((start + span) / step) - first + 1 }, (_, i) => (first + i) * step);
  const map = (value) => Math.round((from + ((value - start) / span) * (to - from)) * 10) / 10;
  return Object.assign(map, { ticks, format: (tick) => tick.toFixed(step < 1 ? Math.ceil(-Math.log10(step)) : 0) });
}

function escape(text) {
  return text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character]);
}
