// npm run demo [-- [--from DIR] [FILE|FOLDER...]]
//
// From a fresh clone to scores: installs and builds what is missing, fetches BTSbot v1.0.1, scores alerts
// and draws them. Without arguments it scores a few invented alerts that it makes itself.
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setup } from "../test/setup.js";

const MODEL = "btsbot-v1.0.1";
const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "examples", "out");
/** Three pixels for one of a stamp, faint things lifted, bright ones not washed out. */
const VIEW = { scale: 3, stretch: "asinh", interval: 99.8 };
/** More triplets than these do not fit a screen. */
const MAX_PICTURES = 12;
/** Width of the bar that shows the score, and of the space around things, pixels of the picture. */
const [BAR, SPACE] = [10, 12];
const COLUMNS = 2;

const USAGE = "npm run demo [-- [--from DIR] [FILE|FOLDER...]]   (--from: a folder that holds the model's archive)";

process.exitCode = await start();

async function start() {
  const options = { from: { type: "string" }, help: { type: "boolean", short: "h" } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (!values.help) return await demo(positionals, values.from);
    say(USAGE);
    return 0;
  } catch (error) {
    if (!String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
    process.stderr.write(`${error.message}\n${USAGE}\n`);
    return 2;
  }
}

async function demo(given, from) {
  setup();
  // Only now can the packages be imported.
  const { runCli } = await import("btsbot");
  const io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env };
  if (!(await pull(runCli, io, from))) return 1;

  mkdirSync(out, { recursive: true });
  const paths = given.length > 0 ? given : await writeSynthetic();
  say(`Scoring with ${MODEL}, the production model of the survey's scanner:\n`);
  const status = await runCli(["score", "--format", "table", "--model", MODEL, ...paths], io);
  if (status === 2) return status;

  const scores = join(out, "scores.jsonl");
  await runCli(["score", "--format", "jsonl", "--model", MODEL, ...paths], { ...io, stdout: fileOutput(scores), stderr: { write: () => true } });
  const picture = join(out, "triplets.png");
  const { drawn, scored } = await drawTriplets(scores, picture);
  say(`\n${show(scores)}   the same for programs: scores, flags, reasons, provenance`);
  if (drawn > 0) say(`${show(picture)}   science, template, difference of ${drawn < scored ? `the first ${drawn} of ` : ""}${scored} scored alerts, in order; the bar is the score`);
  say("\nYour own alerts: npm run demo -- FILE|FOLDER...   The command: node packages/btsbot/dist/cli.js --help");
  return status;
}

/** Fetches the model unless it is here: from a mirror where there is one, else from its public address. */
async function pull(runCli, io, from) {
  const beside = join(root, "..", "shared", "data", "models");
  const mirror = from ?? process.env.BTSBOT_MIRROR ?? (existsSync(beside) ? beside : undefined);
  const status = await runCli(["models", "pull", MODEL, ...(mirror ? ["--from", mirror] : [])], io);
  if (status === 0) return true;
  say(`
${MODEL} is not here, and could not be fetched${mirror ? ` from the mirror ${mirror}` : " from its public address"}.
To go on, either
  - connect to the internet and run npm run demo again, or
  - copy v1.0.1.tar.gz of github.com/nabeelre/BTSbot (production_models/) into a folder DIR, and run
      npm run demo -- --from DIR      (or set BTSBOT_MIRROR=DIR)`);
  return false;
}

/** Makes packets and says what they are. */
async function writeSynthetic() {
  const { makePackets } = await import("./makePackets.js");
  const folder = join(out, "alerts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packets = makePackets();
  const lines = packets.map(({ name, story }) => `  ${name.replace(".avro", "")}  ${story}`);
  say(`\nThese alerts are SYNTHETIC: invented sources, made by examples/makePackets.js, in ${show(folder)}:\n\n${lines.join("\n")}\n`);
  for (const { name, bytes } of packets) writeFileSync(join(folder, name), bytes);
  // Given one by one, so that they are scored in the order in which they are listed.
  return packets.map(({ name }) => show(join(folder, name)));
}

/** One picture of the scored alerts, in order: left of each triplet a bar as high as its score. */
async function drawTriplets(scores, path) {
  const { encodePng, readStamps, renderTriplet } = await import("@btsbot/cutout");
  const lines = readFileSync(scores, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const all = lines.filter((line) => line.scores?.[MODEL].status === "scored");
  const scored = all.slice(0, MAX_PICTURES);
  const panels = [];
  for (const line of scored) {
    const alert = await readOne(line);
    if (alert) panels.push({ score: line.scores[MODEL].score, picture: renderTriplet(readStamps(alert), VIEW) });
  }
  rmSync(path, { force: true });
  if (panels.length > 0) writeFileSync(path, encodePng(arrange(panels)));
  return { drawn: panels.length, scored: all.length };
}

/** Reads one alert again: the results hold no pixels. Standard input cannot be read twice. */
async function readOne({ file, index }) {
  const { readAlertStream } = await import("@btsbot/alert");
  if (file === "-") return undefined;
  let at = 0;
  for await (const result of readAlertStream(createReadStream(file))) {
    if (at === index) return result.success ? result.data : undefined;
    at += 1;
  }
  return undefined;
}

function arrange(panels) {
  const columns = Math.min(COLUMNS, panels.length);
  const [panelWidth, panelHeight] = ["width", "height"].map((side) => Math.max(...panels.map(({ picture }) => picture[side])));
  const [cellWidth, cellHeight] = [BAR + SPACE / 2 + panelWidth + SPACE, panelHeight + SPACE];
  const width = columns * cellWidth + SPACE;
  const height = Math.ceil(panels.length / columns) * cellHeight + SPACE;
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const put = (x, y, color) => pixels.set(color, 3 * (y * width + x));
  panels.forEach(({ score, picture }, place) => {
    const left = SPACE + (place % columns) * cellWidth;
    const top = SPACE + Math.floor(place / columns) * cellHeight;
    const filled = Math.max(1, Math.round(score * panelHeight));
    for (let y = 0; y < panelHeight; y += 1) {
      const color = y >= panelHeight - filled ? (score >= 0.5 ? [34, 139, 84] : [190, 90, 60]) : [228, 228, 228];
      for (let x = 0; x < BAR; x += 1) put(left + x, top + y, color);
    }
    for (let y = 0; y < picture.height; y += 1) {
      for (let x = 0; x < picture.width; x += 1) {
        put(left + BAR + SPACE / 2 + x, top + y, new Array(3).fill(picture.pixels[y * picture.width + x]));
      }
    }
  });
  return { width, height, channels: 3, pixels };
}

/** An output that keeps everything in a file. */
function fileOutput(path) {
  writeFileSync(path, "");
  return { write: (text) => writeFileSync(path, text, { flag: "a" }) };
}

function show(path) {
  return relative(process.cwd(), path) || path;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
