import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import type { Stamp, Stamps } from "@btsbot/cutout";
import type { Finding } from "./detect.js";
import { keyOf } from "./detect.js";
import { CHANNEL, GAIN } from "./exposures.js";
import type { Spot } from "./exposures.js";
import { drawArtifact } from "./drawArtifact.js";
import { addObject, addPoint } from "./drawObject.js";
import type { Canvas } from "./drawObject.js";
import { makePsf } from "./psf.js";
import { toFlux, toPixels } from "./source.js";
import type { SkyObject, SimulatedSource } from "./source.js";

/** Pixels on a side of a whole stamp, and its middle. */
export const SIZE = 63;
export const MIDDLE = 31;
/** A fit of the PSF reaches this far, pixels. */
const FIT_RADIUS = 7;
/** Template: FWHM in pixels, noise over that of a dark exposure, what resampling mixes of a neighbour (Masci et al. 2019, section 3.6). */
const TEMPLATE = { seeing: 2.15, noise: 1.3, mixing: 0.11 };
/** Where the detector saturates, DN above the background. */
const SATURATION = 45000;
/** Stars brighter than the first are masked, some of those down to the second, mag. */
const MASKED_STAR = { always: 13.6, sometimes: 15.5, chance: 0.3 };

/** Where a detection's stamp is cut out of its channel. */
export interface StampFrame {
  /** Pixel of the channel at which the source was found. */
  readonly x: number;
  readonly y: number;
  /** Where the source truly is in the whole stamp, pixels from its first. */
  readonly column: number;
  readonly row: number;
}

export function frameOf(spot: Spot, { exposure, east, north }: Finding): StampFrame {
  const { x: offX, y: offY } = toPixels({ east, north });
  const [x, y] = [
    clip(spot.x + exposure.shift[0] + offX, CHANNEL.width),
    clip(spot.y + exposure.shift[1] + offY, CHANNEL.height),
  ];
  return { x, y, column: MIDDLE + x - offX - Math.round(x), row: MIDDLE + y - offY - Math.round(y) };
}

function placeIn(
  { column, row }: StampFrame,
  object: { readonly east: number; readonly north: number },
): [number, number] {
  const { x, y } = toPixels(object);
  return [column + x, row + y];
}

function clip(value: number, size: number): number {
  return Math.min(size - 2, Math.max(1, value));
}

/** What a difference is made of beside the source, for all objects alike. */
interface Mismatch {
  readonly column: number;
  readonly row: number;
  readonly gain: number;
  readonly width: number;
}

/**
 * Draws the three stamps of a detection: a PSF fit to the difference at the source's place gives the finding's
 * flux, whatever the noise.
 */
export function renderStamps(seed: number, source: SimulatedSource, spot: Spot, finding: Finding, sky: number): Stamps {
  const { exposure, flux } = finding;
  const random = createRandom(seed, 41, source.index, source.attempt, keyOf(exposure));
  const frame = frameOf(spot, finding);
  const fields = createRandom(seed, 42, spot.field, spot.rcid, exposure.fid);
  const background =
    (exposure.fid === 1 ? 100 : 195) * Math.exp(fields.normal(0, 0.25)) * 10 ** (0.4 * (exposure.zeroPoint - 26.25));
  const templatePsf = makePsf(TEMPLATE.seeing * Math.exp(fields.normal(0, 0.1)), fields.between(0.14, 0.22));
  const [science, template, residual] = [blank(), blank(), blank()];
  const mismatch = drawMismatch(random);
  const scale = 10 ** (0.4 * (exposure.zeroPoint - 25));
  for (const object of source.sky) {
    if (object.shred) continue;
    const light = scale * toFlux(exposure.fid === 1 ? object.g : object.r);
    const [column, row] = placeIn(frame, object);
    addObject(science, object, column, row, exposure.psf, light);
    addObject(template, object, column, row, templatePsf, light);
    addMismatch(residual, object, column, row, exposure.psf, light, mismatch);
  }
  const noise = drawNoise(random, exposure.noise, science, random.chance(0.15));
  // The template is one image: its noise does not change from alert to alert.
  const fainter = drawTemplateNoise(
    createRandom(seed, 43, source.index, source.attempt, exposure.fid),
    template,
    scale,
  );
  const difference = residual.map((value, at) => value + sharpen(noise, at) - 0.6 * fainter[at] + sky);
  const unit = drawSource(random, source, finding, frame);
  const part = scaleToFlux(difference, unit, flux, frame, finding);
  const sign = flux < 0 ? -1 : 1;
  const images = {
    science: science.map((value, at) => background + Math.min(SATURATION, value + part * unit[at]) + noise[at] + sky),
    template: template.map((value, at) => background + Math.min(SATURATION * 1.2, value) + fainter[at]),
    difference: difference.map((value, at) => sign * (value + part * unit[at])),
  };
  addRays(random, images);
  maskStars(seed, source, exposure.fid, frame, images);
  if (source.artifact === undefined && random.chance(0.03)) maskSide(random, images);
  return cutAll(images, frame);
}

