import { assignSplit } from "@btsbot/train";
import { expect, it } from "vitest";

const names = Array.from(
  { length: 20_000 },
  (_, place) => `ZTF${18 + (place % 6)}a${place.toString(36).padStart(6, "a")}`,
);

it.each([0, 5])("divides sources 81 / 9 / 10 with seed %d, up to chance", (seed) => {
  const count = { train: 0, validation: 0, test: 0 };
  for (const name of names) count[assignSplit(name, seed)] += 1;
  // Four standard deviations of a binomial of 20 000.
  expect(Math.abs(count.train - 16_200)).toBeLessThan(4 * Math.sqrt(20_000 * 0.81 * 0.19));
  expect(Math.abs(count.validation - 1800)).toBeLessThan(4 * Math.sqrt(20_000 * 0.09 * 0.91));
  expect(Math.abs(count.test - 2000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.1 * 0.9));
});

it("is stable: these names have had these parts since the first release", () => {
  const parts = {
    ZTF23abhvlji: "train",
    ZTF20aaelulu: "train",
    ZTF18aaaaaab: "validation",
    ZTF18aaaaaad: "validation",
    ZTF23aaxtplp: "test",
    ZTF18aaaaaae: "test",
  };
  expect(Object.fromEntries(Object.keys(parts).map((name) => [name, assignSplit(name)]))).toEqual(parts);
});

it("gives another division by another seed", () => {
  const same = names.filter((name) => assignSplit(name, 1) === assignSplit(name, 2)).length;
  // Two independent divisions agree for 0.81^2 + 0.09^2 + 0.1^2 = 67 % of the sources.
  expect(Math.abs(same / names.length - 0.674)).toBeLessThan(0.02);
});
