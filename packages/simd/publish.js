import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Writes the kernels that score, which build.js compiled, as files of WebAssembly into dist: for platforms that compile a
 * file when a program is deployed, and forbid it later.
 */
const generated = fileURLToPath(new URL("src/wasm", import.meta.url));
const dist = fileURLToPath(new URL("dist/wasm", import.meta.url));
const FILES = { forwardSimd: "forward-simd.wasm", forwardRelaxed: "forward-relaxed-simd.wasm" };

/** Writes the files that are missing or other than what was compiled. */
export function publishWasm() {
  mkdirSync(dist, { recursive: true });
  for (const [file, name] of Object.entries(FILES)) {
    const [, base64] = /^ {2}"(.*)";$/m.exec(readFileSync(`${generated}/${file}.ts`, "utf8"));
    const bytes = Buffer.from(base64, "base64");
    if (existsSync(`${dist}/${name}`) && readFileSync(`${dist}/${name}`).equals(bytes)) continue;
    // Whole at once, for whoever reads it at this moment.
    writeFileSync(`${dist}/${name}.${process.pid}`, bytes);
    renameSync(`${dist}/${name}.${process.pid}`, `${dist}/${name}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) publishWasm();
