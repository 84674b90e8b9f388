import fc from "fast-check";
import { uncompress } from "snappyjs";
import { expect, it } from "vitest";
import { packSnappy } from "../../src/avro/packSnappy.js";
import { unsnappy } from "../../src/avro/unsnappy.js";

/** Bytes that repeat, as alerts do: pieces of a few, one behind another. */
const repeating = fc
  .tuple(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.nat(5), { maxLength: 300 }),
  )
  .map(([pieces, order]) => Uint8Array.from(order.flatMap((which) => [...pieces[which % pieces.length]])));

it("is unpacked to the same bytes, by our reader and by another's", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), repeating), (plain) => {
      const packed = packSnappy(plain);
      expect(unsnappy(packed, () => undefined)).toEqual(plain);
      expect(new Uint8Array(uncompress(packed))).toEqual(plain);
    }),
    { numRuns: 400 },
  );
});

it.each([0, 1, 3, 4, 5, 59, 60, 61, 256, 257, 65_535, 65_536, 65_537, 200_000])(
  "packs %i bytes, the same and different ones",
  (length) => {
    const same = new Uint8Array(length).fill(7);
    // Xorshift: none of four bytes come again soon.
    let state = 1;
    const different = same.map(() => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state;
    });
    for (const plain of [same, different])
      expect(Buffer.from(uncompress(packSnappy(plain))).equals(Buffer.from(plain))).toBe(true);
    expect(packSnappy(same).length).toBeLessThan(20 + length / 20);
    expect(packSnappy(different).length).toBeLessThan(length * 1.01 + 20);
  },
);
