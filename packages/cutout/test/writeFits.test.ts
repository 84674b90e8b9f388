import { expect, it } from "vitest";
import { writeFits } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

it("writes whole blocks with the cards in the standard's order", () => {
  const bytes = writeFits(makeStamp(63, 62));
  expect(bytes.length).toBe(2880 + 6 * 2880);
  const header = new TextDecoder().decode(bytes.subarray(0, 2880));
  expect(
    header
      .match(/.{80}/g)!
      .slice(0, 6)
      .map((card) => card.trimEnd()),
  ).toEqual([
    "SIMPLE  =                    T",
    "BITPIX  =                  -32",
    "NAXIS   =                    2",
    "NAXIS1  =                   63",
    "NAXIS2  =                   62",
    "END",
  ]);
  expect(header.slice(480)).toBe(" ".repeat(2400));
});

it("refuses pixels that are not width times height", () => {
  expect(() => writeFits({ width: 2, height: 2, pixels: new Float32Array(3) })).toThrow(RangeError);
});
