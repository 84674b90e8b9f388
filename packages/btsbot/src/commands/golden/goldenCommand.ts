import { VERSION } from "@btsbot/core";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile } from "@btsbot/features";
import type { Model } from "@btsbot/model";
import { readProfile } from "../../inputs/readProfile.js";
import { modelNames } from "../../models/modelNames.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { checkGolden } from "./checkGolden.js";
import { chooseTolerances, forEachScored, prepareGolden } from "./goldenScores.js";
import { GOLDEN_FORMAT, GOLDEN_VERSION } from "./goldenTypes.js";
import type { GoldenHeader, Tolerances } from "./goldenTypes.js";
import { makeGolden, tripletName } from "./makeGolden.js";
import type { GoldenPlan } from "./makeGolden.js";
import type { GoldenOptions } from "./types.js";

/**
 * `btsbot golden`.
 *
 * @internal
 */
export async function goldenCommand(
  paths: readonly string[],
  options: GoldenOptions,
  terminal: Terminal,
): Promise<number> {
  return options.check === undefined
    ? writeGolden(paths, options, terminal)
    : checkGolden(paths, options.check, options, terminal);
}

async function writeGolden(paths: readonly string[], options: GoldenOptions, terminal: Terminal): Promise<number> {
  const more = await Promise.all([...new Set(options.profile)].map(readProfile));
  const prepared = await prepareGolden(await modelNames(options.model, terminal), terminal, more);
  if (prepared === undefined) return EXIT.usage;
  const { models, scorer } = prepared;
  const plan = planGolden(models, more);
  terminal.stdout.write(`${JSON.stringify(makeHeader(models, chooseTolerances(options)))}\n`);
  const errors = await forEachScored(paths, options, scorer, terminal, ({ alert, data }) => {
    terminal.stdout.write(`${JSON.stringify(makeGolden(alert, data, plan))}\n`);
  });
  return errors === 0 ? EXIT.ok : EXIT.unreadable;
}

function planGolden(models: readonly Model[], more: readonly FeatureProfile[]): GoldenPlan {
  const inputs = models.flatMap(({ definition }) => definition.inputs);
  const own = inputs.flatMap((input) => (input.kind === "features" ? [toProfile(input.profile, more)] : []));
  const images = inputs.flatMap((input) => (input.kind === "image" ? [input.preprocessing] : []));
  const triplets = new Map(images.map((preprocessing) => [tripletName(preprocessing), preprocessing]));
  return { profiles: [...new Set([...own, ...more])], triplets: [...triplets.values()] };
}

function makeHeader(models: readonly Model[], tolerances: Tolerances): GoldenHeader {
  const described = models.map(
    ({ definition: { name, version }, sha256, definitionSha256 }) =>
      [name, { version, weightsSha256: sha256, definitionSha256 }] as const,
  );
  return {
    format: GOLDEN_FORMAT,
    formatVersion: GOLDEN_VERSION,
    producer: `btsbot ${VERSION}`,
    models: Object.fromEntries(described),
    tolerances,
  };
}
