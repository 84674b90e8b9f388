import { locateSource, readStamps } from "@btsbot/cutout";
import { simulateSurvey } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";

/** Arcseconds a pixel, docs/conventions.md. */
const PIXEL = 1.0126;

/** Hosts and stars that the reference catalogue has well beside the source, and bright enough to see where they are. */
const neighbours = [...simulateSurvey({ nights: 2, sources: 90, seed: 3, mix: { "SN Ia": 1, "SN II": 1 } })].flatMap(
  ({ alert }) => {
    const { candidate } = alert;
    const [ra, dec, ranr, decnr, magnr] = ["ra", "dec", "ranr", "decnr", "magnr"].map((name) =>
      Number(candidate[name]),
    );
    const east = (ranr - ra) * Math.cos((dec * Math.PI) / 180) * 3600;
    const north = (decnr - dec) * 3600;
    if (!(Math.min(Math.abs(east), Math.abs(north)) > 1.5) || Math.hypot(east, north) > 15 || !(magnr < 19.5))
      return [];
    const { template } = readStamps(alert);
    return [{ template, source: locateSource(candidate), east: east / PIXEL, north: north / PIXEL }];
  },
);

/** How many templates are brightest, of four places about the source, at this one. */
function countBrightest(sides: (east: number, north: number) => readonly [right: number, below: number]): number {
  return neighbours.filter(({ template: { width, pixels }, source, east, north }) => {
    const light = (right: number, below: number): number =>
      pixels[(source.row + Math.round(below)) * width + source.column + Math.round(right)];
    const [right, below] = sides(east, north);
    const here = light(right, below);
    return [light(-right, below), light(right, -below), light(-right, -below)].every((other) => !(other > here));
  }).length;
}

describe("a simulated stamp lies as the survey's do", () => {
  it("has what is south at higher rows and what is east at lower columns", () => {
    expect(neighbours.length).toBeGreaterThan(20);
    expect(countBrightest((east, north) => [-east, -north]) / neighbours.length).toBeGreaterThan(0.8);
  });
});