function blank(): Canvas {
  return new Float64Array(SIZE * SIZE);
}

/** Registration to some hundredths of a pixel, gains to half a percent, widths to a percent, a few exposures worse. */
function drawMismatch(random: Random): Mismatch {
  const worse = Math.exp(random.normal(0, 0.8));
  return {
    column: random.normal(0, 0.03 * worse),
    row: random.normal(0, 0.03 * worse),
    gain: random.normal(0, 0.006 * worse),
    width: random.normal(0, 0.011 * worse),
  };
}

function addMismatch(
  residual: Canvas,
  object: SkyObject,
  column: number,
  row: number,
  psf: Finding["exposure"]["psf"],
  light: number,
  mismatch: Mismatch,
): void {
  // What is fainter than this leaves nothing that the noise would not hide.
  if (light < 300) return;
  const wider = psf.map(({ part, variance }) => ({ part, variance: variance * (1 + mismatch.width) ** 2 }));
  addObject(residual, object, column + mismatch.column, row + mismatch.row, wider, light * (1 + mismatch.gain));
  addObject(residual, object, column, row, psf, -light);
}

/** Sky, read-out and the light's own noise; some exposures have stripes along columns. */
function drawNoise(random: Random, sky: number, model: Canvas, striped: boolean): Canvas {
  const noise = blank();
  const stripes = Array.from({ length: SIZE }, () => (striped ? random.normal(0, 0.12 * sky) : 0));
  for (let at = 0; at < noise.length; at += 1) {
    noise[at] = random.normal(0, Math.sqrt(sky * sky + Math.max(0, model[at]) / GAIN)) + stripes[at % SIZE];
  }
  return noise;
}

/** Decorrelating the difference overdoes it a little: neighbours of public packets' differences are anticorrelated by some percent. */
function sharpen(noise: Canvas, at: number): number {
  return (
    noise[at] - 0.02 * ((noise[at - 1] ?? 0) + (noise[at + 1] ?? 0) + (noise[at - SIZE] ?? 0) + (noise[at + SIZE] ?? 0))
  );
}

/** A mean of many exposures, resampled: small noise, neighbours alike. */
function drawTemplateNoise(random: Random, model: Canvas, scale: number): Canvas {
  const deviation = TEMPLATE.noise * (scale / 10 ** (0.4 * 1.25));
  const raw = blank();
  for (let at = 0; at < raw.length; at += 1)
    raw[at] = random.normal(0, Math.sqrt(deviation ** 2 + Math.max(0, model[at]) / (15 * GAIN)));
  const { mixing } = TEMPLATE;
  const norm = 1 / Math.sqrt((1 + 2 * mixing ** 2) ** 2);
  const along = (from: Canvas, step: number): Canvas =>
    from.map((value, at) => value + mixing * ((from[at - step] ?? 0) + (from[at + step] ?? 0)));
  return along(along(raw, 1), SIZE).map((value) => value * norm);
}

