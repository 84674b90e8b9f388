import { CLASSES, toTruthRow, TRUTH_COLUMNS } from "@btsbot/simulate";
import { expect, it } from "vitest";

const truth = {
  objectId: "ZTF23aaaaaaa",
  label: 0,
  class: "CV",
  peakmag: 15,
  peakjd: 2460229,
  redshift: null,
  ra: 1,
  dec: -2,
  saveJd: null,
  triggerJd: null,
} as const;

it("leaves empty what there is none of", () => {
  expect(toTruthRow(truth)).toBe("ZTF23aaaaaaa,0,CV,15.0000,2460229.00000,,1.000000,-2.000000,,");
  expect(toTruthRow(truth).split(",")).toHaveLength(TRUTH_COLUMNS.length);
});

it("needs no quotes for any class", () => {
  for (const { name } of CLASSES) expect(name).not.toMatch(/[",\n]/);
});
