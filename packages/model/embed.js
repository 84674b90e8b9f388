import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createModel, readLayersModel } from "./dist/index.js";
import { packWeights, unpackWeights } from "./dist/packWeights.js";
import { DEFAULT_MODEL } from "./dist/loadDefaultModel.js";

/**
 * Writes a trained model as TypeScript modules, with its weights in half precision, so that Node, browsers and
 * bundlers load it like any other source.
 *
 *   node packages/model/embed.js FOLDER     (FOLDER: model.json and weights.bin, as `btsbot train` writes them)
 */
const target = fileURLToPath(new URL("src/mini/", import.meta.url));
/** Characters of base64 in one module; a multiple of 4. */
const PART = 240_000;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node packages/model/embed.js FOLDER");

const { definition, weights: trained } = await readLayersModel(async (file) => readFileSync(join(folder, file)));
if (definition.name !== DEFAULT_MODEL)
  throw new Error(`the model is called ${definition.name}, expected ${DEFAULT_MODEL}`);
const bytes = packWeights(definition, trained);
// The shipped model is the rounded one: its hash is what scores state. A kernel too large for a half is refused here.
const { sha256, weights } = await createModel(definition, unpackWeights(definition, bytes));
const count = [...weights.values()].reduce((sum, { values }) => sum + values.length, 0);
const text = Buffer.from(bytes).toString("base64");
const parts = Array.from({ length: Math.ceil(text.length / PART) }, (_, index) =>
  text.slice(index * PART, (index + 1) * PART),
);

mkdirSync(target, { recursive: true });
for (const file of readdirSync(target)) rmSync(target + file);
const names = parts.map((_, index) => `weights${index + 1}`);
for (const [index, name] of names.entries()) {
  writeFileSync(
    `${target}${name}.ts`,
    `${stamp()}
/** Part ${index + 1} of ${parts.length} of the weights: base64. */
export const ${name}: string =
  "${parts[index]}";
`,
  );
}
const { layers, ...others } = definition;
writeFileSync(
  `${target}btsbotMini.ts`,
  `${stamp()}
import type { ShippedModel } from "../shippedModel.js";
${names.map((name) => `import { ${name} } from "./${name}.js";`).join("\n")}

/*! btsbot-mini: its branch for features and its last layer are those of BTSbot v1.0.1 (https://github.com/nabeelre/BTSbot),
 * Copyright (c) 2022 Nabeel Rehemtulla, under the MIT licence, whose text stands in the LICENSE of @btsbot/model. */
/** ${count.toLocaleString("en")} weights in ${bytes.length.toLocaleString("en")} bytes. */
export const btsbotMini: ShippedModel = {
  sha256: "${sha256}",
  source: { license: "MIT", citation: "docs/models.md of btsbot, after Rehemtulla et al. 2024, ApJ 972, 7" },
  definition: {
${Object.entries(others)
  .map(([key, value]) => `    ${key}: ${JSON.stringify(value)},`)
  .join("\n")}
    layers: [
${layers.map((layer) => `      ${JSON.stringify(layer)},`).join("\n")}
    ],
  },
  weights: [${names.join(", ")}],
};
`,
);
process.stdout.write(
  `${definition.name} ${definition.version}: ${count} weights, ${bytes.length} bytes, ${parts.length} modules, SHA-256 ${sha256}\n`,
);

function stamp() {
  return `// Made by packages/model/embed.js from a trained model; docs/models.md says how it was trained. SHA-256 ${sha256}.`;
}
