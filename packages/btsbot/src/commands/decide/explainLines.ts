import { toDecisionLine } from "@btsbot/decide";
import type { StoryAlert } from "@btsbot/decide";
import type { CliOutput } from "../../types.js";
import type { Story } from "./types.js";

/**
 * Writes a story as JSON Lines: a line for each alert by date, then one with what the state has, where there is one.
 *
 * @internal
 */
export function writeStoryLines({ objectId, alerts, given, kept }: Story, stdout: CliOutput): void {
  for (const each of alerts) stdout.write(`${JSON.stringify(toStoryJson(each, given))}\n`);
  if (kept !== undefined) stdout.write(`${JSON.stringify({ objectId, state: kept })}\n`);
}

function toStoryJson(
  { alert, filtered, result, progress, decisions }: StoryAlert,
  given: Story["given"],
): Record<string, unknown> {
  const { objectId, candid, candidate } = alert;
  const { jd, fid, magpsf } = candidate;
  return {
    objectId,
    candid: String(candid),
    jd,
    fid,
    magpsf: magpsf ?? null,
    filter: filtered && {
      name: filtered.name,
      pass: filtered.pass,
      failing: filtered.checks.filter(({ pass }) => !pass),
    },
    // Absent where the filter rejects the alert.
    result,
    progress,
    decisions: decisions
      .map(toDecisionLine)
      .map((line) => ({ ...line, ...(given.has(line.policy) && { given: true }) })),
  };
}