/** The source's light as the detector sees it, of any total. */
function drawSource(random: Random, source: SimulatedSource, { exposure }: Finding, frame: StampFrame): Canvas {
  if (source.artifact !== undefined) return drawArtifact(random, source, exposure, frame);
  const unit = blank();
  // The PSF that a fit assumes is never quite right.
  const width = 1 + random.normal(0, 0.03);
  addPoint(
    unit,
    frame.column,
    frame.row,
    exposure.psf.map(({ part, variance }) => ({ part, variance: variance * width ** 2 })),
    1,
  );
  return unit;
}

/** How much of the source makes a fit of the PSF give this flux. */
function scaleToFlux(difference: Canvas, unit: Canvas, flux: number, frame: StampFrame, { exposure }: Finding): number {
  const model = blank();
  addPoint(model, frame.column, frame.row, exposure.psf, 1);
  let [squares, already, ofUnit] = [0, 0, 0];
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column < SIZE; column += 1) {
      if (Math.hypot(column - frame.column, row - frame.row) > FIT_RADIUS) continue;
      const at = row * SIZE + column;
      squares += model[at] ** 2;
      already += model[at] * difference[at];
      ofUnit += model[at] * unit[at];
    }
  }
  // An artifact can be such that a fit all but misses it.
  return (flux * squares - already) / Math.max(ofUnit, 0.15 * squares);
}

interface Images {
  science: Canvas;
  template: Canvas;
  difference: Canvas;
}

/** Cosmic rays elsewhere in the stamp. */
function addRays(random: Random, { science, difference }: Images): void {
  if (!random.chance(0.06)) return;
  const at = random.below(SIZE * SIZE);
  for (const step of [0, 1, SIZE, SIZE + 1].slice(0, 1 + random.below(4))) {
    if (at + step >= science.length) continue;
    const light = Math.exp(random.normal(5.5, 0.8));
    science[at + step] += light;
    difference[at + step] += light;
  }
}

/** Squares without data where a star saturates. */
function maskStars(seed: number, source: SimulatedSource, fid: number, frame: StampFrame, images: Images): void {
  const random = createRandom(seed, 44, source.index, source.attempt);
  for (const { kind, g, r, east, north, shred } of source.sky) {
    const limit = random.chance(MASKED_STAR.chance) ? MASKED_STAR.sometimes : MASKED_STAR.always;
    if (shred || kind !== "star" || (fid === 1 ? g : r) > limit) continue;
    const [column, row] = placeIn(frame, { east, north });
    // The source's own pixels would not have been searched.
    if (Math.hypot(column - frame.column, row - frame.row) < 12) continue;
    const half = 7 + Math.round(Math.max(0, 12 - r));
    fill(images, (x, y) => Math.abs(x - column) <= half && Math.abs(y - row) <= half);
  }
}

/** The exposure ends inside the stamp, the template does not. */
function maskSide(random: Random, { science, difference }: Images): void {
  const edge = MIDDLE - 5 - random.below(20);
  const turned = random.chance(0.5);
  fill({ science, difference }, (x, y) => (turned ? x : y) < edge);
}

function fill(images: Partial<Images>, inside: (x: number, y: number) => boolean): void {
  for (const image of Object.values(images)) {
    for (let at = 0; at < image.length; at += 1) if (inside(at % SIZE, Math.floor(at / SIZE))) image[at] = NaN;
  }
}

/** At the channel's edges stamps are smaller. */
function cutAll({ science, template, difference }: Images, frame: StampFrame): Stamps {
  const [x, y] = [Math.round(frame.x), Math.round(frame.y)];
  const columns = [Math.max(0, MIDDLE - x), Math.min(SIZE, CHANNEL.width - x + MIDDLE)];
  const rows = [Math.max(0, MIDDLE - y), Math.min(SIZE, CHANNEL.height - y + MIDDLE)];
  const cut = (image: Canvas): Stamp => {
    const [width, height] = [columns[1] - columns[0], rows[1] - rows[0]];
    const pixels = new Float32Array(width * height);
    for (let row = 0; row < height; row += 1) {
      const start = (row + rows[0]) * SIZE + columns[0];
      pixels.set(image.subarray(start, start + width), row * width);
    }
    return { width, height, pixels };
  };
  return { science: cut(science), template: cut(template), difference: cut(difference) };
}
