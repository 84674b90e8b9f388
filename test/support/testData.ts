import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

const folder = process.env.BTSBOT_TEST_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** Folder of real alerts, published models and reference scores, or undefined where it is absent. */
export const dataFolder: string | undefined = existsSync(`${folder}/reference/scores.json`) ? folder : undefined;

/**
 * A `describe` whose tests need the data folder: skipped by name, and counted as skipped, without it.
 *
 * @param name - the name of the suite
 * @param tests - declares the tests, given the folder; it may read there
 */
export function describeWithData(name: string, tests: (folder: string) => void): void {
  const title = `${name} (needs the data folder)`;
  if (dataFolder === undefined) describe(title, () => it.skip("all of it"));
  else describe(title, () => tests(dataFolder));
}
