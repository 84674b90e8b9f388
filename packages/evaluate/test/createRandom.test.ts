import { describe, expect, it } from "vitest";
import { createRandom } from "@btsbot/evaluate";
import { xorshift128 } from "../src/createRandom.js";

describe("createRandom", () => {
  it("is built on Marsaglia's generator", () => {
    // The first outputs from the start that the paper gives, computed by its four lines of C.
    const next = xorshift128(123456789);
    expect(Array.from({ length: 5 }, next)).toEqual([3701687786, 458299110, 2500872618, 3633119408, 516391518]);
  });

  it("gives numbers from 0 up to 1, evenly", () => {
    const random = createRandom(5);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i++) counts[Math.floor(10 * random())] += 1;
    // 10,000 each with a standard deviation of 95: within 5 of them.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(475);
  });

  it("gives neighboring seeds streams that have nothing in common", () => {
    const [a, b] = [createRandom(0), createRandom(1)];
    const near = Array.from({ length: 1000 }, () => Math.abs(a() - b()) < 0.01).filter(Boolean).length;
    // 1.99% by chance: 20 of 1000 with a standard deviation of 4.4.
    expect(near).toBeLessThan(43);
  });

  it("begins anywhere, whatever the seed", () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let seed = 0; seed < 1000; seed++) counts[Math.floor(10 * createRandom(seed)())] += 1;
    // 100 each with a standard deviation of 9.5.
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(48);
  });

  it.each([-1, 0.5, 2 ** 32, NaN])("refuses the seed %d", (seed) => {
    expect(() => createRandom(seed)).toThrow("seed");
  });
});
