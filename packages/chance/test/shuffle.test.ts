import { createRandom, shuffle } from "@btsbot/chance";
import fc from "fast-check";
import { expect, it } from "vitest";

it("keeps all values, and those that it was given", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
      const before = [...values];
      const shuffled = shuffle(values, createRandom(seed));
      expect(values).toEqual(before);
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b));
    }),
  );
});

it("gives each order as often as any other", () => {
  const random = createRandom(3);
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 6000; draw += 1) {
    const order = shuffle("abc", random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // 1000 each with a standard deviation of 29: within 5 of them.
  for (const [order, count] of counts) expect(Math.abs(count - 1000), order).toBeLessThan(145);
});
