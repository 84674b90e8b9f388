import { readFileSync } from "node:fs";
import { PROFILES } from "@btsbot/features";
import { expect, it } from "vitest";
import { packages, sourceFiles } from "../support/packages.js";

/**
 * Where a ready profile is named, and why. What a profile does is said in it: code that asks for its name would do
 * nothing for a profile of somebody's own that does the same.
 */
const NAMED: Readonly<Record<string, string>> = {
  "model/mmCnn.ts": "a published network's definition",
  "model/featuresNn.ts": "a published network's definition",
  "model/alerceStampClassifier.ts": "a published network's definition, and the names of its features",
  "model/mini/btsbotMini.ts": "the definition of the model that ships",
  "weights/publishedModels.ts": "what the published models read",
  "weights/unverifiedModels.ts": "what the unverified models read",
  "core/createSeatedComparer.ts": "what is compared unless the caller says otherwise",
  "btsbot/commands/inspect/inspectAlert.ts": "what is shown of a packet: the production model's",
};

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

it("no code decides by a profile's name, nor by what is written for people to read", () => {
  const names = PROFILES.map(({ name }) => name.replaceAll(".", "\\.")).join("|");
  const literal = new RegExp(`["'\`](?:${names})["'\`]|startsWith\\("(?:alerce|acai|btsbot-v|boom|kowalski)`);
  const found = packages
    .filter(({ folder }) => folder !== "features")
    .flatMap(({ folder, path }) =>
      sourceFiles(path)
        .filter((file) => literal.test(readFileSync(`${path}src/${file}`, "utf8").replaceAll(COMMENT, "")))
        .map((file) => `${folder}/${file}`),
    );
  expect(found.sort()).toEqual(Object.keys(NAMED).sort());
});

it("every feature that a real/bogus score replaces says so, whatever its path says", () => {
  for (const { name, features } of PROFILES)
    expect(
      features.filter(({ realBogus }) => realBogus).map((feature) => feature.name),
      name,
    ).toEqual(features.filter(({ path }) => path.includes("realBogus")).map((feature) => feature.name));
});
