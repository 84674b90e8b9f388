import type { JudgedAlert } from "@btsbot/decide";
import type { DecideCounts } from "./types.js";

/**
 * Counts what rejected an alert, or why it has no score.
 *
 * @internal
 */
export function countLosses(
  { filtered, result }: JudgedAlert,
  { rejected, unscored }: Pick<DecideCounts, "rejected" | "unscored">,
): void {
  const failing = filtered?.checks.filter(({ pass }) => !pass) ?? [];
  for (const { name } of failing) rejected.set(name, (rejected.get(name) ?? 0) + 1);
  if (result !== undefined && result.status !== "scored") {
    const { code } = result.reasons[0];
    unscored.set(code, (unscored.get(code) ?? 0) + 1);
  }
}

/**
 * What became of the alerts that were not decided on: a line for those rejected, a line for those without a score.
 *
 * @internal
 */
export function describeLosses({ alerts, passed, rejected, unscored }: DecideCounts): string[] {
  const without = [...unscored.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...(alerts > passed ? [`${alerts - passed} rejected, by each check that fails: ${list(rejected)}`] : []),
    ...(without > 0 ? [`${without} passed and could not be scored: ${list(unscored)}`] : []),
  ];
}

function list(losses: ReadonlyMap<string, number>): string {
  return [...losses]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
