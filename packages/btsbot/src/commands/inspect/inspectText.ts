import { countOf } from "@btsbot/errors";
import type { Alert, LightCurve } from "@btsbot/alert";
import { formatJd } from "@btsbot/sky";
import type { Colors, Terminal } from "../../terminal/createTerminal.js";
import { chartLightCurve } from "../../terminal/chartLightCurve.js";
import { filterName, paintFilter } from "../../terminal/filters.js";
import { fit } from "../../terminal/layoutTable.js";
import { printable } from "../../terminal/printable.js";
import { wrapText } from "../../terminal/wrapText.js";
import { FIELD_GROUPS } from "./fieldGroups.js";
import type { Inspection } from "./inspectAlert.js";
import { packColumns } from "./packColumns.js";
import type { PaintedText } from "./packColumns.js";
import type { Packet } from "./readPacket.js";

/** The survey's mark for no match. */
const SENTINEL = -999;
/** Told in the first lines already. */
const IN_TITLE = new Set(["jd", "fid", "candid"]);
/** Digits that float32 and, less the last that are never exact, float64 hold. */
const [SINGLE_DIGITS, DOUBLE_DIGITS] = [7, 15];
/** A field wider than this has a line of its own, so that it does not make every column as wide. */
const MAX_COLUMN = 40;
const INDENT = "  ";

/**
 * An inspection as text for people.
 *
 * @internal
 */
export function inspectText(inspection: Inspection, { colors, width }: Terminal): string {
  const inner = width - INDENT.length;
  const sections: [string, string[]][] = [
    ...listSection(inspection.packet, inspection.index, colors),
    ...fieldSections(inspection.alert, inner, colors),
    ...senderSections(inspection.alert, inner),
    historySection(inspection, inner, colors),
    featureSection(inspection, inner, colors),
    stampSection(inspection, inner, colors),
  ];
  const body = sections.map(
    ([title, lines]) => `\n${colors.bold(title)}\n${lines.map((line) => `${INDENT}${line}`.trimEnd()).join("\n")}\n`,
  );
  return titleLines(inspection, colors) + body.join("");
}

function titleLines({ packet, alert }: Inspection, colors: Colors): string {
  const { jd, fid, magpsf, sigmapsf } = alert.candidate;
  const magnitude =
    magpsf == null ? "" : `  ${magpsf.toFixed(2)}${sigmapsf == null ? "" : ` ± ${sigmapsf.toFixed(2)}`} mag`;
  const written = [
    packet.encoding,
    alert.survey && `survey ${alert.survey}`,
    alert.schemavsn && `schema ${alert.schemavsn}`,
    alert.publisher,
    `${packet.bytes.toLocaleString("en")} bytes`,
  ];
  return [
    `${colors.bold(printable(alert.objectId))}  ${alert.candid}  ${formatJd(jd)} UT  ${paintFilter(fid, filterName(fid), colors)}${magnitude}`,
    colors.dim(printable(`${packet.file}: ${written.filter(Boolean).join(", ")}; jd ${jd}`)),
    "",
  ].join("\n");
}

/** What the sender says of the alert, and what was made of its form. */
function senderSections({ classifications, form }: Alert, width: number): [string, string[]][] {
  const sections: [string, string[]][] = [];
  if (classifications !== undefined) {
    const scores = Object.entries(classifications).map(([name, value]) => `${name}  ${formatValue(value)}`);
    const texts = scores.map((score) => fit(printable(score), width));
    sections.push([
      "Scores of the sender, not computed here",
      packColumns(
        texts.map((text) => ({ text, width: text.length })),
        width,
      ),
    ]);
  }
  if (form !== undefined) {
    const lines = [...(form.flags ?? []), ...wrapText(form.lacks ?? "", width)].filter((line) => line !== "");
    sections.push([`Read from the form ${printable(form.name)}`, lines.map((line) => printable(line))]);
  }
  return sections;
}

function listSection({ alerts, listed }: Packet, chosen: number, colors: Colors): [string, string[]][] {
  if (alerts < 2) return [];
  const lines = listed.map(({ index, result }) => {
    const mark = index === chosen ? "*" : " ";
    if (!result.success) return `${mark} ${index}  ${colors.red(printable(result.error.message))}`;
    const { objectId, candid, candidate } = result.data;
    const line = `${mark} ${String(index).padStart(2)}  ${printable(objectId).padEnd(12)}  ${candid}  ${formatJd(candidate.jd)}`;
    return index === chosen ? colors.bold(line) : line;
  });
  if (alerts > listed.length) lines.push(colors.dim(`... ${alerts - listed.length} more`));
  return [[`${countOf(alerts, "alert")}; --index chooses one, here ${chosen}`, lines]];
}

function fieldSections({ candidate, survey }: Alert, width: number, colors: Colors): [string, string[]][] {
  const known = new Set([...IN_TITLE, ...FIELD_GROUPS.flatMap(({ units }) => Object.keys(units))]);
  const others = Object.fromEntries(
    Object.keys(candidate)
      .filter((name) => !known.has(name))
      .map((name) => [name, ""]),
  );
  const rest = survey === undefined ? "Not of the survey's schema" : "The survey's own fields";
  return [...FIELD_GROUPS, { title: rest, units: others }].flatMap(({ title, units }): [string, string[]][] => {
    const present = Object.entries(units).filter(([name]) => candidate[name] !== undefined);
    const longest = Math.max(...present.map(([name]) => name.length));
    const texts = present.map(([name, unit]) =>
      fieldText(printable(name).padEnd(longest), candidate[name], unit, width, colors),
    );
    const [short, long] = [
      texts.filter((text) => text.width <= MAX_COLUMN),
      texts.filter((text) => text.width > MAX_COLUMN),
    ];
    return present.length === 0 ? [] : [[title, [...packColumns(short, width), ...long.map(({ text }) => text)]]];
  });
}

