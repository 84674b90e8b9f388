import type { Random } from "@btsbot/chance";
import type { StampPlace } from "@btsbot/cutout";
import { addPoint } from "./drawObject.js";
import type { Canvas } from "./drawObject.js";
import type { Exposure } from "./exposures.js";
import { toPixels } from "./source.js";
import type { SimulatedSource } from "./source.js";

const SIZE = 63;

/**
 * Draws what a bogus detection shows in the difference, of any total: the middle of the stamp is where the survey's
 * software found it.
 */
export function drawArtifact(random: Random, source: SimulatedSource, exposure: Exposure, place: StampPlace): Canvas {
  const canvas = new Float64Array(SIZE * SIZE);
  switch (source.artifact) {
    case "misregistration":
      drawDipole(random, canvas, source, exposure, place);
      break;
    case "saturated star":
      drawSaturated(random, canvas, source, exposure, place);
      break;
    case "cosmic ray":
      drawRay(random, canvas, place);
      break;
    case "hot column":
      drawColumn(random, canvas, place);
      break;
    default:
      drawGhost(random, canvas, place);
  }
  return canvas;
}

/** The star that the detection is an artifact of: where it is on the stamp, and which way from the detection. */
function findStar(source: SimulatedSource, place: StampPlace) {
  const [star] = source.objects;
  const { x, y } = toPixels(star);
  return { star, column: place.column + x, row: place.row + y, toStar: Math.atan2(y, x) };
}

/** Two images of one star apart by a part of a pixel, and of another width. */
function drawDipole(
  random: Random,
  canvas: Canvas,
  source: SimulatedSource,
  exposure: Exposure,
  place: StampPlace,
): void {
  const { column, row, toStar } = findStar(source, place);
  const apart = random.between(0.25, 0.9);
  const width = 1 + random.normal(0, 0.08);
  const wider = exposure.psf.map(({ part, variance }) => ({ part, variance: variance * width ** 2 }));
  // The detection is the lobe that lies on this side of the star.
  addPoint(canvas, column - apart * Math.cos(toStar), row - apart * Math.sin(toStar), wider, 1);
  addPoint(canvas, column, row, exposure.psf, -1);
}

/** Rings and spikes about a star beyond saturation, whose middle is cut off. */
function drawSaturated(
  random: Random,
  canvas: Canvas,
  source: SimulatedSource,
  exposure: Exposure,
  place: StampPlace,
): void {
  const { star, column, row } = findStar(source, place);
  const ring = 1.5 + Math.max(0, 13 - star.r) * random.between(0.6, 1.4);
  const [phase, lobes] = [random.between(0, 2 * Math.PI), 2 + random.below(4)];
  const sigma = 0.5 * exposure.seeing;
  for (let at = 0; at < canvas.length; at += 1) {
    const [dx, dy] = [(at % SIZE) - column, Math.floor(at / SIZE) - row];
    const radius = Math.hypot(dx, dy);
    const angle = Math.atan2(dy, dx);
    const wave = Math.cos(lobes * angle + phase) * Math.exp(-0.5 * ((radius - ring) / sigma) ** 2);
    const bleeding = Math.abs(dx) < 1.2 ? random.normal(0.2, 0.4) * Math.exp(-Math.abs(dy) / 8) : 0;
    canvas[at] = wave + bleeding + 0.25 * random.normal() * Math.exp(-radius / (2 * ring));
  }
  // What was found is a peak, there at the source's place.
  const peak = new Float64Array(canvas.length);
  addPoint(peak, place.column, place.row, [{ part: 1, variance: random.between(0.25, 1) }], random.between(2, 7));
  for (let at = 0; at < canvas.length; at += 1) canvas[at] += peak[at];
}

/** A particle's track: sharp, straight, one to ten pixels long. */
function drawRay(random: Random, canvas: Canvas, place: StampPlace): void {
  const length = random.chance(0.5) ? random.between(0, 1.2) : random.between(1.5, 9);
  const angle = random.between(0, Math.PI);
  for (let step = -length / 2; step <= length / 2; step += 0.25) {
    const [x, y] = [Math.round(place.column + step * Math.cos(angle)), Math.round(place.row + step * Math.sin(angle))];
    if (x >= 0 && x < SIZE && y >= 0 && y < SIZE)
      canvas[y * SIZE + x] = Math.max(canvas[y * SIZE + x], random.between(0.5, 1.2));
  }
}

/** A column or a part of one that is too bright, here and there more than elsewhere. */
function drawColumn(random: Random, canvas: Canvas, place: StampPlace): void {
  const middle = Math.round(place.column);
  const [below, above] = random.chance(0.7) ? [SIZE, SIZE] : [random.between(4, 30), random.between(4, 30)];
  const second = random.chance(0.3);
  for (let y = 0; y < SIZE; y += 1) {
    if (y < place.row - below || y > place.row + above) continue;
    canvas[y * SIZE + middle] = random.between(0.4, 1) + 0.8 * Math.exp(-0.5 * ((y - place.row) / 1.5) ** 2);
    if (second) canvas[y * SIZE + middle + 1] = random.between(0, 0.5);
  }
}

/** Light that was reflected: a wide disc or arc with soft edges. */
function drawGhost(random: Random, canvas: Canvas, place: StampPlace): void {
  const [outer, hole] = [random.between(6, 26), random.between(0, 0.7)];
  const [angle, distance] = [random.between(0, 2 * Math.PI), outer * random.between(0.3, 0.95)];
  const [column, row] = [place.column + distance * Math.cos(angle), place.row + distance * Math.sin(angle)];
  const soft = random.between(0.8, 2.5);
  for (let at = 0; at < canvas.length; at += 1) {
    const radius = Math.hypot((at % SIZE) - column, Math.floor(at / SIZE) - row);
    const step = (edge: number): number => 1 / (1 + Math.exp((radius - edge) / soft));
    canvas[at] = step(outer) - 0.8 * step(hole * outer);
  }
  const clump = new Float64Array(canvas.length);
  addPoint(clump, place.column, place.row, [{ part: 1, variance: random.between(4, 12) }], random.between(6, 40));
  for (let at = 0; at < canvas.length; at += 1) canvas[at] += clump[at];
}
