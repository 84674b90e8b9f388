import type { FitsHeader } from "./readFitsHeader.js";
import type { StampWcs } from "./types.js";

/**
 * Where an image lies on the sky; undefined where a card is missing or no number, or the matrix has no inverse.
 *
 * Source: FITS standard 4.0, section 8.1; Greisen & Calabretta 2002, A&A 395, 1061, sections 2.1.1 and 2.1.2.
 *
 * @internal
 */
export function readWcs({ values }: FitsHeader): StampWcs | undefined {
  const read = (keyword: string, otherwise = NaN): number => {
    const text = values.get(keyword);
    // Fortran writes exponents with D.
    return text === undefined || text === "" ? otherwise : Number(text.replace(/d/i, "E"));
  };
  const places = ["1_1", "1_2", "2_1", "2_2"];
  const hasMatrix = places.some((place) => values.has(`CD${place}`));
  const steps = [read("CDELT1", 1), read("CDELT1", 1), read("CDELT2", 1), read("CDELT2", 1)];
  const isNamed = hasMatrix || places.some((place) => values.has(`PC${place}`)) || values.has("CDELT1");
  const matrix = places.map((place, index) =>
    hasMatrix ? read(`CD${place}`, 0) : read(`PC${place}`, index % 3 === 0 ? 1 : 0) * steps[index],
  ) as [number, number, number, number];
  const [pixel, sky] = [
    [read("CRPIX1", 0), read("CRPIX2", 0)],
    [read("CRVAL1"), read("CRVAL2")],
  ] as const;
  const determinant = matrix[0] * matrix[3] - matrix[1] * matrix[2];
  const isWhole = [...matrix, ...pixel, ...sky].every(Number.isFinite) && determinant !== 0;
  return isNamed && isWhole ? { pixel: [pixel[0], pixel[1]], sky: [sky[0], sky[1]], matrix } : undefined;
}
