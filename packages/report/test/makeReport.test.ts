import { makeReport } from "@btsbot/report";
import { describe, expect, it } from "vitest";
import { EMPTY, FIGURES } from "./support/figures.js";
import { readXml } from "./support/readXml.js";

const EVIL = `<script>alert("x")</script> & 'y' \u0000`;

describe("makeReport", () => {
  const figures = [...Object.values(FIGURES), ...Object.values(EMPTY).map(([draw]) => draw)].map((draw) => ({
    svg: draw(),
    caption: EVIL,
  }));
  const page = makeReport({
    title: EVIL,
    subtitle: EVIL,
    sections: [
      { title: EVIL, text: [EVIL], tables: [{ caption: EVIL, head: [EVIL, "b"], rows: [[EVIL, EVIL]] }], figures },
      { title: "empty" },
    ],
  });
  const { elements, texts } = readXml(page.replace(/<style>[^]*?<\/style>/, ""));

  it("is well-formed, with all texts escaped", () => {
    expect(elements.filter(({ name }) => name === "script")).toEqual([]);
    const said = EVIL.replace("\0", "\uFFFD");
    // Title twice, its line, the section's heading and link, text, caption, a heading and two cells, and every figure.
    expect(texts.filter((text) => text === said)).toHaveLength(10 + figures.length);
  });

  it("loads nothing and runs nothing", () => {
    const names = page
      .replaceAll('xmlns="http://www.w3.org/2000/svg"', "")
      .replaceAll('xmlns="http://www.w3.org/1999/xhtml"', "");
    expect(names).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/i);
    const reaching = elements
      .flatMap(({ attributes }) => Object.entries(attributes))
      .filter(([name]) => /^(src|srcset|href|xlink:href|data|action|on\w+)$/.test(name));
    expect(reaching.map(([, value]) => value)).toEqual(["#section-1", "#section-2"]);
    expect(
      elements
        .map(({ name }) => name)
        .filter((name) => ["link", "img", "iframe", "object", "embed", "image"].includes(name)),
    ).toEqual([]);
  });

  it("has each id once, and leads to those that are there", () => {
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(ids).toEqual(["section-1", "section-2"]);
  });

  it("knows light, dark and paper", () => {
    expect(page).toContain("prefers-color-scheme: dark");
    expect(page).toContain("@media print");
    expect(page).toContain("color-scheme: light dark");
  });
});
