import { makeReport } from "@btsbot/report";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, openBrowser } from "../../../test/support/browser.js";
import type { TestBrowser } from "../../../test/support/browser.js";
import { FIGURES } from "./support/figures.js";
import { readXml } from "./support/readXml.js";

const HEAD = [
  "policy",
  "accuracy\n%",
  "AUC",
  "completeness\n%",
  "purity\n%",
  "save\ndelay d",
  "requests\na night",
  "TP",
];
const row = (name: string): string[] => [
  name,
  ...["91.0\n(84.2-95.9)", "0.929\n(0.851-0.982)", "92.6\n(81.5-100.0)", "96.2\n(86.9-100.0)", "–", "7.25", "25"],
];
const page = makeReport({
  title: "Backtest",
  sections: [
    {
      title: "Tables",
      tables: [
        { caption: "wide", head: HEAD, rows: [row("bts_p1"), row("bts_p2")] },
        { caption: "narrow", head: ["source", "class"], rows: [["ZTF21aaaaaaa", "SN Ia"]] },
      ],
      figures: Object.values(FIGURES).map((draw) => ({ svg: draw(), caption: "a figure" })),
    },
  ],
});

it("names the column of each cell of a wide table, and what its parts are", () => {
  const { elements } = readXml(page);
  const cells = elements.filter(({ name, attributes }) => name === "td" && attributes["data-label"] !== undefined);
  expect(cells.slice(0, 7).map(({ attributes }) => attributes["data-label"])).toEqual([
    ...["accuracy %", "AUC", "completeness %", "purity %", "save delay d", "requests a night", "TP"],
  ]);
  expect(cells).toHaveLength(14);
  expect(cells.every(({ attributes }) => attributes.role === "cell")).toBe(true);
  expect(elements.filter(({ attributes }) => attributes.role === "rowheader").map(({ text }) => text)).toEqual([
    "bts_p1",
    "bts_p2",
  ]);
});

describe.skipIf(!hasBrowser)("on a phone (needs Chromium)", () => {
  let browser: TestBrowser;
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser?.close());

  it.each([390, 320])("shows all of a wide table without scrolling sideways, at %i px", async (width) => {
    const shown = await browser.context.newPage();
    await shown.setViewportSize({ width, height: 800 });
    await shown.setContent(page);
    const reach = await shown.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      cells: Math.max(
        ...[...document.querySelectorAll("td, tbody th")].map((each) => each.getBoundingClientRect().right),
      ),
    }));
    expect(reach.page).toBeLessThanOrEqual(width);
    expect(reach.cells).toBeLessThanOrEqual(width);
    await shown.close();
  });

  it("is a table again where there is room", async () => {
    const shown = await browser.context.newPage();
    await shown.setViewportSize({ width: 1200, height: 800 });
    await shown.setContent(page);
    const [first, second] = await shown
      .locator(".wide td")
      .evaluateAll((cells) => cells.map((each) => each.getBoundingClientRect().top));
    expect(second).toBe(first);
    await shown.close();
  });
});
