import type { FollowUpAction } from "@btsbot/policy";
import { formatJd } from "@btsbot/sky";
import type { Terminal } from "../../terminal/createTerminal.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import type { Column } from "../../terminal/layoutTable.js";
import { printable } from "../../terminal/printable.js";
import { wrapText } from "../../terminal/wrapText.js";
import type { PlannedDecision } from "./types.js";

/** What stands below a row is set in by this. */
const INDENT = "   ";

/**
 * Writes decisions for people: a row for each, and below it why, and what is to be done.
 *
 * @internal
 */
export function writeDecisionTable(decisions: readonly PlannedDecision[], { stdout, colors, width }: Terminal): void {
  if (decisions.length === 0) return;
  const columns: Column<PlannedDecision>[] = [
    { title: "source", min: 12, cell: ({ decision }) => ({ text: decision.objectId, paint: colors.bold }) },
    {
      title: "UT",
      min: 10,
      max: 16,
      cell: ({ decision }, size) => ({ text: formatJd(decision.jd, size < 16 ? "day" : "minute") }),
    },
    {
      title: "policy",
      min: longest(
        decisions.map(({ decision }) => decision.policy),
        6,
      ),
      cell: ({ decision }) => ({ text: decision.policy }),
    },
    {
      title: "action",
      min: 9,
      cell: (planned) => ({ text: actionOf(planned), paint: planned.decision.revised ? colors.dim : colors.green }),
    },
    {
      title: "alert",
      min: 19,
      drop: 1,
      cell: ({ decision }) => ({ text: String(decision.candid), paint: colors.dim }),
    },
  ];
  const table = layoutTable(columns, width);
  stdout.write(`${table.header(colors.bold)}\n`);
  for (const [index, planned] of decisions.entries()) {
    stdout.write(`${table.row(planned)}\n`);
    for (const line of detailsAfter(planned, decisions[index - 1])) {
      for (const part of wrapText(printable(line), width - INDENT.length))
        stdout.write(`${colors.dim(INDENT + part)}\n`);
    }
  }
}

/**
 * What a decision asks for, in a word, with its priority.
 *
 * @internal
 */
export function actionOf({ decision: { action, priority, revised } }: PlannedDecision): string {
  if (revised) return "none";
  return priority === undefined ? action : `${action} ${priority}`;
}

/**
 * Why a decision was taken and what is to be done, a line each.
 *
 * @internal
 */
export function detailsOf({ decision, plan = [] }: PlannedDecision): string[] {
  const moved = decision.revised ? ["fired before; a late, earlier alert moved the moment"] : [];
  return [...moved, ...decision.reasons, ...plan.map(describeAction)];
}

/** Policies of one source may share a requirement: what the row above says is not said again. */
function detailsAfter(planned: PlannedDecision, above: PlannedDecision | undefined): string[] {
  const lines = detailsOf(planned);
  if (above?.decision.objectId !== planned.decision.objectId || above.decision.candid !== planned.decision.candid)
    return lines;
  const said = new Set(above.decision.reasons);
  const news = lines.filter((line) => !said.has(line));
  return news.length === lines.length ? lines : [`as ${above.decision.policy}`, ...news];
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
