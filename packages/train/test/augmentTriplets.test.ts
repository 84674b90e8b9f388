import { augmentTriplets } from "@btsbot/train";
import { describe, expect, it } from "vitest";

const SIZE = 3;
const image = Float32Array.from({ length: SIZE * SIZE * 3 }, (_, place) => place);

/** An image's corners and centre, first plane: enough to tell all eight ways apart. */
function lookOf(pixels: Float32Array): string {
  return [0, SIZE - 1, SIZE * (SIZE - 1), SIZE * SIZE - 1].map((place) => pixels[3 * place]).join(" ");
}

describe("augmentTriplets", () => {
  it("gives all eight ways, each an eighth of the time, and no other", () => {
    const count = 4000;
    const images = new Float32Array(count * image.length);
    for (let place = 0; place < count; place++) images.set(image, place * image.length);
    const turned = augmentTriplets(images, SIZE, 5);
    const looks = new Map<string, number>();
    for (let place = 0; place < count; place++) {
      const look = lookOf(turned.subarray(place * image.length, (place + 1) * image.length));
      looks.set(look, (looks.get(look) ?? 0) + 1);
    }
    // Corners, first plane: 0 and 6 above, 18 and 24 below, under the symmetries of the square.
    const ways = [
      "0 6 18 24",
      "6 0 24 18",
      "18 24 0 6",
      "24 18 6 0",
      "0 18 6 24",
      "18 0 24 6",
      "6 24 0 18",
      "24 6 18 0",
    ];
    expect([...looks.keys()].sort()).toEqual(ways.sort());
    for (const seen of looks.values()) expect(Math.abs(seen - 500)).toBeLessThan(4 * Math.sqrt(4000 * 0.125 * 0.875));
  });

  it("moves pixels whole: planes stay together, nothing is lost", () => {
    for (let seed = 0; seed < 20; seed++) {
      const turned = augmentTriplets(image, SIZE, seed);
      expect([...turned].sort((a, b) => a - b)).toEqual([...image]);
      for (let place = 0; place < turned.length; place += 3) {
        expect([turned[place + 1] - turned[place], turned[place + 2] - turned[place]]).toEqual([1, 2]);
      }
      expect(turned[3 * 4]).toBe(image[3 * 4]);
    }
  });

  it("gives the same by the same seed, and leaves what it is given alone", () => {
    const before = image.slice();
    expect(augmentTriplets(image, SIZE, 3)).toEqual(augmentTriplets(image, SIZE, 3));
    expect(image).toEqual(before);
  });

  it("refuses what is no whole image", () => {
    expect(() => augmentTriplets(image.subarray(1), SIZE, 1)).toThrow(RangeError);
  });
});
