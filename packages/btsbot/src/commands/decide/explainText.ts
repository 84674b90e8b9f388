import { countOf } from "@btsbot/errors";
import { toLightCurve } from "@btsbot/alert";
import type { ModelResult } from "@btsbot/core";
import { toDecisionLine } from "@btsbot/decide";
import type { StoryAlert } from "@btsbot/decide";
import type { FilterResult } from "@btsbot/policy";
import { formatJd } from "@btsbot/sky";
import type { Terminal } from "../../terminal/createTerminal.js";
import { chartLightCurve } from "../../terminal/chartLightCurve.js";
import { filterName, paintFilter } from "../../terminal/filters.js";
import { paintScore } from "../../terminal/paintScore.js";
import { printable } from "../../terminal/printable.js";
import { wrapText } from "../../terminal/wrapText.js";
import { actionOf, detailsOf } from "./decideTable.js";
import type { Story } from "./types.js";

/** Least width of the column of labels: `filter`, `score`, and the names of policies. */
const LABEL = 8;

/**
 * Writes a story for people: the light curve, then alert by alert what was found and decided.
 *
 * @internal
 */
export function writeStory({ objectId, setup, alerts, given, kept, counted }: Story, terminal: Terminal): void {
  const { stdout, colors, width } = terminal;
  const by = `filter ${setup.filter?.name ?? "none"}, model ${setup.model.definition.name}`;
  const count =
    alerts.length === 0 && counted !== undefined
      ? `from the state: ${countOf(counted, "alert")} counted`
      : countOf(alerts.length, "alert");
  const line = (text: string): unknown => stdout.write(`${text}\n`);
  const title = wrapText(printable(`${objectId}: ${count}, ${by}`), width);
  title.forEach((text) => line(colors.bold(text)));
  const latest = alerts.at(-1)?.alert;
  if (latest !== undefined) {
    line("");
    chartLightCurve(
      toLightCurve(
        latest,
        alerts.map(({ alert }) => alert),
      ),
      width,
      colors,
      "last alert",
    ).forEach(line);
  }
  const margin = Math.max(LABEL, ...setup.policies.map(({ name }) => name.length)) + 2;
  const write = (label: string, text: string, paint = (painted: string) => painted): void => {
    const size = Math.max(20, width - margin - 2);
    // Keys have no spaces to break at.
    const parts = wrapText(printable(text), size).flatMap((part) => part.match(new RegExp(`.{1,${size}}`, "gu")) ?? []);
    parts.forEach((part, index) => line(`  ${colors.dim((index === 0 ? label : "").padEnd(margin))}${paint(part)}`));
  };
  for (const each of alerts) writeAlert(each, given, line, write, terminal);
  if (kept === undefined) return;
  line(`\n${colors.bold("in the state")}`);
  for (const [name, lines] of Object.entries(kept.policies))
    for (const [index, text] of lines.entries()) write(index === 0 ? name : "", text);
  for (const key of kept.issued) write("asked", key);
}

function writeAlert(
  { alert, filtered, result, progress, decisions }: StoryAlert,
  given: Story["given"],
  line: (text: string) => unknown,
  write: (label: string, text: string, paint?: (text: string) => string) => void,
  { colors }: Terminal,
): void {
  const { jd, fid, magpsf } = alert.candidate;
  line(
    `\n${colors.bold(formatJd(jd))}  ${paintFilter(fid, filterName(fid), colors)} ${magpsf?.toFixed(2) ?? "no mag"}  ${colors.dim(String(alert.candid))}`,
  );
  const paint = filtered?.pass === false ? colors.yellow : undefined;
  for (const [index, text] of describeFilter(filtered).entries()) write(index === 0 ? "filter" : "", text, paint);
  if (result !== undefined)
    write("score", describeResult(result), (text) =>
      result.status === "scored" ? paintScore(result.score ?? 0, text, colors) : colors.yellow(text),
    );
  for (const [name, lines] of Object.entries(progress)) {
    const fired = decisions.map(toDecisionLine).find(({ policy }) => policy === name);
    if (fired === undefined) lines.forEach((text, index) => write(index === 0 ? name : "", text));
    else {
      write(name, `fires: ${actionOf(fired)}${given.has(name) ? ", given already" : ""}`, (text) =>
        colors.green(colors.bold(text)),
      );
      for (const text of detailsOf(fired)) write("", text);
    }
  }
}

/** What rejects an alert, a line for each check: what has no name of its own names in its reason what it looks at. */
function describeFilter(filtered: FilterResult | undefined): string[] {
  if (filtered === undefined) return ["none"];
  if (filtered.pass) return [`passes ${filtered.name}`];
  const failing = filtered.checks.filter(({ pass }) => !pass);
  return failing.map(({ name, reason }) => (reason.includes(name) ? reason : `${name}: ${reason}`));
}

function describeResult(result: ModelResult): string {
  if (result.status === "scored") return result.score!.toFixed(4);
  return result.reasons.map(({ message }) => message).join("; ");
}
