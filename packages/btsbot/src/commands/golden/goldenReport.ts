import { countOf } from "@btsbot/errors";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import { printable } from "../../terminal/printable.js";
import { wrapText } from "../../terminal/wrapText.js";
import type { Disagreement, GoldenComparison } from "./compareGolden.js";
import { SECTIONS } from "./goldenTypes.js";
import type { GoldenAlert, Section, Tolerances } from "./goldenTypes.js";

/**
 * Tells what `btsbot golden --check` finds, as it finds it.
 *
 * @internal
 */
export interface GoldenReport {
  add(alert: GoldenAlert, comparison: GoldenComparison): void;
  /** What concerns the file as a whole. */
  ofFile(disagreement: Disagreement): void;
  /** In the golden file, and not among the alerts. */
  missing(alert: GoldenAlert): void;
  /** Among the alerts, and not in the golden file. */
  extra(alert: GoldenAlert): void;
  /** Tells the sums; whether something was compared, all of it is known here, and all agrees. */
  end(unreadable: number): boolean;
}

interface PathSum {
  readonly path: string;
  count: number;
  largest: number | null;
}

/**
 * Makes a report that writes text or JSON Lines.
 *
 * @internal
 */
export function createGoldenReport(format: "text" | "jsonl", tolerances: Tolerances, terminal: Terminal): GoldenReport {
  const counts = { alerts: 0, differing: 0, missing: 0, extra: 0, compared: 0, different: 0 };
  const notCompared: Record<Section, number> = { stamps: 0, triplets: 0, features: 0, scores: 0 };
  const unknown = new Set<string>();
  const sums = new Map<string, PathSum>();
  const write = (text: string) => terminal.stdout.write(`${text}\n`);
  const tell = (text: string, json: object) => {
    if (format === "jsonl") write(JSON.stringify(json));
    else for (const line of wrapText(printable(text), terminal.width)) write(line);
  };
  const different = (disagreement: Disagreement, alert?: GoldenAlert) => {
    const { path, expected, got } = disagreement;
    counts.different += 1;
    addSum(sums, disagreement);
    const place = alert === undefined ? "" : `${nameOf(alert)} `;
    tell(`${place}${path}: expected ${show(expected)}, got ${show(got)}`, {
      ...(alert && identify(alert)),
      path,
      expected,
      got,
    });
  };
  return {
    add(alert, comparison) {
      counts.alerts += 1;
      counts.compared += comparison.compared;
      if (comparison.disagreements.length > 0) counts.differing += 1;
      for (const section of SECTIONS) notCompared[section] += comparison.notCompared[section];
      for (const path of comparison.unknown) unknown.add(path);
      for (const disagreement of comparison.disagreements) different(disagreement, alert);
    },
    ofFile: (disagreement) => different(disagreement),
    missing(alert) {
      counts.missing += 1;
      tell(`${nameOf(alert)}: in the golden file, and not among the alerts`, { ...identify(alert), missing: true });
    },
    extra(alert) {
      counts.extra += 1;
      tell(`${nameOf(alert)}: among the alerts, and not in the golden file`, { ...identify(alert), extra: true });
    },
    end(unreadable) {
      const paths = [...sums.values()];
      if (format === "jsonl") {
        write(
          JSON.stringify({ summary: { ...counts, unreadable, notCompared, unknown: [...unknown], tolerances, paths } }),
        );
      } else {
        for (const line of sumLines(paths, terminal)) write(line);
        for (const text of countLines(counts, notCompared, unknown, tolerances))
          for (const line of wrapText(printable(text), terminal.width)) write(line);
      }
      const faults = findFaults(counts.compared, unknown);
      for (const fault of faults) complain(terminal.stderr, fault);
      return counts.different + counts.missing + counts.extra + faults.length === 0;
    },
  };
}

/** What makes agreement worth nothing: a check of nothing, and a misspelled name that nobody looks at. */
function findFaults(compared: number, unknown: ReadonlySet<string>): string[] {
  const [first] = unknown;
  const names =
    unknown.size === 1
      ? `1 name of the golden file is not known here: ${first}`
      : `${unknown.size} names of the golden file are not known here, such as ${first}`;
  return [...(compared === 0 ? ["nothing was compared"] : []), ...(unknown.size > 0 ? [names] : [])];
}

function addSum(sums: Map<string, PathSum>, { path, expected, got }: Disagreement): void {
  const sum = sums.get(path) ?? { path, count: 0, largest: null };
  sums.set(path, sum);
  sum.count += 1;
  if (typeof expected !== "number" || typeof got !== "number") return;
  if (sum.largest === null || Math.abs(got - expected) > Math.abs(sum.largest)) sum.largest = got - expected;
}

function sumLines(paths: readonly PathSum[], { width, colors }: Terminal): string[] {
  if (paths.length === 0) return [];
  const longest = Math.max(...paths.map(({ path }) => path.length));
  const table = layoutTable<PathSum>(
    [
      { title: "differs", min: Math.min(longest, width - 24), cell: ({ path }) => ({ text: path }) },
      { title: "times", min: 5, align: "right", cell: ({ count }) => ({ text: String(count) }) },
      {
        title: "by at most",
        min: 12,
        align: "right",
        cell: ({ largest }) => ({ text: largest === null ? "" : String(Number(largest.toPrecision(6))) }),
      },
    ],
    width,
  );
  return ["", table.header(colors.bold), ...paths.map((path) => table.row(path)), ""];
}

function countLines(
  counts: Readonly<Record<"alerts" | "differing" | "missing" | "extra" | "compared" | "different", number>>,
  notCompared: Readonly<Record<Section, number>>,
  unknown: ReadonlySet<string>,
  { feature, triplet, score }: Tolerances,
): string[] {
  const left = SECTIONS.filter((section) => notCompared[section] > 0).map(
    (section) => `${notCompared[section]} of ${section}`,
  );
  return [
    `${countOf(counts.alerts, "alert")} compared, ${countOf(counts.differing, "of them differs", "of them differ")}; ${counts.missing} missing, ${counts.extra} extra`,
    `${countOf(counts.compared, "value")} compared, ${countOf(counts.different, "differs", "differ")} (tolerances: features ${feature}, triplets ${triplet}, scores ${score})`,
    ...(left.length > 0 ? [`not compared, since the file omits them: ${left.join(", ")}`] : []),
    ...(unknown.size > 0 ? [`not compared, since they are unknown here: ${[...unknown].join(", ")}`] : []),
  ];
}

function identify({ objectId, candid }: GoldenAlert): { readonly objectId: string; readonly candid: string } {
  return { objectId, candid };
}

function nameOf({ objectId, candid }: GoldenAlert): string {
  return `${objectId} ${candid}`;
}

function show(value: Disagreement["expected"]): string {
  if (value === null) return "none";
  return typeof value === "object" ? "a value" : String(value);
}
