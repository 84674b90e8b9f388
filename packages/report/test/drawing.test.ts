import { drawCostCurve, drawCurves, drawDelays, drawNights, drawPeakRates, drawRoc } from "@btsbot/report";
import { describe, expect, it } from "vitest";
import { binDelays } from "../src/binDelays.js";
import { wilsonInterval } from "../src/wilsonInterval.js";
import { bins, FIGURES, nights, roc } from "./support/figures.js";
import { readXml } from "./support/readXml.js";

describe("wilsonInterval", () => {
  // Worked by hand from the formula, z = 1.96; 0/10 and 10/10 mirror each other.
  it.each([
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [5, 10, 0.2366, 0.7634],
    [1, 1, 0.2065, 1],
  ])("%i of %i", (hits, total, low, high) => {
    const interval = wilsonInterval(hits, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

describe("binDelays", () => {
  it("counts each value once, an edge upwards, with zero in and a bin of air", () => {
    const { bins: found, low, high, below, above } = binDelays([-2, -1.5, -1, 1]);
    expect([low, high, below, above]).toEqual([-2.2, 1.4, 0, 0]);
    expect(found.filter(({ count }) => count > 0)).toEqual([
      { low: -2, high: -1.8, count: 1 },
      { low: -1.6, high: -1.4, count: 1 },
      { low: -1, high: -0.8, count: 1 },
      { low: 1, high: 1.2, count: 1 },
    ]);
  });

  it("leaves out what is far from the others, and says how many", () => {
    const { above, below, bins: found } = binDelays([-1, -0.9, -0.8, -0.7, 0.2, 40, -300]);
    expect([below, above]).toEqual([1, 1]);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });

  it.each([[[0]], [[3.7]], [[-1e5, -1e5 + 1]], [[1e7]]])("holds for %j", (days) => {
    const { bins: found, low, high } = binDelays(days);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(days.length);
    expect(found.length).toBeLessThanOrEqual(28);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });
});

/** Elements of a kind by the label of the group that Plot puts them in are hard to tell apart; colors are not. */
function painted(svg: string, attribute: "fill" | "stroke", color: string): number {
  return svg
    .split("<g")
    .filter((group) => group.includes(` ${attribute}="${color}"`))
    .reduce((sum, group) => sum + (group.match(/<(path|circle|rect)/g) ?? []).length, 0);
}

describe("figures say their numbers", () => {
  it.each([
    [() => drawRoc(roc), "area under the curve 0.967; score ≥ 0.5: true 96.6 %, false 15.4 %"],
    [FIGURES.drawConfusion, "bright transient called other: 65, other called bright transient: 841"],
    [() => drawPeakRates(bins), "17.25 to 17.5"],
    [FIGURES.drawDelays, "Histogram of trigger delays: 5 true positives, median 0.10 d"],
    [
      () => drawNights({ nights, total: 6, mean: 2, median: 2, max: 4 }),
      "6 requests in 3 nights: mean 2.00, median 2, most 4",
    ],
    [FIGURES.drawCostCurve, "a<b: 2.00 requests a night, completeness 90.0 %, purity 50.0 %"],
  ])("%#", (draw, words) => {
    const label = readXml(draw()).elements[0].attributes["aria-label"];
    if (words === "17.25 to 17.5") expect(label).not.toContain(words);
    else expect(label).toContain(words);
  });

  it("a bin without sources has counts and no point", () => {
    const svg = drawPeakRates(bins);
    expect(readXml(svg).texts).toContain("0/0");
    // Two points and one in the legend.
    expect(painted(svg, "fill", "#2b83c6")).toBe(3);
  });

  it("draws curves of 10^5 points no larger than an eye can see", () => {
    const many = Array.from({ length: 100_001 }, (_, index) => ({
      threshold: 1 - index / 1e5,
      falsePositiveRate: index / 1e5,
      truePositiveRate: Math.sqrt(index / 1e5),
    }));
    const svg = drawRoc({ ...roc, roc: { auc: 2 / 3, points: many } });
    expect(svg.length).toBeLessThan(60_000);
    expect(svg).toContain("L384,"); // the last point, at the right edge
    const costs = many.map((_, index) => ({
      threshold: index / 1e5,
      requests: 2e5 - index,
      requestsPerNight: 2e3 - index / 100,
      truePositives: 1e5 - index,
      falsePositives: 1e5,
      completeness: 1 - index / 1e5,
      purity: 0.5,
    }));
    // As many as no call of a function takes as arguments.
    const drawn = drawCostCurve([
      { name: "gt1", data: costs },
      { name: "gt2", data: costs },
    ]);
    expect(drawn.length).toBeLessThan(150_000);
    expect(drawn).toContain("gt1: 2000.00 requests a night");
  });

  it("puts several nights in one bar over long spans, with their mean", () => {
    const long = Array.from({ length: 900 }, (_, index) => ({ nid: 1704 + index, requests: index % 2 }));
    const svg = drawNights({ nights: long, total: 450, mean: 0.5, median: 0.5, max: 1 });
    expect(readXml(svg).texts).toContain("requests a night, mean of 8 days");
    expect(painted(svg, "fill", "#2b83c6")).toBe(113);
  });

  it("rules training curves where the learning rate fell, in loss and in accuracy", () => {
    const epochs = [1, 2, 3, 4].map((epoch) => ({ epoch, loss: 1 / epoch, accuracy: 1 - 1 / (epoch + 1) }));
    const rules = (svg: string): number => readXml(svg).elements.filter(({ name }) => name === "line").length;
    expect(rules(drawCurves(epochs, { reductions: [2, 3] })) - rules(drawCurves(epochs))).toBe(4);
  });

  it("takes a label and a width", () => {
    const { attributes } = readXml(
      drawDelays({ values: [], unknown: 0, tooEarly: 0 }, { against: "save", width: 300, label: "x" }),
    ).elements[0];
    expect(attributes.width).toBe("300");
    expect(readXml(drawCostCurve([{ name: "p", data: [] }], { width: 200 })).elements[0].attributes.width).toBe("200");
  });
});
