import { LSST } from "@btsbot/alert";
import { drawLightCurve, toLightCurvePoints } from "@btsbot/report";
import type { LightCurvePoint } from "@btsbot/report";
import { describe, expect, it } from "vitest";
import { curve, FIGURES } from "./support/figures.js";
import { readXml } from "./support/readXml.js";
import type { XmlElement } from "./support/readXml.js";

const GREEN = "#0a9a72";
const POINT = { jd: 2459460.8, magnitude: 18.9, fid: 1 };

/** The place of an element, from its `transform`. */
function placeOf({ attributes }: XmlElement): [x: number, y: number] {
  const [, x, y] = /^translate\(([-\d.]+),([-\d.]+)\)$/.exec(attributes.transform)!;
  return [Number(x), Number(y)];
}

/** Detections and limits in the order of drawing, each with what its tooltip says; the legend has none. */
function marksOf(svg: string): (XmlElement & { readonly title: string })[] {
  const { elements } = readXml(svg);
  return elements.flatMap((element, at) => {
    // A title follows what it belongs to.
    const next = elements[at + 1] as XmlElement | undefined;
    return /^(path|g)$/.test(element.name) && next?.name === "title" ? [{ ...element, title: next.text }] : [];
  });
}

function markOf(point: Partial<LightCurvePoint>, threshold?: number): XmlElement {
  const marks = marksOf(drawLightCurve([{ ...POINT, ...point }], threshold === undefined ? {} : { threshold }));
  expect(marks).toHaveLength(1);
  return marks[0];
}

