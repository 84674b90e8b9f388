import { describe, expect, it } from "vitest";
import { readFits, writeFits } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

/** A FITS file with the given cards and float32 pixels 0, 1, 2 … after its header. */
function makeFits(cards: readonly string[], pixels = 6): Uint8Array {
  const header = [...cards, "END"].map((card) => card.padEnd(80)).join("");
  const offset = Math.ceil(header.length / 2880) * 2880;
  const bytes = new Uint8Array(offset + Math.ceil((pixels * 4) / 2880) * 2880);
  bytes.set(new TextEncoder().encode(header.padEnd(offset)));
  const view = new DataView(bytes.buffer, offset);
  for (let index = 0; index < pixels; index += 1) view.setFloat32(index * 4, index, false);
  return bytes;
}

const CARDS = [
  "SIMPLE  =  T",
  "BITPIX  =                  -32",
  "NAXIS   =                    2",
  "NAXIS1  =                    3",
  "NAXIS2  =                    2",
];

function replaceCard(keyword: string, ...cards: readonly string[]): Uint8Array {
  return makeFits(CARDS.flatMap((card) => (card.startsWith(keyword.padEnd(8)) ? cards : [card])));
}

function coded(code: string): Error {
  return expect.objectContaining({ code }) as Error;
}

describe("readFits", () => {
  it("reads what writeFits writes, NaN and infinity included, and odd sizes", () => {
    for (const [width, height] of [
      [63, 63],
      [63, 43],
      [62, 63],
      [1, 1],
      [1024, 1],
    ]) {
      const stamp = makeStamp(width, height);
      stamp.pixels.set([NaN, Infinity, -Infinity].slice(0, stamp.pixels.length));
      expect(readFits(writeFits(stamp))).toEqual(stamp);
    }
  });

  it("reads big-endian pixels, row after row, at any offset of a buffer", () => {
    const bytes = makeFits(CARDS);
    const within = new Uint8Array(bytes.length + 3);
    within.set(bytes, 3);
    expect(readFits(within.subarray(3))).toEqual({ width: 3, height: 2, pixels: Float32Array.of(0, 1, 2, 3, 4, 5) });
  });

  it("takes whatever holds bytes, and says what does not", () => {
    const stamp = { width: 3, height: 1, pixels: Float32Array.of(1, -2, 3) };
    const bytes = writeFits(stamp);
    expect(readFits(bytes.slice().buffer)).toEqual(stamp);
    expect(readFits(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))).toEqual(stamp);
    for (const input of [null, 5, "SIMPLE  =", new Uint16Array(9)])
      expect(() => readFits(input as unknown as Uint8Array)).toThrow(
        expect.objectContaining({ code: "stamp-not-fits" }),
      );
  });

  it("reads a header of two blocks, comments, quoted texts, and ignores BLANK and all that follows the image", () => {
    const [simple, bitpix, naxis, ...sides] = CARDS;
    const fillers = Array.from({ length: 40 }, (_, index) => `HISTORY = ${index} '/' /`);
    const cards = [
      simple,
      `${bitpix} / IEEE single`,
      naxis,
      "OBJECT  = 'a / b'",
      "BLANK   = -32768",
      ...fillers,
      ...sides,
      "NAXIS1  = 9 / again",
    ];
    const bytes = Uint8Array.from([...makeFits(cards), 7, 7, 7]);
    expect(readFits(bytes).pixels).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
  });

  it.each(["0", "0.0", "-0.", "0.0D+00", "0e0"])("takes BZERO %s as no scaling", (value) => {
    expect(readFits(makeFits([...CARDS, `BZERO   = ${value}`, "BSCALE  = 1.D0"])).pixels[1]).toBe(1);
  });

  it.each(["BZERO   = 32768", "BZERO   = 'x'", "BZERO   =", "BSCALE  = 2.0", "BSCALE  = 0"])(
    "does not scale pixels: %s",
    (card) => {
      expect(() => readFits(makeFits([...CARDS, `${card} `]))).toThrow(coded("fits-unsupported"));
    },
  );

  it("refuses another BITPIX, NAXIS or SIMPLE and says what it wants and what it got", () => {
    const bitpix = expect.objectContaining({ code: "fits-unsupported", expected: "-32", got: "16" }) as Error;
    expect(() => readFits(replaceCard("BITPIX", "BITPIX  = 16"))).toThrow(bitpix);
    const naxis = expect.objectContaining({ code: "fits-unsupported", expected: "2", got: "3" }) as Error;
    expect(() => readFits(replaceCard("NAXIS", "NAXIS   = 3"))).toThrow(naxis);
    expect(() => readFits(replaceCard("SIMPLE", "SIMPLE  = F"))).toThrow(coded("fits-unsupported"));
  });

  it.each([
    ["BITPIX absent", "BITPIX", []],
    ["NAXIS absent", "NAXIS", []],
    ["NAXIS1 absent", "NAXIS1", []],
    ["NAXIS2 a fraction", "NAXIS2", ["NAXIS2  = 2.5"]],
    ["NAXIS2 a text", "NAXIS2", ["NAXIS2  = 'two'"]],
    ["NAXIS1 negative", "NAXIS1", ["NAXIS1  = -3"]],
    ["no value mark", "NAXIS1", ["NAXIS1    3"]],
  ])("refuses a header that cannot be read: %s", (_, keyword, cards) => {
    expect(() => readFits(replaceCard(keyword, ...cards))).toThrow(coded("fits-header-invalid"));
  });

  it("refuses a header without END, with bytes that are no text, or without end", () => {
    const bytes = makeFits(CARDS);
    const noEnd = bytes.slice();
    noEnd.set(new TextEncoder().encode("FIN"), CARDS.length * 80);
    expect(() => readFits(noEnd)).toThrow(coded("fits-header-invalid"));
    expect(() =>
      readFits(new Uint8Array(80 * 4000).fill(0x20).map((byte, at) => "SIMPLE".charCodeAt(at) || byte)),
    ).toThrow(coded("fits-header-invalid"));
  });

  it("says that it is truncated wherever header or image end, and allocates nothing that a header claims", () => {
    const bytes = makeFits(CARDS);
    const end = 2880 + 6 * 4;
    for (let length = 6; length < end; length += 13) {
      expect(() => readFits(bytes.subarray(0, length)), `${length} bytes`).toThrow(coded("stamp-truncated"));
    }
    expect(() => readFits(bytes.subarray(0, end - 1))).toThrow(coded("stamp-truncated"));
    // What pads the last block is not needed.
    expect(readFits(bytes.subarray(0, end)).pixels.length).toBe(6);
    const large = replaceCard("NAXIS1", "NAXIS1  = 1024");
    expect(() => readFits(large)).toThrow(coded("stamp-truncated"));
  });

  it.each([
    [0, 2],
    [3, 0],
    [0, 0],
    [999_999_999_999, 0],
    [0, 100_000_000],
    [1025, 1],
    [1, 1025],
    [999_999_999_999, 2],
  ])("refuses %i x %i pixels, which no stamp has", (width, height) => {
    const sides = [`NAXIS1  = ${width}`, `NAXIS2  = ${height}`];
    const error = { code: "stamp-size", expected: "1 to 1024 pixels on a side", got: `${width} x ${height}` };
    expect(() => readFits(makeFits([...CARDS.slice(0, 3), ...sides], 1025))).toThrow(
      expect.objectContaining(error) as Error,
    );
  });

  it("refuses what does not begin as FITS", () => {
    expect(() => readFits(new Uint8Array(0))).toThrow(coded("stamp-not-fits"));
    expect(() => readFits(new TextEncoder().encode("XTENSION= 'IMAGE'"))).toThrow(coded("stamp-not-fits"));
  });
});
