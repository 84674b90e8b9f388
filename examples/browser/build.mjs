// node examples/browser/build.mjs [FOLDER]
//
// Builds the page into FOLDER (examples/out/browser): open its index.html, no server is needed. The models of the cache
// go into FOLDER/models, one file each; what else lies there is used by the page too. btsbot-mini is in the page itself.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { writeLayersModel } from "@btsbot/model";
import { listPulled, openCache } from "@btsbot/weights";
import { build } from "esbuild";
import { makePackets } from "../makePackets.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const [folder, ...rest] = process.argv.slice(2);
const unknown = [folder, ...rest].find((argument) => argument?.startsWith("-")) ?? rest[0];
if (unknown !== undefined) {
  process.stderr.write(`build.mjs takes one folder and nothing else: ${unknown}\n`);
  process.exit(2);
}
const out = folder ?? join(here, "..", "out", "browser");

mkdirSync(join(out, "models"), { recursive: true });
await build({
  entryPoints: [join(here, "page.js")],
  outfile: join(out, "page.js"),
  bundle: true,
  minify: true,
  // A classic script: browsers refuse modules in a page that comes from a disk.
  format: "iife",
  target: "es2022",
  logLevel: "error",
});
for (const { name } of await listPulled()) {
  await openCache()
    .load(name)
    .then((model) => writeModel(name, model))
    .catch((error) => {
      // One that is damaged, or that has no layers to be written, does not hide the others.
      process.stderr.write(`${name} is left out: ${error.message}\n`);
    });
}
writeSamples();
writeFileSync(join(out, "style.css"), readFileSync(join(here, "style.css")));

const models = readdirSync(join(out, "models"))
  .filter((file) => file.endsWith(".js"))
  .sort();
const scripts = [...models.map((file) => `models/${file}`), "samples.js", "page.js"];
const tags = scripts.map((source) => `<script defer src="${encodeURI(source)}"></script>`).join("\n    ");
const page = readFileSync(join(here, "index.html"), "utf8").replace("<!-- scripts -->", () => tags);
writeFileSync(join(out, "index.html"), page);
process.stdout.write(
  `${relative(process.cwd(), join(out, "index.html"))}: ${models.length === 0 ? "btsbot-mini" : models.map((file) => file.replace(/\.js$/, "")).join(", ")}\n`,
);

/** A model's files as a script: what a page that comes from a disk can load. */
function writeModel(name, model) {
  const files = Object.fromEntries([...writeLayersModel(model)].map(([file, bytes]) => [file, toBase64(bytes)]));
  writeFileSync(
    join(out, "models", `${name}.js`),
    `(globalThis.btsbotModels ??= []).push(${JSON.stringify({ name, files })});\n`,
  );
}

function writeSamples() {
  const samples = makePackets().map(({ name, story, bytes }) => ({ name, story, bytes: toBase64(bytes) }));
  writeFileSync(join(out, "samples.js"), `globalThis.btsbotSamples = ${JSON.stringify(samples)};\n`);
}

function toBase64(bytes) {
  return Buffer.from(bytes).toString("base64");
}
