import { describe, expect, it } from "vitest";
import { EMPTY, FIGURES } from "./support/figures.js";
import { readXml } from "./support/readXml.js";

const all = [
  ...Object.entries(FIGURES),
  ...Object.entries(EMPTY).map(([name, [draw]]) => [`${name}, empty`, draw] as const),
];

describe.each(all)("%s", (_, draw) => {
  const svg = draw();
  const { elements, texts } = readXml(svg);

  it("is well-formed SVG that stands by itself", () => {
    expect(elements[0].name).toBe("svg");
    expect(elements[0].attributes).toMatchObject({ xmlns: "http://www.w3.org/2000/svg", role: "img" });
    expect(svg.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|url\(|href|<script|<style|<image/);
  });

  it("has a name for who cannot see it", () => {
    expect(elements[1].name).toBe("title");
    expect(elements[0].attributes["aria-label"].length).toBeGreaterThan(20);
  });

  it("has no ids and no classes, which could clash on a page", () => {
    expect(elements.filter(({ attributes }) => "id" in attributes || "class" in attributes)).toEqual([]);
  });

  it("has ink that suits any paper", () => {
    const colors = elements
      .flatMap(({ attributes }) => [attributes.fill, attributes.stroke])
      .filter((color) => color && color !== "none" && color !== "currentColor");
    expect(colors.filter((color) => !/^#[\da-f]{6}$/.test(color))).toEqual([]);
    for (const color of new Set(colors))
      for (const paper of ["#ffffff", "#14171c"])
        expect(contrast(color, paper), `${color} on ${paper}`).toBeGreaterThan(3.4);
  });

  it("is drawn with numbers alone", () => {
    expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(texts.length).toBeGreaterThan(0);
  });

  it("is the same each time", () => {
    expect(draw()).toBe(svg);
  });
});

it.each(Object.entries(EMPTY))("%s without data says why", (_, [draw, why]) => {
  const { texts } = readXml(draw());
  expect(texts.join(" ")).toContain(why);
});

/** Contrast by https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [darker, lighter] = [a, b].map(luminance).sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((place) => parseInt(color.slice(place, place + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
