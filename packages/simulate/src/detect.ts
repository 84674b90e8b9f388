import { createRandom } from "@btsbot/chance";
import type { Exposure } from "./exposures.js";
import { GAIN, SURVEY_START } from "./exposures.js";
import { noiseArea } from "./psf.js";
import type { Profile } from "./psf.js";
import { distanceOf, PIXEL_SCALE, toFlux } from "./source.js";
import type { SkyObject, SimulatedSource } from "./source.js";

/** A detection needs this `scorr` (Masci et al. 2019, section 6.3). */
const THRESHOLD = 5;
/** Nor does the survey keep what its own error says is below 5 sigma, mag. */
const GREATEST_ERROR = 1.0857 / 5;
/**
 * How the PSF's error shows: chi grows with this part of the signal to noise, and the stated error with it. Read off
 * public packets.
 */
const PSF_ERROR = 0.028;
/** Farther objects add no noise under the source, arcsec. */
const REACH = 9;
/** Part of the light that Poisson noise of a fit counts, over that of the whole: for Gaussians 4/3. */
const POISSON = 4 / 3;
/** Registration leaves an error of this part of a source's own flux, and of that underneath, times a scatter of its own. */
const OWN_ERROR = 0.015;
const UNDER_ERROR = 0.006;

/** What an exposure finds at a source's place, before all else that is measured of it. */
export interface Finding {
  readonly exposure: Exposure;
  readonly detected: boolean;
  /** Science minus template by PSF fit, DN; negative where it faded. */
  readonly flux: number;
  /** Over the noise of the sky alone. */
  readonly snr: number;
  /** Over all noise, as packets state it. */
  readonly scorr: number;
  /** PSF-fit magnitude. */
  readonly mag: number;
  /** Its stated error, mag, and the chi-square of the fit that it follows. */
  readonly error: number;
  readonly chi: number;
  /** Light of the template under the fit, DN. */
  readonly under: number;
  /** Error of the stated position, arcsec. */
  readonly east: number;
  readonly north: number;
}

/** Makes the function that looks for a source in exposures. */
export function createDetector(
  seed: number,
  source: SimulatedSource,
  shown?: Exposure,
): (exposure: Exposure) => Finding {
  const near = source.sky.filter((object) => !object.shred && distanceOf(object) < REACH);
  const own = createRandom(seed, 32, source.index, source.attempt);
  const registration = UNDER_ERROR * Math.exp(own.normal(0, 0.7));
  const lost = own() ** 1.3;
  return (exposure) => {
    const random = createRandom(seed, 31, source.index, source.attempt, keyOf(exposure));
    const scale = 10 ** (0.4 * (exposure.zeroPoint - 25));
    const area = noiseArea(exposure.psf);
    const under = scale * lightUnder(near, exposure, area);
    const change = isShown(source, exposure, shown, random()) ? scale * source.change(exposure.jd, exposure.fid) : 0;
    const sky = area * exposure.noise ** 2;
    const errors =
      sky + (POISSON * (under + Math.abs(change))) / GAIN + (registration * under) ** 2 + (OWN_ERROR * change) ** 2;
    // Photometry follows the brightness better than the score does: its errors are correlated with the position's.
    const flux =
      change +
      random.normal(
        0,
        Math.sqrt(
          sky +
            (POISSON * (under + Math.abs(change))) / GAIN +
            0.3 * (registration * under) ** 2 +
            (0.012 * change) ** 2,
        ),
      );
    const scorr = Math.abs(flux) / Math.sqrt(errors);
    const crowding = under / Math.abs(flux);
    // Read off public packets: what is faint, and what sits on a star, is found off its place.
    const position = Math.min(0.6, 0.07 + (0.6 * exposure.seeing) / Math.max(3, scorr) + 0.008 * crowding);
    // On bright stars most detections fail one of the survey's cuts on shape.
    const loss = 0.03 + (crowding > 3 ? 0.93 * lost : 0);
    const snr = Math.abs(flux) / Math.sqrt(sky);
    const mag = exposure.zeroPoint - 2.5 * Math.log10(Math.abs(flux));
    const shape = source.artifact === undefined ? 1 : Math.exp(Math.abs(random.normal(0.8, 1)));
    const chi =
      shape *
      Math.max(
        0.5,
        random.normal(1, 0.17) + (PSF_ERROR * Math.exp(random.normal(0, 0.4)) * snr) ** 2 / (1 + snr / 150),
      );
    // The stated limit is that of a 5 sigma detection.
    const error =
      (GREATEST_ERROR * Math.sqrt(Math.max(0.7, chi)) * Math.exp(random.normal(0, 0.1))) /
      10 ** (0.4 * (exposure.limit - mag));
    // Artifacts that fit no PSF at all are not sent either.
    const isSure = error < GREATEST_ERROR || (source.artifact !== undefined && mag < exposure.limit);
    return {
      exposure,
      flux,
      scorr,
      under,
      snr,
      mag,
      chi,
      error: Math.min(error, 0.99 * GREATEST_ERROR),
      east: random.normal(0, position),
      north: random.normal(0, position),
      // Without a change nothing is found: chance peaks at one place are rare.
      detected: change !== 0 && scorr >= THRESHOLD && isSure && random() > loss,
    };
  };
}

/** A number of its own for every exposure: centiseconds of the survey. */
export function keyOf({ jd, fid }: Exposure): number {
  return Math.round((jd - SURVEY_START) * 8_640_00) * 4 + fid;
}

function isShown(
  { once, frequency, begin }: SimulatedSource,
  exposure: Exposure,
  shown: Exposure | undefined,
  chance: number,
): boolean {
  if (once) return shown !== undefined && shown.jd === exposure.jd;
  if (begin !== null && exposure.jd < begin) return false;
  return frequency === undefined || chance < frequency;
}

function lightUnder(near: readonly SkyObject[], { psf, fid }: Exposure, area: number): number {
  let sum = 0;
  for (const object of near) {
    const flux = toFlux(fid === 1 ? object.g : object.r);
    sum += flux * area * blurredValue(object, psf, distanceOf(object) / PIXEL_SCALE);
  }
  return sum;
}

/** Value of an object's blurred image at a distance in pixels, for unit flux; galaxies as if they were round. */
function blurredValue({ sersic }: SkyObject, psf: Profile, distance: number): number {
  const seeing = psf[1].variance;
  const radius = sersic === undefined ? 0 : (sersic.radius / PIXEL_SCALE) * Math.sqrt(sersic.ratio);
  const parts =
    sersic === undefined
      ? psf
      : [
          { part: 0.5, variance: seeing + 0.25 * radius ** 2 },
          { part: 0.5, variance: seeing + 1.4 * radius ** 2 },
        ];
  return parts.reduce(
    (sum, { part, variance }) =>
      sum + (part / (2 * Math.PI * variance)) * Math.exp((-distance * distance) / (2 * variance)),
    0,
  );
}
