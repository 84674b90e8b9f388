import { bestScore, brightest, countReasons, formatUt, isPicked, isWanted, pickedAt } from "./judge.js";
import { POLICIES } from "./scanNights.js";
import { paint } from "./terminal.js";

const COLUMNS = ["source", "mag", "score", ...POLICIES.map(({ name }) => name), "", "truth"];
const RIGHT = ["mag", "score"];

/**
 * What the policies picked, in the order in which they did, beside the truth, and what they missed.
 *
 * @param {Awaited<ReturnType<typeof import("./scanNights.js").scanNights>>} scan
 * @returns {string} lines for a terminal
 */
export function makeTable({ sources, alerts, provenance }) {
  const picked = sources.filter(isPicked).sort((a, b) => pickedAt(a) - pickedAt(b));
  const right = picked.filter(isWanted).length;
  const missed = sources.filter((source) => isWanted(source) && !isPicked(source));
  const rows = picked.map((source) => [
    source.truth.objectId,
    brightest(source).magpsf.toFixed(2),
    bestScore(source).toFixed(3),
    ...POLICIES.map((_, place) => (source.decisions[place] ? formatUt(source.decisions[place].jd) : "")),
    isWanted(source) ? "✓" : "✗",
    describeTruth(source.truth),
  ]);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [
    `${alerts} alerts of ${sources.length} sources, scored by ${provenance.model} ${provenance.version}.`,
    "Saved, and a spectrum asked for: bts_p1 at priority 1, bts_p2 at priority 2; times are UT.",
    "",
    paint("bold", layRow(COLUMNS, widths)),
    ...rows.map((row) => layRow(row, widths, row.includes("✓") ? "green" : "red")),
    "",
    `${paint("green", "✓")} ${right} of ${picked.length} are what the survey wants: a supernova or TDE that peaks at 18.5 mag or brighter.`,
    `  ${missed.length} more of these had alerts and were not picked${missed.length > 0 ? ":" : "."}`,
    ...countReasons(missed).map((line) => `    ${line}`),
  ].join("\n");
}

/** What a source is, for people. */
export function describeTruth({ class: name, peakmag, peakjd, redshift }) {
  if (redshift === null) return name;
  return `${name} at z ${redshift.toFixed(3)}, peak ${peakmag.toFixed(1)} on ${formatUt(peakjd).slice(0, 6)}`;
}

function layRow(cells, widths, color) {
  return cells
    .map((cell, column) => {
      const text = RIGHT.includes(COLUMNS[column]) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
      return cell === "✓" || cell === "✗" ? paint(color, text) : text;
    })
    .join("  ")
    .trimEnd();
}
