import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAlerts } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import { loadDefaultModel } from "@btsbot/model";
import { CLASSES, simulateSurvey } from "@btsbot/simulate";
import { dataFolder, describeMachine, readModel } from "./inputs.js";
import { drawTriplets } from "./drawTriplets.js";
import { FEATURE_NAMES, featuresOf, quantiles, STAMP_NAMES, stampFigures } from "./alertFigures.js";

const MODELS = [
  "btsbot-v1.0.1",
  "btsbot-v1.0",
  "btsbot-v0.3",
  "braai_d6_m9",
  "acai_h",
  "acai_n",
  "acai_v",
  "acai_o",
  "acai_b",
];
/** Those whose medians tell something. */
const SCORED = ["btsbot-mini", ...MODELS.filter((name) => name !== "braai_d6_m9")];
/** Models that tell classes, of which one is the right one. */
const ALERCE = ["alerce-stamp", "alerce-images", "alerce-images-reg"];
/** What ALeRCE calls each group. */
const ALERCE_CLASS = { transient: "SN", asteroid: "asteroid", nucleus: "AGN", star: "VS", bogus: "bogus" };
/** Short surveys over six years, so that moon, season and the survey's age are those of all times. */
const SURVEYS = 12;
const SOURCES = 80;
const DAYS_APART = 173;
const FIRST = 2458400.5;
/** Least, 10, 25, 50, 75, 90, greatest. */
const QUANTILES = [0, 10, 25, 50, 75, 90, 100];
const OUT = fileURLToPath(new URL("out", import.meta.url));

/** Simulated alerts beside the real packets: scores by class, quantiles of features and stamps, pictures. */
export async function simulation() {
  process.stdout.write(`\nsimulated alerts, ${describeMachine()}\n`);
  measureSpeed();
  const simulated = [...drawAll()].map(({ alert, truth }) => ({
    alert,
    group: groupOfClass(truth.class),
    name: truth.class,
  }));
  const real = [...readReal()];
  const scorer = await createScorer({
    models: [await loadDefaultModel(), ...(await Promise.all([...MODELS, ...ALERCE].map(readModel)))],
  });
  for (const list of [simulated, real]) await addScores(scorer, list);
  scorer.dispose();
  printScores(simulated);
  printRecognition(real, simulated);
  for (const group of ["transient", "asteroid", "nucleus or CV", "star"]) {
    printQuantiles(
      `features: ${group}`,
      FEATURE_NAMES,
      real.filter((each) => each.group === group),
      simulated.filter((each) => each.group === group),
      (alert) => featuresOf(alert),
    );
  }
  printQuantiles(
    "stamps, all but bogus",
    STAMP_NAMES,
    real,
    simulated.filter(({ group }) => group !== "bogus"),
    (alert) => stampFigures(alert),
  );
  mkdirSync(OUT, { recursive: true });
  writeFileSync(
    `${OUT}/simulated.png`,
    drawTriplets(
      pick(
        simulated,
        CLASSES.map(({ name }) => name),
        1,
      ),
    ),
  );
  const both = pick(real, ["transient", "asteroid", "nucleus or CV", "star"], 6, "group").flatMap(
    (each, index, all) => [each, pick(simulated, [...new Set(all.map(({ group }) => group))], 6, "group")[index]],
  );
  writeFileSync(`${OUT}/beside.png`, drawTriplets(both));
  process.stdout.write(
    `  pictures in ${OUT.slice(OUT.indexOf("test/bench"))}: simulated.png, beside.png (real left of simulated)\n`,
  );
}

function measureSpeed() {
  const before = process.cpuUsage();
  let alerts = 0;
  for (const { alert } of simulateSurvey({ nights: 3, sources: 500, seed: 7 })) alerts += alert.candid > 0n ? 1 : 0;
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(
    `  ${alerts} alerts of 500 sources in 3 nights: ${((alerts / (user + system)) * 1e6).toFixed(0)} a second of one core\n`,
  );
}

function* drawAll() {
  for (let survey = 0; survey < SURVEYS; survey += 1) {
    yield* simulateSurvey({ nights: 2, sources: SOURCES, seed: 6000 + survey, start: FIRST + survey * DAYS_APART });
  }
}

function groupOfClass(name) {
  const { kind } = CLASSES.find((each) => each.name === name);
  if (kind !== "variable") return kind;
  return ["AGN", "CV", "Nova"].includes(name) ? "nucleus or CV" : "star";
}

/** The real packets that have stamps, by what SIMBAD or their discoverers say they are. */
function* readReal() {
  const reference = JSON.parse(readFileSync(`${dataFolder}/reference/scores.json`, "utf8"));
  const files = new Map();
  for (const { file, index, objectId, cdsxmatch, error } of reference) {
    if (error !== undefined) continue;
    if (!files.has(file)) files.set(file, parseAlerts(new Uint8Array(readFileSync(`${dataFolder}/alerts/${file}`))));
    const alert = files.get(file)[index];
    yield { alert, group: groupOfReal(alert, objectId, cdsxmatch ?? ""), name: cdsxmatch ?? objectId };
  }
}

