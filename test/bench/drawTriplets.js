import { encodePng, locateSource, readStamps, renderTriplet } from "@btsbot/cutout";

/** Triplets side by side, and pixels between them. */
const COLUMNS = 4;
const GAP = 6;
const GRAY = 110;

/** A PNG of triplets in rows of four, in order. */
export function drawTriplets(list) {
  const pictures = list.map(({ alert }) => {
    const source = locateSource(alert.candidate);
    return renderTriplet(readStamps(alert), { source, stretch: "asinh", interval: 99.5 });
  });
  const [cellWidth, cellHeight] = [193 + GAP, 63 + GAP];
  const width = COLUMNS * cellWidth + GAP;
  const height = Math.ceil(pictures.length / COLUMNS) * cellHeight + GAP;
  const pixels = new Uint8Array(width * height).fill(GRAY);
  pictures.forEach((picture, index) => {
    const left = (index % COLUMNS) * cellWidth + GAP;
    const top = Math.floor(index / COLUMNS) * cellHeight + GAP;
    for (let row = 0; row < picture.height; row += 1) {
      pixels.set(picture.pixels.subarray(row * picture.width, (row + 1) * picture.width), (top + row) * width + left);
    }
  });
  return encodePng({ width, height, channels: 1, pixels });
}
