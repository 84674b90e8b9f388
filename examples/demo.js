// npm run demo
//
// From a fresh clone to decisions, without a network once the packages are installed: simulates three nights of a
// survey, scores every alert with the model that ships with the library, lets two policies of the Bright Transient
// Survey decide, and sets what they picked beside the truth.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "../test/setup.js";

const out = fileURLToPath(new URL("out/", import.meta.url));
/** The same seed gives the same nights, byte for byte. */
const SURVEY = { nights: 3, sources: 300, seed: 3 };
/** Of what a training set holds, so many transients: they are rarer in the sky, and more so than this. */
const TRANSIENTS = 0.4;

const started = performance.now();
setup();
// Only now can the packages be imported.
const { CLASSES } = await import("@btsbot/simulate");
const { scanNights } = await import("./demo/scanNights.js");
const { makeTable } = await import("./demo/makeTable.js");
const { makePage } = await import("./demo/makePage.js");
const { createLine } = await import("./demo/terminal.js");

const mix = Object.fromEntries(
  CLASSES.map(({ name, kind, part }) => [name, kind === "transient" ? part * TRANSIENTS : part]),
);
const line = createLine();
line.say(`Three nights are simulated, and each alert is scored as it comes. All of it is SYNTHETIC.\n`);
const scan = await scanNights({ ...SURVEY, mix }, (alerts, sources) =>
  line.show(`${alerts} alerts of ${sources} sources`),
);
line.clear();
line.say(makeTable(scan));

const page = join(out, "demo.html");
line.show("Drawing the page");
mkdirSync(out, { recursive: true });
writeFileSync(page, makePage(scan, SURVEY));
line.clear();
const seconds = ((performance.now() - started) / 1000).toFixed(0);
line.say(`
${relative(process.cwd(), page)}   stamps, light curves and reasons of every decision: open it in a browser
${seconds} s in all. Your own alerts: node packages/btsbot/dist/cli.js score FILE|FOLDER...   More: --help`);