function fieldText(name: string, value: unknown, unit: string, width: number, colors: Colors): PaintedText {
  const text = fit(formatValue(value), width - name.length - 2);
  // The survey writes the names of no solar system object as "null".
  const nothing = value === null || value === "null" || value === SENTINEL;
  const shown = nothing ? colors.dim(text) : text;
  const suffix = unit && !nothing ? ` ${unit}` : "";
  return {
    text: `${colors.dim(name)}  ${shown}${colors.dim(suffix)}`,
    width: name.length + 2 + text.length + suffix.length,
  };
}

function formatValue(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value !== "number") return `${value as string | bigint | boolean}`;
  if (Number.isInteger(value)) return String(value);
  // What is not a single-precision number came with more digits: dates and coordinates.
  return String(Number(value.toPrecision(Math.fround(value) === value ? SINGLE_DIGITS : DOUBLE_DIGITS)));
}

/** What stands before a magnitude. */
const HISTORY_SIGNS = "+ brighter than the template, - fainter, > upper limit";

function historySection({ history, alert }: Inspection, width: number, colors: Colors): [string, string[]] {
  const { detections, nondetections } = history;
  const title = `History, ${detections.length} detections, ${nondetections.length} upper limits`;
  return [
    title,
    [
      ...chartLightCurve(history, Math.min(width, 100), colors),
      "",
      ...packColumns(historyTexts(history, alert, colors), width),
      colors.dim(HISTORY_SIGNS),
    ],
  ];
}

function historyTexts({ detections, nondetections }: LightCurve, { candidate }: Alert, colors: Colors): PaintedText[] {
  const points = [
    ...detections.map(({ jd, fid, magpsf, sigmapsf, positive }) => {
      const sign = positive === null ? " " : positive ? "+" : "-";
      const error = sigmapsf === null ? "" : ` ± ${sigmapsf.toFixed(2)}`;
      return { jd, fid, text: `${sign}${magpsf.toFixed(2)}${error}` };
    }),
    ...nondetections.map(({ jd, fid, diffmaglim }) => ({ jd, fid, text: `>${diffmaglim.toFixed(2)}` })),
  ].sort((a, b) => a.jd - b.jd);
  return points.map(({ jd, fid, text }) => {
    const days = (jd - candidate.jd).toFixed(3).padStart(8);
    const plain = `${days} d  ${filterName(fid)}  ${text}`;
    const shown = text.startsWith(">") ? colors.dim(text) : text;
    return {
      text: `${colors.dim(`${days} d`)}  ${paintFilter(fid, filterName(fid), colors)}  ${shown}`,
      width: plain.length,
    };
  });
}

function featureSection({ features }: Inspection, width: number, colors: Colors): [string, string[]] {
  const { profile, names, values, flags, reasons } = features;
  const longest = Math.max(...names.map((name) => name.length));
  // Of another survey's alert nothing was read.
  const isRead = reasons.every(({ code }) => code !== "survey-unsupported");
  const texts = (isRead ? names : []).map((name, place): PaintedText => {
    const value = values[place];
    // The network reads single precision.
    const text = Number.isNaN(value) ? "missing" : formatValue(Math.fround(value));
    const paint = Number.isNaN(value) ? colors.red : value === SENTINEL ? colors.yellow : (shown: string) => shown;
    return { text: `${colors.dim(name.padEnd(longest))}  ${paint(text)}`, width: longest + 2 + text.length };
  });
  const notes = [
    ...(flags.length > 0 ? [`${colors.yellow("flags")}  ${printable(flags.join(", "))}`] : []),
    ...reasons.map(({ message }) => `${colors.red("cannot be scored")}  ${printable(message)}`),
  ];
  return [`Features of ${profile}`, [...packColumns(texts, width), ...notes]];
}

function stampSection({ alert, stamps, stampFlags }: Inspection, width: number, colors: Colors): [string, string[]] {
  const lines = stamps.map(({ name, stats }) => {
    if (!stats.success) return `${name.padEnd(10)}  ${colors.red(fit(stats.error.message, width - 12))}`;
    const { width: columns, height, nanCount, infiniteCount, norm, median, min, max } = stats.data;
    const facts = [
      `${columns} x ${height}`,
      `${nanCount} masked`,
      ...(infiniteCount > 0 ? [colors.red(`${infiniteCount} infinite`)] : []),
      `norm ${formatValue(Math.fround(norm))}`,
      `median ${formatValue(Math.fround(median))}`,
      `${formatValue(min)} to ${formatValue(max)}`,
    ];
    return `${name.padEnd(10)}  ${facts.join(", ")}`;
  });
  if (stampFlags.length > 0) lines.push(`${colors.yellow("flags")}  ${stampFlags.join(", ")}`);
  return [alert.survey === undefined ? "Stamps, in DN" : "Stamps", lines];
}
