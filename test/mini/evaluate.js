/**
 * Measures a model that train.js made: on the real packets beside the teacher, and on simulated alerts that no
 * training saw:
 *
 *     node test/mini/evaluate.js OUT [CONFIG]
 *
 * The real packets are in the data folder (`../shared/data`, or `BTSBOT_TEST_DATA`); training never reads them.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { backtest } from "@btsbot/evaluate";
import { readLayersModel } from "@btsbot/model";
import { getPolicy } from "@btsbot/policy";
import { createSimdEngine } from "@btsbot/simd";
import { openCache } from "@btsbot/weights";
import { makeAlerts } from "./makeAlerts.js";
import { readReal } from "./readReal.js";
import { splitTeacher } from "./splitTeacher.js";

const PIXELS = 63 * 63 * 3;
const [out, configPath = new URL("mini.json", import.meta.url)] = process.argv.slice(2);
const config = JSON.parse(readFileSync(configPath, "utf8"));
const dataFolder = process.env.BTSBOT_TEST_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
// Not from a cache, which would give the model that ships where there is none.
const model = await readLayersModel((file) => readFile(join(out, "models", config.name, file)));
const published = await splitTeacher(await openCache().load(config.teacher));
const mini = await createSimdEngine().prepare(model);
const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));
const results = {
  model: config.name,
  sha256: model.sha256,
  real: existsSync(dataFolder) ? await measureReal() : undefined,
  simulated: await measureSimulated(),
};
writeFileSync(join(out, "figures.json"), `${JSON.stringify(results, null, 1)}\n`);
const { disagreements, ...rest } = results.real ?? {};
process.stdout.write(`${JSON.stringify({ ...results, real: rest }, null, 1)}\n`);
for (const row of disagreements ?? []) process.stdout.write(`${JSON.stringify(row)}\n`);

/** Positive difference and braai over 0.5, as the paper's training set; and every packet that v1.0.1 can score. */
async function measureReal() {
  const alerts = await readReal(dataFolder);
  const scores = [];
  for (const { pixels, features } of alerts)
    scores.push((await mini.predict({ triplet: pixels, metadata: features }, 1))[0]);
  const rows = alerts.map(({ row, positive, features }, place) => ({
    objectId: row.objectId,
    candid: row.candid,
    mini: scores[place],
    teacher: row.scores[config.teacher],
    blind: seeNothing(features),
    wanted: positive && row.scores.braai_d6_m9 > 0.5,
  }));
  const wanted = rows.filter((row) => row.wanted);
  return { wanted: compare(wanted), all: compare(rows), disagreements: rows.filter(isApart) };
}

/** What v1.0.1 says of features alone, its image branch adding nothing: how much of an agreement no image is needed for. */
function seeNothing(features) {
  return sigmoid(published.combine(new Float32Array(8), features)[0]);
}

function compare(rows) {
  return { alerts: rows.length, ...compareAs("mini", rows), withoutImage: compareAs("blind", rows) };
}

function compareAs(key, rows) {
  const confusion = { both: 0, neither: 0, onlyMini: 0, onlyTeacher: 0 };
  for (const { [key]: own, teacher } of rows)
    confusion[own > 0.5 ? (teacher > 0.5 ? "both" : "onlyMini") : teacher > 0.5 ? "onlyTeacher" : "neither"]++;
  const shifts = rows.map(({ [key]: own, teacher }) => Math.abs(own - teacher)).sort((a, b) => a - b);
  return {
    sameSide: (confusion.both + confusion.neither) / rows.length,
    confusion,
    spearman: correlate(rank(rows.map(({ [key]: own }) => own)), rank(rows.map(({ teacher }) => teacher))),
    meanShift: shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length,
    medianShift: shifts[shifts.length >> 1],
    largestShift: shifts[shifts.length - 1],
  };
}

function isApart({ mini: own, teacher }) {
  return own > 0.5 !== teacher > 0.5;
}

/** Two weeks of a survey with another seed, each alert as it is: alerts, and sources under the paper's two policies. */
async function measureSimulated() {
  const survey = { nights: 14, sources: 370, seed: 900_000, start: 2460318.5 };
  const [{ alerts, opinions, pixels }] = await makeAlerts(
    [{ survey, views: 1, disturbed: null }],
    process.env.MINI_CACHE ?? join(out, "alerts"),
    config.teacher,
    () => undefined,
  );
  const rows = [];
  for (const [place, alert] of alerts.entries()) {
    const metadata = Float32Array.from(alert.features);
    const [own] = await mini.predict({ triplet: pixels.slice(place * PIXELS, (place + 1) * PIXELS), metadata }, 1);
    rows.push({
      ...alert,
      mini: own,
      teacher: sigmoid(published.combine(opinions.subarray(place * 8, place * 8 + 8), metadata)[0]),
      blind: seeNothing(metadata),
    });
  }
  const classes = [...new Set(rows.map((row) => row.class))];
  const medians = Object.fromEntries(
    classes.map((name) => [
      name,
      ["mini", "teacher"].map((key) => median(rows.filter((row) => row.class === name).map((row) => row[key]))),
    ]),
  );
  return {
    survey,
    ...compare(rows),
    bright: rows.filter(({ label }) => label === 1).length,
    mini: backtestAs("mini", rows),
    teacher: backtestAs("teacher", rows),
    medians,
  };
}

/** Area under the curve of all alerts, and what the policies make of those with a positive difference, as in the paper. */
function backtestAs(key, rows) {
  const toAlert = (row) => ({
    objectId: row.objectId,
    candid: BigInt(row.candid),
    jd: row.jd,
    fid: row.fid,
    magpsf: row.magpsf,
    score: row[key],
  });
  const truth = [...new Map(rows.map(({ objectId, label }) => [objectId, { objectId, label }])).values()];
  const replay = (chosen) => backtest([getPolicy("bts_p1"), getPolicy("bts_p2")], chosen.map(toAlert), truth);
  const { alerts } = replay(rows);
  const policies = replay(rows.filter(({ positive }) => positive)).policies.map(
    ({ policy, sources: { overall, excluded, withoutAlerts } }) => {
      return {
        policy,
        ...overall,
        excluded: {
          ...Object.fromEntries(excluded.map(({ rule, objectIds }) => [rule, objectIds.length])),
          "no-positive-difference": withoutAlerts.length,
        },
      };
    },
  );
  return { auc: alerts.roc.auc, accuracy: alerts.confusion.accuracy, policies };
}

function median(values) {
  return Number(values.sort((a, b) => a - b)[values.length >> 1].toPrecision(3));
}

/** Ranks from 0; equal values share theirs. */
function rank(values) {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && values[order[next]] === values[order[first]]) next++;
    for (let place = first; place < next; place++) ranks[order[place]] = (first + next - 1) / 2;
  }
  return ranks;
}

function correlate(a, b) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x, y, mx, my) => x.reduce((sum, value, place) => sum + (value - mx) * (y[place] - my), 0);
  return product(a, b, meanA, meanB) / Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
}
