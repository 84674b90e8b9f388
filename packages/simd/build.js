import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeCodelets } from "./codelets.js";

/**
 * Compiles the kernels of assembly/ to WebAssembly and writes each module as a TypeScript file with its
 * bytes in base64, so that Node, browsers and bundlers load it like any other source, without a fetch.
 */
const assembly = fileURLToPath(new URL("assembly", import.meta.url));
const generated = fileURLToPath(new URL("src/wasm", import.meta.url));

/** Sources that are written here. */
const WRITTEN = { "fourierCodelets.ts": writeCodelets() };

/** The modules: a file of assembly/ each, so that who scores does not load what trains. */
const MODULES = ["forward", "backward"];

/** Each module is built with plain SIMD and with relaxed SIMD, whose multiply-add rounds once. */
const BUILDS = { Simd: ["simd"], Relaxed: ["simd", "relaxed-simd"] };

const OPTIONS = [
  "-O3",
  "--noAssert",
  "--converge",
  "--runtime",
  "stub",
  "--use",
  "abort=",
  // No data and no memory of its own: a module works in the memory that it is given, also in that of tfjs.
  "--importMemory",
  "--initialMemory",
  "0",
];

/**
 * Builds the modules that are missing or older than their sources, told by content: dates lie after a checkout.
 *
 * @returns {Promise<string[]>} the names of the files that it wrote
 */
export async function buildWasm() {
  const wanted = MODULES.flatMap((name) =>
    Object.entries(BUILDS).map(([build, features]) => ({ name, file: `${name}${build}`, features })),
  );
  const stamp = `// Made by build.js from assembly/, SHA-256 ${hashSources()}.`;
  const stale = wanted.filter(({ file }) => !isCurrent(`${generated}/${file}.ts`, stamp));
  if (stale.length === 0) return [];
  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(generated, { recursive: true });
  for (const { name, file, features } of stale) {
    const bytes = await compile(asc, name, features);
    const text = `${stamp}\n/** Module "${name}" of the kernels: ${bytes.length} bytes of WebAssembly with ${features.join(" and ")}, in base64. */\nexport const ${file} =\n  "${Buffer.from(bytes).toString("base64")}";\n`;
    // Whole at once, for whoever reads it at this moment.
    writeFileSync(`${generated}/${file}.${process.pid}`, text);
    renameSync(`${generated}/${file}.${process.pid}`, `${generated}/${file}.ts`);
  }
  return stale.map(({ file }) => file);
}

async function compile(asc, name, features) {
  let bytes;
  const { error, stderr } = await asc.main(
    [`${name}.ts`, "--outFile", "out.wasm", ...OPTIONS, ...features.flatMap((feature) => ["--enable", feature])],
    {
      readFile: (file) =>
        WRITTEN[file] ?? (existsSync(`${assembly}/${file}`) ? readFileSync(`${assembly}/${file}`, "utf8") : null),
      writeFile: (file, contents) => {
        if (file === "out.wasm") bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${name}.ts: ${error.message}\n${stderr.toString()}`);
  return bytes;
}

function hashSources() {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  const files = readdirSync(assembly)
    .filter((file) => file.endsWith(".ts"))
    .sort();
  for (const [file, text] of Object.entries(WRITTEN)) hash.update(file).update(text);
  for (const file of files) hash.update(file).update(readFileSync(`${assembly}/${file}`));
  return hash.digest("hex");
}

function isCurrent(file, stamp) {
  return existsSync(file) && readFileSync(file, "utf8").startsWith(stamp);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm();
