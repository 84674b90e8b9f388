import { readFileSync } from "node:fs";
import { toLightCurve } from "@btsbot/alert";
import { encodePng, locateSource, readStamps, renderTriplet } from "@btsbot/cutout";
import { drawLightCurve, toLightCurvePoints } from "@btsbot/report";
import { CLASSES } from "@btsbot/simulate";
import { bestScore, brightest, countReasons, formatUt, isPicked, isWanted, pickedAt, whyNot } from "./judge.js";
import { describeTruth } from "./makeTable.js";
import { POLICIES } from "./scanNights.js";

const style = readFileSync(new URL("style.css", import.meta.url), "utf8");
/** What the survey wants peaks at this magnitude or brighter: Rehemtulla et al. 2024, Section 2. */
const LIMIT = 18.5;
/** Missed sources that are drawn; the others are counted. */
const MAX_MISSED = 9;

/**
 * The page: what was picked, what was missed, and the best of what was left alone, each with stamps, light curve and reasons.
 *
 * @param {Awaited<ReturnType<typeof import("./scanNights.js").scanNights>>} scan
 * @param {{ nights: number, seed: number }} survey
 * @returns {string} HTML that loads nothing from elsewhere
 */
export function makePage({ sources, alerts, provenance }, { nights, seed }) {
  const picked = sources.filter(isPicked).sort((a, b) => pickedAt(a) - pickedAt(b));
  const missed = sources
    .filter((source) => isWanted(source) && !isPicked(source))
    .sort((a, b) => brightest(a).magpsf - brightest(b).magpsf);
  const others = bestOfEachClass(sources.filter((source) => !isWanted(source) && !isPicked(source)));
  const numbers = [
    [alerts, "alerts"],
    [sources.length, "sources"],
    ...POLICIES.map(({ name, priority }, place) => [
      sources.filter(({ decisions }) => decisions[place]).length,
      `${name}: spectrum at priority ${priority}`,
    ]),
    [`${picked.filter(isWanted).length} of ${picked.length}`, "picked that are wanted"],
    [missed.length, "wanted, not picked"],
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${nights} nights, scanned by btsbot</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Three nights, scanned</h1>
<p>Every alert is <strong>synthetic</strong>: simulated from seed ${seed} by @btsbot/simulate, as packets of the survey's format. Each was read,
scored by ${escapeHtml(`${provenance.model} ${provenance.version}`)} (weights ${provenance.weightsSha256.slice(0, 8)}…) and shown to two policies of the Bright
Transient Survey. Wanted is a supernova or tidal disruption event that peaks at 18.5&nbsp;mag or brighter; neither model nor policy is told.</p>
<dl class="numbers">${numbers.map(([number, what]) => `<div><dt>${what}</dt><dd>${number}</dd></div>`).join("")}</dl>
</header>
<main>
${section("Saved, and a spectrum asked for", "In the order of the decisions. The dashed line is the moment at which a policy fired; filled points scored 0.5 or more.", picked)}
${section("Wanted, and not picked", `${countReasons(missed).join(", ")}.${missed.length > MAX_MISSED ? ` The ${MAX_MISSED} brightest:` : ""}`, missed.slice(0, MAX_MISSED))}
${section("Left alone", "Of each class what came nearest: the source with the highest score.", others)}
<section><h2>By class</h2><div class="scroll">${classTable(sources)}</div></section>
</main>
</body>
</html>
`;
}

function section(title, text, sources) {
  if (sources.length === 0) return "";
  return `<section><h2>${title}</h2>${text && `<p>${text}</p>`}<div class="cards">${sources.map(card).join("\n")}</div></section>`;
}

function card(source) {
  const { truth, decisions } = source;
  const fired = decisions.filter((decision) => decision !== undefined);
  const verdict = isPicked(source) ? (isWanted(source) ? "right" : "wrong") : isWanted(source) ? "missed" : "left";
  const shown = brightest(source);
  return `<article class="${verdict}">
<h3>${truth.objectId}<span>${escapeHtml(describeTruth(truth))}</span></h3>
<div class="stamps" role="img" aria-label="Stamps of ${truth.objectId} on ${formatUt(shown.jd)}: science, template, difference" style="${drawStamps(shown.alert)}">
<i></i><i></i><i></i><span>science</span><span>template</span><span>difference</span></div>
${drawCurve(source, fired)}
<ul>${fired.length > 0 ? describeDecisions(fired) : `<li>Not picked: it ${whyNot(source)}.<ol><li>Highest score ${bestScore(source)?.toFixed(3) ?? "none"}</li></ol></li>`}</ul>
</article>`;
}

/** The decisions with their reasons; what both policies ask for is told once. */
function describeDecisions(decisions) {
  const told = new Set();
  return decisions
    .map(({ policy, action, priority, jd, reasons }) => {
      const fresh = reasons.filter((reason) => !told.has(reason));
      for (const reason of fresh) told.add(reason);
      return `<li><b>${policy}</b> ${action}, priority ${priority}, ${formatUt(jd)}<ol>${fresh.map((reason) => `<li>${escapeHtml(reason)}</li>`).join("")}</ol></li>`;
    })
    .join("");
}

/** One picture of three stamps, of which the page shows each in a frame of its own. */
function drawStamps(alert) {
  const source = locateSource(alert.candidate);
  const picture = renderTriplet(readStamps(alert), { source, stretch: "asinh", interval: 99.8 });
  return `--triplet: url(data:image/png;base64,${Buffer.from(encodePng(picture)).toString("base64")})`;
}

function drawCurve({ truth, alerts }, fired) {
  const scores = new Map(alerts.map(({ score, alert }) => [alert.candid, score]));
  const curve = toLightCurve(
    alerts.at(-1).alert,
    alerts.map(({ alert }) => alert),
  );
  return drawLightCurve(toLightCurvePoints(curve, scores), {
    width: 380,
    label: `Light curve of ${truth.objectId}`,
    lines: [{ magnitude: LIMIT, name: `${LIMIT} mag, the survey's limit` }],
    firings: fired.map(({ policy, jd }) => ({ policy, jd })),
  });
}

function bestOfEachClass(sources) {
  return CLASSES.flatMap(({ name }) => {
    const ofClass = sources.filter(({ truth }) => truth.class === name);
    return ofClass.sort((a, b) => (bestScore(b) ?? 0) - (bestScore(a) ?? 0)).slice(0, 1);
  });
}

function classTable(sources) {
  const rows = CLASSES.flatMap(({ name }) =>
    [1, 0].flatMap((label) => {
      const ofClass = sources.filter(({ truth }) => truth.class === name && truth.label === label);
      if (ofClass.length === 0) return [];
      const scores = ofClass
        .map(bestScore)
        .filter((score) => score !== undefined)
        .sort((a, b) => a - b);
      const counts = POLICIES.map((_, place) => ofClass.filter(({ decisions }) => decisions[place]).length);
      return [
        [
          `${name}${label === 1 ? ", wanted" : ""}`,
          ofClass.length,
          ofClass.reduce((sum, { alerts }) => sum + alerts.length, 0),
          scores[Math.floor(scores.length / 2)]?.toFixed(3) ?? "",
          ...counts,
        ],
      ];
    }),
  );
  const head = ["class", "sources", "alerts", "median of highest scores", ...POLICIES.map(({ name }) => name)];
  return `<table><thead><tr>${head.map((title) => `<th>${title}</th>`).join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")}</tbody></table>`;
}

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
}
