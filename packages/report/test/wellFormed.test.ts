import {
  drawCostCurve,
  drawCurves,
  drawDelays,
  drawLightCurve,
  drawNights,
  drawPeakRates,
  drawRoc,
  makeReport,
} from "@btsbot/report";
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { cost, bins, curve, nights, roc } from "./support/figures.js";
import { readXml } from "./support/readXml.js";

/** Texts of every kind: whole code points, halves of pairs, and what means something to a parser. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))).map((units) => units.join("")),
  fc
    .array(
      fc.constantFrom(
        ...[
          "]]>",
          "<![CDATA[",
          "<!--",
          "-->",
          "</script>",
          "</title>",
          "<svg",
          "&",
          "&amp;",
          "&#0;",
          "&nope;",
          '"',
          "'",
          "\0",
          "\u202e",
          "\u2066",
        ],
        ...[
          "\u0085",
          "\u00a0",
          "\u2028",
          "\u202e",
          "\ud800",
          "\udc00",
          "\ufffe",
          "\uffff",
          "\ufdd0",
          "\u{1ffff}",
          "\r",
          "\t",
          "\n",
          "<?",
        ],
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("a")),
);

/** What a reader of the page sees: what neither XML nor HTML can hold is replaced, and nothing else. */
function shown(given: string): string {
  return [...given.replace(/\r\n?/g, "\n")]
    .map((each) => {
      const code = each.codePointAt(0)!;
      const isControl = (code < 0x20 && each !== "\t" && each !== "\n") || (code >= 0x7f && code < 0xa0);
      const isSurrogate = code >= 0xd800 && code < 0xe000;
      const isNoCharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
      const isTurning = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
      return isControl || isSurrogate || isNoCharacter || isTurning ? "\ufffd" : each;
    })
    .join("");
}

const FIGURES: Readonly<Record<string, (text: string) => string>> = {
  drawLightCurve: (label) =>
    drawLightCurve(curve, {
      firings: [{ policy: label, jd: 2459460.8 }],
      lines: [{ magnitude: 18.5, name: label }],
    }),
  "drawLightCurve, label": (label) => drawLightCurve(curve, { label }),
  "drawLightCurve, nothing": (label) => drawLightCurve([], { label }),
  drawCostCurve: (name) => drawCostCurve([{ name, data: cost }]),
  drawRoc: (label) => drawRoc(roc, { label }),
  drawPeakRates: (label) => drawPeakRates(bins, { label }),
  drawNights: (label) => drawNights({ nights, total: 6, mean: 2, median: 2, max: 4 }, { label }),
  drawDelays: (label) => drawDelays({ values: [], unknown: 0, tooEarly: 0 }, { against: "save", label }),
  drawCurves: (label) => drawCurves([{ epoch: 1, loss: 0.6 }], { label }),
};

describe("whatever the texts are", () => {
  it.each(Object.entries(FIGURES))("%s is well-formed XML", (_, draw) => {
    fc.assert(
      fc.property(text, (given) => {
        readXml(draw(given));
      }),
      { numRuns: 60 },
    );
  });

  it("a page is well-formed XML, and says what it was given, to a parser of XML and to one of HTML", () => {
    fc.assert(
      fc.property(text, (given) => {
        const page = makeReport({
          title: given,
          subtitle: given,
          sections: [
            {
              title: given,
              text: [given],
              tables: [{ caption: given, head: [given, "b"], rows: [[given, given]] }],
              figures: [{ svg: drawLightCurve(curve, { label: given }), caption: given }],
            },
          ],
        });
        const wanted = shown(given);
        const { elements } = readXml(page);
        const said = (name: string): string[] => elements.filter((each) => each.name === name).map((each) => each.text);
        expect(said("title")[0]).toBe(wanted);
        expect(said("h1")).toEqual([wanted]);
        expect(said("p")).toEqual([wanted, wanted]);
        expect(said("th")).toEqual([wanted, "b", wanted]);
        expect(said("td")).toEqual([wanted]);
        expect(said("figcaption")).toEqual([wanted, wanted]);
        const { document } = parseHTML(page);
        expect(document.querySelector("h1")!.textContent).toBe(wanted);
        expect(document.querySelectorAll("script")).toHaveLength(0);
      }),
      { numRuns: 200 },
    );
  });

  it("holds for each code point by itself", () => {
    const all = Array.from({ length: 0x11_0000 }, (_, code) => code);
    // As many in a page as keep it small.
    for (let at = 0; at < all.length; at += 0x4000) {
      const given = all
        .slice(at, at + 0x4000)
        .map((code) => `${String.fromCodePoint(code)}|`)
        .join("");
      const { elements } = readXml(makeReport({ title: given, sections: [] }));
      if (elements.find(({ name }) => name === "h1")!.text !== shown(given)) expect.fail(`from ${at.toString(16)}`);
    }
  });
});
