import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { escapeText } from "./escapeText.js";
import { REPORT_STYLE } from "./reportStyle.js";
import type { Report, ReportFigure, ReportSection, ReportTable } from "./types.js";

/** The names of {@link Report}. */
const REPORT: OptionNames<Report> = { title: "string!", subtitle: "string", sections: "list!" };

/** On a phone, the rows of a table of more columns are shown as lists. */
const MOST_COLUMNS = 7;

/**
 * Makes one HTML page of figures, tables and text. It stands by itself: no script, and nothing is loaded from elsewhere. It
 * follows the reader's choice of light or dark, and prints on white.
 *
 * @param report - title and sections; texts are escaped, SVGs go in as they are
 * @returns the page, also well-formed XML
 *
 * @example
 * ```ts
 * import { drawLightCurve, makeReport } from "@btsbot/report";
 *
 * const svg = drawLightCurve([{ jd: 2460220.9, magnitude: 18.3, fid: 1, score: 0.98 }]);
 * const page = makeReport({ title: "SN 2023tyk", sections: [{ title: "A < B", figures: [{ svg, caption: "g" }] }] });
 * page.includes("A &lt; B"); // => true
 * ```
 */
export function makeReport(report: Report): string {
  checkOptions("makeReport", report, REPORT);
  const { title, subtitle, sections } = report;
  const links = sections.map(
    (section, index) => `<li><a href="#section-${index + 1}">${escapeText(section.title)}</a></li>`,
  );
  return [
    "<!DOCTYPE html>",
    '<html lang="en" xmlns="http://www.w3.org/1999/xhtml">',
    "<head>",
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${escapeText(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    "</head>",
    "<body>",
    `<header><h1>${escapeText(title)}</h1>`,
    ...(subtitle === undefined ? [] : [`<p class="subtitle">${escapeText(subtitle)}</p>`]),
    ...(sections.length > 1 ? [`<nav aria-label="Sections"><ul>${links.join("")}</ul></nav>`] : []),
    "</header>",
    "<main>",
    ...sections.map(sectionHtml),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function sectionHtml({ title, text = [], tables = [], figures = [] }: ReportSection, index: number): string {
  return [
    `<section id="section-${index + 1}"><h2>${escapeText(title)}</h2>`,
    ...text.map((paragraph) => `<p>${escapeText(paragraph)}</p>`),
    ...(figures.length === 0 ? [] : [`<div class="figures">${figures.map(figureHtml).join("\n")}</div>`]),
    ...tables.map(tableHtml),
    "</section>",
  ].join("\n");
}

function tableHtml({ caption, head, rows }: ReportTable): string {
  const isWide = head.length > MOST_COLUMNS;
  // A table that is laid out as blocks is one to screen readers only where its parts say what they are.
  const role = (name: string): string => (isWide ? ` role="${name}"` : "");
  const label = (column: number): string =>
    isWide ? ` data-label="${escapeText(head[column].replace(/\s+/g, " "))}"` : "";
  const heads = head.map((name) => `<th scope="col"${role("columnheader")}>${escapeText(name)}</th>`).join("");
  const lines = rows.map(([name, ...cells]) => {
    const values = cells.map((each, at) => `<td${role("cell")}${label(at + 1)}>${escapeText(each)}</td>`).join("");
    return `<tr${role("row")}><th scope="row"${role("rowheader")}>${escapeText(name)}</th>${values}</tr>`;
  });
  return [
    `<figure class="table"><figcaption>${escapeText(caption)}</figcaption><div>`,
    `<table${isWide ? ' class="wide" role="table"' : ""}><thead${role("rowgroup")}><tr${role("row")}>${heads}</tr></thead>`,
    `<tbody${role("rowgroup")}>${lines.join("\n")}</tbody></table></div></figure>`,
  ].join("");
}

function figureHtml({ svg, caption }: ReportFigure): string {
  return `<figure>${svg}<figcaption>${escapeText(caption)}</figcaption></figure>`;
}
