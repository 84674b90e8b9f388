import { createRandom } from "@btsbot/chance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const keys = fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()), { maxLength: 5 });

describe("createRandom", () => {
  it("is what it was in the first release", () => {
    const random = createRandom(7, "sky", 2 ** 40);
    expect(Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32))).toEqual([
      3045011815, 3268704307, 2031934395, 1803058107,
    ]);
  });

  it("gives the same numbers for the same keys, all above 0 and below 1", () => {
    fc.assert(
      fc.property(keys, (list) => {
        const [one, other] = [createRandom(...list), createRandom(...list)];
        for (let draw = 0; draw < 20; draw += 1) {
          const value = one();
          if (value !== other() || value <= 0 || value >= 1) return false;
        }
        return true;
      }),
    );
  });

  it("fills the unit interval evenly", () => {
    const random = createRandom(5);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw += 1) counts[Math.floor(10 * random())] += 1;
    // 10,000 each with a standard deviation of 95: within 5 of them.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(475);
  });

  it("gives neighbouring keys streams that have nothing in common, from the first number on", () => {
    const first = Array.from({ length: 2000 }, (_, key) => createRandom(7, 31, key)());
    const shifted = first.slice(1).map((value, at) => (value - 0.5) * (first[at] - 0.5));
    // The product's mean is 0 with a deviation of 1/12 over the root of the number.
    expect(Math.abs(shifted.reduce((sum, value) => sum + value, 0) / shifted.length)).toBeLessThan(
      4 / 12 / Math.sqrt(2000),
    );
    // Two of 2000 numbers of 32 bits are the same once in 2000 lists.
    expect(new Set(first).size).toBe(2000);
    expect(createRandom(2 ** 40, 1)()).not.toBe(createRandom(2 ** 41, 1)());
    expect(createRandom("1")()).not.toBe(createRandom(1)());
  });

  it("has the moments that its laws have", () => {
    const random = createRandom(1, 2);
    const draws = Array.from({ length: 40_000 }, () => random.normal(3, 2));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    expect(Math.abs(mean - 3)).toBeLessThan(0.04);
    expect(Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length)).toBeCloseTo(2, 1);
    for (const rate of [0.3, 7, 200]) {
      const counts = Array.from({ length: 20_000 }, () => random.poisson(rate));
      expect(Math.abs(counts.reduce((sum, value) => sum + value, 0) / counts.length - rate)).toBeLessThan(
        4 * Math.sqrt(rate / 20_000),
      );
    }
  });

  it("keeps to its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, count) => {
        const random = createRandom(seed);
        for (let draw = 0; draw < 20; draw += 1) {
          const [whole, between] = [random.below(count), random.between(-count, count)];
          if (!Number.isInteger(whole) || whole < 0 || whole >= count || Math.abs(between) >= count) return false;
        }
        return !random.chance(0) && random.chance(1);
      }),
    );
  });

  it.each([0.5, 2 ** 53, NaN, Infinity])("refuses the key %d", (key) => {
    expect(() => createRandom("seed", key)).toThrow(
      new RangeError(`keys: expected words and whole numbers, got ${key}`),
    );
  });
});
