import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile } from "@btsbot/features";
import type { Model } from "@btsbot/model";
import { readProfile } from "../../inputs/readProfile.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { compareGolden } from "./compareGolden.js";
import { createGoldenReport } from "./goldenReport.js";
import type { GoldenReport } from "./goldenReport.js";
import { chooseTolerances, forEachScored, prepareGolden } from "./goldenScores.js";
import type { GoldenAlert, GoldenFile, GoldenHeader, Section } from "./goldenTypes.js";
import { makeGolden, parseTripletName } from "./makeGolden.js";
import type { GoldenPlan } from "./makeGolden.js";
import { parseGolden } from "./parseGolden.js";
import type { GoldenOptions } from "./types.js";

/**
 * `btsbot golden --check`: what the file holds is computed anew and compared.
 *
 * @internal
 */
export async function checkGolden(
  paths: readonly string[],
  path: string,
  options: GoldenOptions,
  terminal: Terminal,
): Promise<number> {
  const golden = parseGolden(await readText(path), path);
  const tolerances = chooseTolerances(options, golden.header.tolerances);
  const profiles = await Promise.all([...new Set(options.profile)].map(readProfile));
  const prepared = await prepareGolden(namesIn(golden, "scores"), terminal, profiles);
  if (prepared === undefined) return EXIT.usage;
  const plan = planCheck(golden, prepared.models, profiles);
  const report = createGoldenReport(options.format, tolerances, terminal);
  compareModels(golden.header, prepared.models, report);
  const waiting = groupAlerts(golden.alerts);
  const errors = await forEachScored(paths, options, prepared.scorer, terminal, ({ alert, data }) => {
    const got = makeGolden(alert, data, plan);
    const expected = waiting.get(keyOf(got))?.shift();
    if (expected === undefined) report.extra(got);
    else report.add(got, compareGolden(expected, got, tolerances));
  });
  for (const alert of [...waiting.values()].flat()) report.missing(alert);
  const agrees = report.end(errors);
  return agrees && errors === 0 ? EXIT.ok : EXIT.unreadable;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BtsbotError("file-unreadable", "cannot be read", {
      path,
      ...(code !== undefined && { got: code }),
      cause,
    });
  }
}

/** What has to be computed so that all of the file can be compared. */
function planCheck(golden: GoldenFile, models: readonly Model[], profiles: readonly FeatureProfile[]): GoldenPlan {
  const own = models
    .flatMap(({ definition }) => definition.inputs)
    .flatMap((input) => (input.kind === "features" && typeof input.profile !== "string" ? [input.profile] : []));
  return {
    profiles: namesIn(golden, "features").map((name) => toProfile(name, [...profiles, ...own])),
    triplets: namesIn(golden, "triplets").flatMap((name) => parseTripletName(name) ?? []),
  };
}

function namesIn({ alerts }: GoldenFile, section: Section): string[] {
  return [...new Set(alerts.flatMap((alert) => Object.keys(alert[section] ?? {})))];
}

function compareModels({ models = {} }: GoldenHeader, here: readonly Model[], report: GoldenReport): void {
  for (const {
    definition: { name, version },
    sha256,
    definitionSha256,
  } of here) {
    const expected = models[name] as (typeof models)[string] | undefined;
    const got = { version, weightsSha256: sha256, definitionSha256 };
    for (const key of ["version", "weightsSha256", "definitionSha256"] as const) {
      const wanted = expected?.[key];
      if (wanted !== undefined && wanted !== got[key])
        report.ofFile({ path: `models.${name}.${key}`, expected: wanted, got: got[key] });
    }
  }
}

/** Alerts by what they are; of several with the same name and id the first in the file meets the first that is read. */
function groupAlerts(alerts: readonly GoldenAlert[]): Map<string, GoldenAlert[]> {
  const groups = new Map<string, GoldenAlert[]>();
  for (const alert of alerts) {
    const group = groups.get(keyOf(alert));
    if (group === undefined) groups.set(keyOf(alert), [alert]);
    else group.push(alert);
  }
  return groups;
}

function keyOf({ objectId, candid }: GoldenAlert): string {
  return `${objectId}/${candid}`;
}