function groupOfReal({ candidate }, objectId, match) {
  if ((candidate.ssdistnr ?? -1) >= 0) return "asteroid";
  // Young, beside a galaxy, and many of them named as supernovae.
  const young = /^ZTF20aa(elulu|jcdad|hgyet|fcnby|lseuk|fsnpp|dyyvk|kyoez|jcbhr)$|^ZTF21aco(bels|shvy)$/;
  if (young.test(objectId)) return "transient";
  return /QSO|AGN|Seyf|CV|Radio|GinPair/.test(match) ? "nucleus or CV" : "star";
}

async function addScores(scorer, list) {
  let at = 0;
  for await (const outcome of scorer.scoreAlerts(list.map(({ alert }) => alert))) {
    list[at].scores = outcome.success
      ? Object.fromEntries(
          Object.entries(outcome.data.scores).map(([name, { score, classes }]) => [name, score ?? firstOf(classes)]),
        )
      : {};
    at += 1;
  }
}

/** The most probable class. */
function firstOf(classes) {
  return Object.entries(classes ?? {}).sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** How often ALeRCE's models call a source what it is, real ones beside simulated. */
function printRecognition(real, simulated) {
  process.stdout.write(`  recognised by ${ALERCE.join(", ")}: real; simulated\n`);
  // SIMBAD's active nuclei alone: cataclysmic variables are stars to ALeRCE.
  const groups = {
    transient: (each) => each.group === "transient",
    asteroid: (each) => each.group === "asteroid",
    nucleus: ({ name }) => name === "AGN" || /QSO|AGN|Seyf/.test(name),
    star: (each) => each.group === "star",
    bogus: (each) => each.group === "bogus",
  };
  for (const [group, test] of Object.entries(groups)) {
    const cells = [real, simulated].map((list) => {
      const own = list.filter(test);
      return ALERCE.map((model) => {
        const scored = own.filter(({ scores }) => scores[model] !== undefined);
        const right = scored.filter(({ scores }) => scores[model] === ALERCE_CLASS[group]).length;
        return scored.length === 0 ? "-" : `${((100 * right) / scored.length).toFixed(0)} % of ${scored.length}`;
      }).join(", ");
    });
    process.stdout.write(`    ${group.padEnd(10)} ${cells.join("; ")}\n`);
  }
}

function printScores(simulated) {
  process.stdout.write(
    `  ${"class".padEnd(24)} alerts  braai>0.5  medians: ${SCORED.join("  ")}   btsbot-v1.0.1>0.5\n`,
  );
  const rows = [
    ...CLASSES.map(({ name }) => [name, (each) => each.name === name]),
    ["all but bogus", ({ group }) => group !== "bogus"],
    ["bogus", ({ group }) => group === "bogus"],
  ];
  for (const [name, test] of rows) {
    const list = simulated.filter(test);
    const part = (model) => (list.filter(({ scores }) => scores[model] > 0.5).length / list.length).toFixed(3);
    const medians = SCORED.map((model) =>
      quantiles(
        list.map(({ scores }) => scores[model]),
        [50],
      )[0]
        .toFixed(4)
        .padStart(8),
    );
    process.stdout.write(
      `  ${name.padEnd(24)} ${String(list.length).padStart(6)}  ${part("braai_d6_m9").padStart(9)}           ${medians.join("  ")}   ${part("btsbot-v1.0.1")}\n`,
    );
  }
}

function printQuantiles(title, names, real, simulated, figures) {
  const [ours, theirs] = [simulated, real].map((list) => list.map(({ alert }) => figures(alert)).filter(Boolean));
  process.stdout.write(
    `  ${title}: ${theirs.length} real, ${ours.length} simulated; quantiles ${QUANTILES.join(", ")}\n`,
  );
  names.forEach((name, index) => {
    const row = (list) =>
      quantiles(
        list.map((each) => each[index]),
        QUANTILES,
      )
        .map((value) => value.toPrecision(3).padStart(9))
        .join("");
    process.stdout.write(`    ${name.padEnd(16)} real ${row(theirs)}\n    ${"".padEnd(16)} sim  ${row(ours)}\n`);
  });
}

/** The first alerts of each name, of different sources. */
function pick(list, names, count, key = "name") {
  return names.flatMap((name) => {
    const seen = new Set();
    return list
      .filter((each) => each[key] === name && !seen.has(each.alert.objectId) && seen.add(each.alert.objectId))
      .slice(0, count);
  });
}
