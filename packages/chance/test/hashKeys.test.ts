import { hashKeys } from "@btsbot/chance";
import fc from "fast-check";
import { expect, it } from "vitest";

it("is what it was in the first release: what was split by it stays where it is", () => {
  expect([hashKeys(), hashKeys("ZTF23abhvlji"), hashKeys(0, "split", "ZTF20aaelulu"), hashKeys(-1, 2 ** 40)]).toEqual([
    0, 581958105, 1072562509, 3212124611,
  ]);
});

it("tells lists of keys apart, however they are cut", () => {
  const keys = fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()), { minLength: 1, maxLength: 4 });
  // Two lists of chance agree once in 4 billion pairs.
  fc.assert(
    fc.property(keys, keys, (one, other) => {
      return JSON.stringify(one) === JSON.stringify(other) || hashKeys(...one) !== hashKeys(...other);
    }),
    { seed: 1, numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.string({ minLength: 2 }), fc.nat(), (word, place) => {
      const cut = 1 + (place % (word.length - 1));
      return hashKeys(word.slice(0, cut), word.slice(cut)) !== hashKeys(word);
    }),
    { seed: 1 },
  );
  expect(hashKeys("a", "bc")).not.toBe(hashKeys("ab", "c"));
  expect(hashKeys("7")).not.toBe(hashKeys(7));
  expect(hashKeys(7, 0)).not.toBe(hashKeys(0, 7));
});

it("spreads names that differ in a letter over all its bits", () => {
  const hashes = Array.from({ length: 4096 }, (_, place) => hashKeys(`ZTF23aaa${place.toString(36).padStart(4, "a")}`));
  for (let bit = 0; bit < 32; bit += 1) {
    const set = hashes.filter((hash) => (hash >>> bit) & 1).length;
    // 2048 with a standard deviation of 32: within 5 of them.
    expect(Math.abs(set - 2048), `bit ${bit}`).toBeLessThan(160);
  }
});
