import type { Profile } from "./psf.js";
import { makeSersic } from "./psf.js";
import { PIXEL_SCALE } from "./source.js";
import type { SkyObject } from "./source.js";

/** Pixels of a square image, row by row. */
export type Canvas = Float64Array;

/** Beyond this many deviations a Gaussian is nothing. */
const REACH = 5;

/** Adds a point source: each Gaussian is a product of a row's and a column's. */
export function addPoint(canvas: Canvas, column: number, row: number, psf: Profile, flux: number): void {
  const size = Math.sqrt(canvas.length);
  for (const { part, variance } of psf) {
    const reach = REACH * Math.sqrt(variance);
    const [left, right] = [Math.max(0, Math.ceil(column - reach)), Math.min(size - 1, Math.floor(column + reach))];
    const [bottom, top] = [Math.max(0, Math.ceil(row - reach)), Math.min(size - 1, Math.floor(row + reach))];
    if (left > right || bottom > top) continue;
    const across: number[] = [];
    for (let x = left; x <= right; x += 1) across.push(Math.exp(-((x - column) ** 2) / (2 * variance)));
    const peak = (flux * part) / (2 * Math.PI * variance);
    for (let y = bottom; y <= top; y += 1) {
      const line = peak * Math.exp(-((y - row) ** 2) / (2 * variance));
      const start = y * size;
      for (let x = left; x <= right; x += 1) canvas[start + x] += line * across[x - left];
    }
  }
}

/** Adds a star or a galaxy, blurred by the PSF. */
export function addObject(
  canvas: Canvas,
  object: SkyObject,
  column: number,
  row: number,
  psf: Profile,
  flux: number,
): void {
  if (object.sersic === undefined) {
    addPoint(canvas, column, row, psf, flux);
    return;
  }
  const { index, radius, ratio, angle } = object.sersic;
  // Of a PSF's Gaussians the middle one has the width; galaxies hide the difference.
  const blur = psf.reduce((sum, { part, variance }) => sum + part / variance, 0) ** -1;
  for (const { part, variance } of makeSersic(index, radius / PIXEL_SCALE)) {
    addEllipse(canvas, column, row, flux * part, { long: variance + blur, short: variance * ratio ** 2 + blur, angle });
  }
}

interface Ellipse {
  readonly long: number;
  readonly short: number;
  readonly angle: number;
}

function addEllipse(canvas: Canvas, column: number, row: number, flux: number, { long, short, angle }: Ellipse): void {
  const size = Math.sqrt(canvas.length);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [a, b, c] = [
    cos ** 2 / long + sin ** 2 / short,
    cos * sin * (1 / long - 1 / short),
    sin ** 2 / long + cos ** 2 / short,
  ];
  const peak = flux / (2 * Math.PI * Math.sqrt(long * short));
  // Far out what is left is below a thousandth of a data number.
  const cut = Math.min(REACH ** 2, 2 * Math.log(Math.max(1, Math.abs(peak) / 1e-3)));
  const reach = Math.sqrt(cut * long);
  const [left, right] = [Math.max(0, Math.ceil(column - reach)), Math.min(size - 1, Math.floor(column + reach))];
  const [bottom, top] = [Math.max(0, Math.ceil(row - reach)), Math.min(size - 1, Math.floor(row + reach))];
  for (let y = bottom; y <= top; y += 1) {
    const dy = y - row;
    for (let x = left; x <= right; x += 1) {
      const dx = x - column;
      const squared = a * dx * dx + 2 * b * dx * dy + c * dy * dy;
      if (squared < cut) canvas[y * size + x] += peak * Math.exp(-0.5 * squared);
    }
  }
}
