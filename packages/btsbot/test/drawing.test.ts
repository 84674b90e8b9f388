import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { chartLightCurve } from "../src/terminal/chartLightCurve.js";
import { drawSparkline } from "../src/commands/score/drawSparkline.js";
import { layoutTable } from "../src/terminal/layoutTable.js";
import type { Column } from "../src/terminal/layoutTable.js";
import { packColumns } from "../src/commands/inspect/packColumns.js";
import { wrapText } from "../src/terminal/wrapText.js";

const bare = pc.createColors(false);
const detection = (jd: number, magpsf: number, fid = 1) => ({
  jd,
  fid,
  magpsf,
  sigmapsf: 0.1,
  positive: true,
  candid: null,
  programid: 1,
});
const limit = (jd: number, diffmaglim: number) => ({ jd, fid: 1, diffmaglim });

describe("drawSparkline", () => {
  it("has time to the right, bright up, limits apart", () => {
    const history = {
      detections: [detection(4, 20), detection(5, 19), detection(9, 18)],
      nondetections: [limit(0, 20.5), limit(2, 20.4)],
    };
    expect(drawSparkline(history, 10, bare).text).toBe("v v ▁▄   ▇");
  });

  it("shows the brightest detection where several points fall together", () => {
    const history = {
      detections: [detection(0, 18), detection(9, 17), detection(9.01, 18), detection(9.02, 20)],
      nondetections: [limit(9, 15)],
    };
    expect(drawSparkline(history, 10, bare).text).toBe("▅        ▇");
  });

  it("puts a lone detection at the end, half high", () => {
    expect(drawSparkline({ detections: [detection(3, 18)], nondetections: [] }, 5, bare).text).toBe("    ▄");
    expect(drawSparkline({ detections: [], nondetections: [] }, 3, bare).text).toBe("   ");
  });

  it("paints detections in the color of their filter", () => {
    const { text, paint } = drawSparkline(
      { detections: [detection(0, 18, 2)], nondetections: [] },
      1,
      pc.createColors(true),
    );
    expect(paint!(text)).toBe(pc.createColors(true).red("▄"));
  });
});

describe("drawLightCurve", () => {
  it("has a capital where a detection is fainter than the template, and says so", () => {
    const negative = { ...detection(10, 18, 2), positive: false };
    const lines = chartLightCurve({ detections: [negative, detection(0, 20)], nondetections: [] }, 50, bare);
    expect(lines[0]).toBe("18.00 ┤" + " ".repeat(42) + "R");
    expect(lines[8]).toBe("20.00 ┤g");
    expect(lines.at(-1)).toBe("       capitals: fainter than the template");
  });

  it("marks each point at its magnitude and day", () => {
    const history = { detections: [detection(10, 18, 2), detection(0, 20)], nondetections: [limit(5, 20)] };
    const lines = chartLightCurve(history, 27, bare);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe("18.00 ┤" + " ".repeat(19) + "r");
    expect(lines[8]).toBe("20.00 ┤g" + " ".repeat(9) + "v");
    expect(lines[9]).toBe(" ".repeat(7) + "-10.0 d   this alert");
  });
});

describe("layoutTable", () => {
  const columns: Column<string>[] = [
    { title: "a", min: 4, cell: (row) => ({ text: row }) },
    { title: "b", min: 6, drop: 1, cell: () => ({ text: "b" }) },
    { title: "c", min: 3, max: 9, align: "right", cell: (_, width) => ({ text: String(width) }) },
  ];

  it("shrinks gaps, then leaves columns out, and lets the last grow", () => {
    const row = (width: number): string => layoutTable(columns, width).row("longer");
    expect(row(30)).toBe("lon…  b               9");
    expect(row(17)).toBe("lon…  b         3");
    expect(row(15)).toBe("lon… b        3");
    expect(row(14)).toBe("lon…         8");
    expect(row(9)).toBe("lon…    3");
  });
});

it("packs columns downwards, as many as fit", () => {
  const texts = ["one", "two", "three", "four", "five"].map((text) => ({ text, width: text.length }));
  expect(packColumns(texts, 20)).toEqual(["one     four", "two     five", "three"]);
  expect(packColumns(texts, 4)).toHaveLength(5);
  expect(packColumns([], 10)).toEqual([]);
});

it("wraps at spaces, never within a word", () => {
  expect(wrapText("d  one two three", 10)).toEqual(["d  one two", "   three"]);
  expect(wrapText("incomprehensible word", 8)).toEqual(["incomprehensible", "   word"]);
});
