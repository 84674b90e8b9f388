import type { DecisionLine } from "@btsbot/decide";
import type { FollowUpAction } from "@btsbot/policy";
import { formatJd } from "@btsbot/sky";
import type { Terminal } from "../../terminal/createTerminal.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import type { Column } from "../../terminal/layoutTable.js";
import { printable } from "../../terminal/printable.js";
import { wrapText } from "../../terminal/wrapText.js";

/** What stands below a row is set in by this. */
const INDENT = "   ";

/**
 * Writes decisions for people: a row for each, and below it why, and what is to be done. The header comes once, however
 * many batches of decisions there are.
 *
 * @param policies - names of the policies: rows of all batches stand below each other
 * @returns what writes decisions
 *
 * @internal
 */
export function createDecisionTable(
  policies: readonly string[],
  { stdout, colors, width }: Terminal,
): (decisions: readonly DecisionLine[]) => void {
  const columns: Column<DecisionLine>[] = [
    { title: "source", min: 12, cell: ({ objectId }) => ({ text: objectId, paint: colors.bold }) },
    {
      title: "UT",
      min: 10,
      max: 16,
      cell: ({ jd }, size) => ({ text: formatJd(jd, size < 16 ? "day" : "minute") }),
    },
    {
      title: "policy",
      min: longest(policies, 6),
      cell: ({ policy }) => ({ text: policy }),
    },
    {
      title: "action",
      min: 9,
      cell: (line) => ({ text: actionOf(line), paint: line.revised ? colors.dim : colors.green }),
    },
    {
      title: "alert",
      min: 19,
      drop: 1,
      cell: ({ candid }) => ({ text: candid, paint: colors.dim }),
    },
  ];
  const table = layoutTable(columns, width);
  let above: DecisionLine | undefined;
  return (decisions) => {
    for (const decision of decisions) {
      if (above === undefined) stdout.write(`${table.header(colors.bold)}\n`);
      stdout.write(`${table.row(decision)}\n`);
      for (const line of detailsAfter(decision, above)) {
        for (const part of wrapText(printable(line), width - INDENT.length))
          stdout.write(`${colors.dim(INDENT + part)}\n`);
      }
      above = decision;
    }
  };
}

/**
 * What a decision asks for, in a word, with its priority.
 *
 * @internal
 */
export function actionOf({ action, priority, revised }: DecisionLine): string {
  return revised || priority === null ? action : `${action} ${priority}`;
}

/**
 * Why a decision was taken and what is to be done, a line each.
 *
 * @internal
 */
export function detailsOf({ revised, reasons, plan = [] }: DecisionLine): string[] {
  const moved = revised ? ["fired before; a late, earlier alert moved the moment"] : [];
  return [...moved, ...reasons, ...plan.map(describeAction)];
}

/** Policies of one source may share a requirement: what the row above says is not said again. */
function detailsAfter(decision: DecisionLine, above: DecisionLine | undefined): string[] {
  const lines = detailsOf(decision);
  if (above?.objectId !== decision.objectId || above.candid !== decision.candid) return lines;
  const said = new Set(above.reasons);
  const news = lines.filter((line) => !said.has(line));
  return news.length === lines.length ? lines : [`as ${above.policy}`, ...news];
}

function describeAction(action: FollowUpAction): string {
  switch (action.kind) {
    case "save":
      return `save to group ${action.groupId}`;
    case "comment":
      return `comment "${action.text}"`;
    case "request":
      return `request ${action.rule.instrument} at priority ${action.priority}`;
    case "raise":
      return `raise request ${action.requestId} to priority ${action.priority}`;
    case "none":
      return `no ${action.instead} (${action.code}): ${action.reasons.join("; ")}`;
  }
}

function longest(texts: readonly string[], least: number): number {
  return Math.min(
    24,
    texts.reduce((length, text) => Math.max(length, text.length), least),
  );
}
