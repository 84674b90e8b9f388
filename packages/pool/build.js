import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Makes single files of what is compiled, in dist/bundle: the program of a web worker, as a script and as text, so that
 * no bundler has to find it; and an ES module for pages that are made without a bundler.
 */
const here = fileURLToPath(new URL(".", import.meta.url));
const out = `${here}dist/bundle/`;

/** The packages that go in. */
const PARTS = ["errors", "sky", "chance", "alert", "cutout", "features", "model", "simd", "core", "pool"];
const FILES = ["webWorker.js", "webWorkerText.js", "page.js"];

const OPTIONS = {
  bundle: true,
  minify: true,
  platform: "browser",
  target: "es2022",
  write: false,
  logLevel: "error",
  legalComments: "none",
  // What scores, without what trains.
  alias: { "@btsbot/simd": fileURLToPath(new URL("../simd/dist/createSimdEngine.js", import.meta.url)) },
};

/**
 * Builds the files that are missing or older than what they are made of, told by content.
 *
 * @returns {Promise<string[]>} the names of the files that it wrote
 */
export async function bundlePool() {
  const stamp = `/* Made by build.js, SHA-256 ${hashInputs()}. Licence: MIT. */`;
  if (FILES.every((file) => existsSync(out + file) && readFileSync(out + file, "utf8").startsWith(stamp))) return [];
  mkdirSync(out, { recursive: true });
  const { build } = await import("esbuild");
  const worker = await build({
    ...OPTIONS,
    entryPoints: [`${here}dist/webWorker.js`],
    format: "iife",
    plugins: [{ name: "no-default-model", setup: leaveModelOut }],
  });
  // The minifier drops the comments by which bundlers know an import that is not for them.
  const program = worker.outputFiles[0].text.replaceAll(
    /\bimport\((\w+)\)/g,
    "import(/*webpackIgnore:true*//*@vite-ignore*/$1)",
  );
  write("webWorker.js", `${stamp}\n${program}`);
  write("webWorkerText.js", `${stamp}\nexport const webWorkerText = ${JSON.stringify(program)};\n`);
  const page = await build({ ...OPTIONS, entryPoints: [`${here}dist/page.js`], format: "esm" });
  // The worker's file lies beside this one, not in a folder beside it.
  write("page.js", `${stamp}\n${page.outputFiles[0].text.replaceAll("./bundle/webWorker.js", "./webWorker.js")}`);
  return FILES;
}

/** The pool sends models; the weights of the one that ships would weigh more than all else in a worker's program. */
function leaveModelOut(build) {
  build.onResolve({ filter: /\/btsbotMini\.js$/ }, () => ({ path: "btsbotMini", namespace: "absent" }));
  build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({
    contents: 'throw new Error("a worker of the pool is sent its models");',
  }));
}

/** Whole at once, for whoever reads it at this moment. */
function write(file, text) {
  writeFileSync(`${out}${file}.${process.pid}`, text);
  renameSync(`${out}${file}.${process.pid}`, out + file);
}

function hashInputs() {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const part of PARTS) {
    const dist = `${here}../${part}/dist/`;
    const files = readdirSync(dist, { recursive: true }).map(String).sort();
    for (const file of files.filter((each) => each.endsWith(".js") && !each.startsWith("bundle")))
      hash.update(file).update(readFileSync(dist + file));
  }
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundlePool();