describe("drawLightCurve", () => {
  it("fills points at or over the threshold, leaves those under it hollow, and those without score pale", () => {
    expect(markOf({ score: 0.5 }).attributes).toMatchObject({ fill: GREEN, stroke: GREEN });
    expect(markOf({ score: 0.499 }).attributes).toMatchObject({ fill: "none", stroke: GREEN });
    expect(markOf({ score: 0.6 }, 0.7).attributes.fill).toBe("none");
    const { attributes } = markOf({});
    expect([attributes.fill, Number(attributes["fill-opacity"])]).toEqual([GREEN, 0.35]);
    const legend = readXml(drawLightCurve(curve)).texts;
    expect(legend).toEqual(expect.arrayContaining(["score ≥ 0.5", "score < 0.5", "no score", "limit"]));
  });

  it("tells bands by shape and by color, by the survey's number of the filter too", () => {
    const looks = ["u", "g", "r", "i", "z", "y", "w"].map((band) => markOf({ band, score: 1 }).attributes);
    expect(new Set(looks.map(({ d }) => d)).size).toBe(7);
    expect(new Set(looks.map(({ fill }) => fill)).size).toBe(7);
    ["g", "r", "i"].forEach((band, at) => {
      expect(markOf({ fid: at + 1 })).toEqual({ ...markOf({ band }) });
    });
    for (const [fid, band] of Object.entries(LSST.filters))
      expect(markOf({ fid: Number(fid) }), band).toEqual(markOf({ band }));
    expect(markOf({ fid: 9 })).toEqual(markOf({ band: "w" }));
  });

  it("has marks of about the same area", () => {
    const areas = ["u", "r", "i", "z", "y", "w"].map((band) => {
      const corners = [...markOf({ band }).attributes.d.matchAll(/([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => [+x, +y]);
      return Math.abs(
        corners.reduce((sum, [x, y], at) => {
          const [nextX, nextY] = corners[(at + 1) % corners.length];
          return sum + (x * nextY - nextX * y) / 2;
        }, 0),
      );
    });
    for (const area of areas) expect(Math.abs(area / (Math.PI * 4.5 ** 2) - 1)).toBeLessThan(0.15);
  });

  it("tells negative subtractions by a bar inside, however the mark is filled", () => {
    // A hole in a filled mark: on white and on dark paper alike.
    const filled = markOf({ score: 1, isNegative: true }).attributes;
    expect(filled.d.match(/M/g)).toHaveLength(2);
    expect(filled["fill-rule"]).toBe("evenodd");
    expect(markOf({ score: 1 }).attributes.d.match(/M/g)).toHaveLength(1);
    for (const point of [{ score: 0.1 }, {}]) {
      const svg = drawLightCurve([{ ...POINT, ...point, isNegative: true }]);
      const bars = readXml(svg).elements.filter(({ attributes }) => attributes.stroke === "none");
      // One in the legend.
      expect(bars.map(({ attributes }) => attributes.fill)).toEqual(["currentColor", GREEN]);
      expect(readXml(svg).texts).toContain("negative");
    }
    expect(readXml(drawLightCurve([POINT])).texts).not.toContain("negative");
  });

  it("draws forced photometry at half the size", () => {
    const reach = (point: Partial<LightCurvePoint>): number =>
      Math.max(...[...markOf({ fid: 2, ...point }).attributes.d.matchAll(/[\d.]+/g)].map(Number));
    expect(reach({ isForced: true }) / reach({})).toBeCloseTo(0.5, 2);
  });

  it("points upper limits down, from where the limit is, behind the detections", () => {
    const svg = drawLightCurve([
      { ...POINT, isLimit: true },
      { ...POINT, score: 0.9 },
    ]);
    const [limit, detection] = marksOf(svg);
    // At one magnitude both stand at one height.
    expect(placeOf(limit)).toEqual(placeOf(detection));
    expect(limit.attributes).toMatchObject({ fill: "none", stroke: GREEN });
    // The picture's y grows downward: of the arrow, the tip is the end of both barbs.
    const numbers = /^M-[\d.]+,0h[\d.]+M0,0v([\d.]+)M-[\d.]+,([\d.]+)L0,([\d.]+)L[\d.]+,([\d.]+)$/.exec(
      limit.attributes.d,
    )!;
    const [shaft, left, tip, right] = numbers.slice(1).map(Number);
    expect(tip).toBe(shaft);
    expect(tip).toBeGreaterThan(0);
    expect(Math.max(left, right)).toBeLessThan(tip);
    expect(readXml(svg).texts.join()).toContain("g: fainter than 18.90");
  });

  it("has bright up and late right, and tells of each point when, what and how", () => {
    const svg = drawLightCurve(curve);
    const { texts, elements } = readXml(svg);
    expect(texts).toContain("2021-09-03 07:12 (JD 2459460.8000), g: 18.90 ± 0.10 mag, score 0.700");
    expect(texts).toContain("2021-09-07 07:12 (JD 2459464.8000), i: 18.60 mag, no score");
    expect(texts.join()).toContain("r: fainter than 20.40");
    expect(elements[0].attributes["aria-label"]).toBe(
      "Light curve: 3 detections, 1 with score at least 0.5; 1 upper limits",
    );
    const places = new Map(
      marksOf(svg).map((mark) => [/: (?:fainter than )?([\d.]+)/.exec(mark.title.slice(20))![1], placeOf(mark)]),
    );
    const byMagnitude = [...places].sort(([a], [b]) => Number(a) - Number(b)).map(([, [, y]]) => y);
    expect(byMagnitude).toEqual([...byMagnitude].sort((a, b) => a - b));
    expect(places.get("18.90")![0]).toBeLessThan(places.get("18.40")![0]);
  });

  it("draws errors from the mark's edge on, as long as they are", () => {
    const svg = drawLightCurve([{ ...POINT, error: 0.25 }]);
    const [[, y]] = marksOf(svg).map(placeOf);
    const bars = readXml(svg).elements.flatMap(({ attributes: { d = "" } }) => {
      const found = /^M[\d.]+,([\d.]+)V([\d.]+)M[\d.]+,([\d.]+)V([\d.]+)$/.exec(d);
      return found === null ? [] : [found.slice(1).map(Number)];
    });
    expect(bars).toHaveLength(1);
    const [top, above, below, bottom] = bars[0];
    expect([above, below]).toEqual([expect.closeTo(y - 4.5, 0), expect.closeTo(y + 4.5, 0)]);
    // 1 mag over 214 px.
    expect([y - top, bottom - y]).toEqual([expect.closeTo(53.5, 0), expect.closeTo(53.5, 0)]);
    expect(readXml(drawLightCurve([{ ...POINT, error: NaN }])).texts.join()).not.toContain("±");
  });

  it("draws lines of magnitudes, but for those far from all points", () => {
    const lines = [
      { magnitude: 18.5, name: "the survey's limit" },
      { magnitude: 12, name: "far" },
    ];
    const { texts } = readXml(drawLightCurve(curve, { lines }));
    expect(texts).toContain("the survey's limit");
    expect(texts).not.toContain("far");
  });

  it("counts days from a moment where one is given", () => {
    const { texts } = readXml(drawLightCurve(curve, { since: 2459464.8 }));
    expect(texts).toContain("days from 2021-09-07 07:12 UT");
    expect(texts).toEqual(expect.arrayContaining(["−4", "−2", "0"]));
    expect(readXml(drawLightCurve(curve)).texts).toContain("UT, 2021");
  });

  it("names policies that fire at once together, and keeps names apart", () => {
    const firings = [
      { policy: "gt1", jd: 2459460.8 },
      { policy: "bts_p1", jd: 2459460.9 },
      { policy: "bts_p2", jd: 2459460.9 },
      { policy: "never", jd: NaN },
    ];
    const names = readXml(drawLightCurve(curve, { firings })).elements.filter(({ text }) =>
      /gt1|bts_p|never/.test(text),
    );
    const shown = names.filter(({ name }) => name === "text");
    expect(shown.map(({ text }) => text)).toEqual(["bts_p1, bts_p2", "gt1"]);
    expect(shown[0].attributes.y).not.toBe(shown[1].attributes.y);
  });

  it("escapes names", () => {
    const { texts, elements } = readXml(FIGURES.drawLightCurve());
    expect(texts).toContain('"p" & <q>');
    expect(elements[0].attributes["aria-label"]).toContain('"p" & <q> fired');
  });

  it("holds many points, and one", () => {
    const many = Array.from({ length: 150_000 }, (_, at) => ({
      jd: 2459000 + at / 100,
      magnitude: 18 + (at % 7) / 10,
    }));
    expect(drawLightCurve(many)).toContain("150000 detections");
    expect(drawLightCurve([POINT])).not.toMatch(/NaN|Infinity/);
  });

  it("is not flattened by what no source can have", () => {
    const wild = [
      { ...POINT, magnitude: 1e9 },
      { ...POINT, magnitude: -1e308 },
      { ...POINT, jd: 1e308 },
      { ...POINT, jd: -1e308 },
    ];
    expect(drawLightCurve([POINT, ...wild])).toBe(drawLightCurve([POINT]));
    expect(drawLightCurve(wild)).toContain("No light curve");
    for (const error of [1e9, -1, Infinity])
      expect(drawLightCurve([{ ...POINT, error }])).toBe(drawLightCurve([POINT]));
  });
});

describe("toLightCurvePoints", () => {
  it("takes signs, errors and limits, and scores by id", () => {
    const detection = { jd: 2459460.8, fid: 1, magpsf: 18.9, sigmapsf: 0.1, positive: true, candid: 1n, programid: 1 };
    const detections = [
      detection,
      { ...detection, candid: 2n, positive: false, sigmapsf: null },
      { ...detection, candid: null, positive: null },
    ];
    const nondetections = [{ jd: 2459458.7, fid: 2, diffmaglim: 20.4 }];
    expect(toLightCurvePoints({ detections, nondetections }, new Map([[1n, 0.7]]))).toEqual([
      { jd: 2459460.8, magnitude: 18.9, fid: 1, error: 0.1, score: 0.7 },
      { jd: 2459460.8, magnitude: 18.9, fid: 1, isNegative: true },
      { jd: 2459460.8, magnitude: 18.9, fid: 1, error: 0.1 },
      { jd: 2459458.7, magnitude: 20.4, fid: 2, isLimit: true },
    ]);
  });
});
