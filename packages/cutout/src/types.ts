import type { OptionNames } from "@btsbot/errors";

/** Unpacks a gzip stream. The portable default is fflate's; in Node, zlib's is faster. */
export type Gunzip = (bytes: Uint8Array, maxBytes: number) => Uint8Array;

/**
 * Pixels of one stamp. Row 0 is the first row of the FITS image: in ZTF's stamps the northernmost, and column 0 the
 * easternmost.
 */
export interface Stamp {
  /** Pixels in a row (FITS NAXIS1). */
  readonly width: number;
  /** Rows (FITS NAXIS2). */
  readonly height: number;
  /** height x width pixels, row by row; masked pixels are NaN. Data numbers of the image. */
  readonly pixels: Float32Array;
}

/** Where the pixels of a FITS image lie on the sky, to first order. */
export interface StampWcs {
  /** The reference pixel (CRPIX1 and 2), column and row, both from 1 as FITS counts. */
  readonly pixel: readonly [column: number, row: number];
  /** Its right ascension and declination (CRVAL1 and 2), degrees. */
  readonly sky: readonly [ra: number, dec: number];
  /**
   * Degrees to the east and to the north for a column and for a row (the FITS matrix CD):
   * east = m[0] * columns + m[1] * rows, north = m[2] * columns + m[3] * rows.
   */
  readonly matrix: readonly [number, number, number, number];
}

/** One image of a stamp's FITS file. */
export interface StampImage extends Stamp {
  /** Its name (EXTNAME), such as `UNCERT` or `PSFIMAGE` in Rubin's; absent for the first image, which is the stamp itself. */
  readonly name?: string;
  /** Where it lies on the sky; absent where the file does not say. */
  readonly wcs?: StampWcs;
}

/** The three stamps of an alert, in the order in which networks read them. */
export interface Stamps {
  /** The new exposure. */
  readonly science: Stamp;
  /** The reference coadd. */
  readonly template: Stamp;
  /** Science minus template. */
  readonly difference: Stamp;
}

/**
 * Where a stamp smaller than 63 x 63 stands in its plane: `corner`, with 1e-9 at higher rows and columns, as in
 * training; `centered`, with 0 around it, as BOOM did.
 */
export type StampPadding = "corner" | "centered";

/** What every way of making an image has. */
export interface ImagePlanes {
  /** The stamps that the image is made of, each once, in the order of its planes; science, template, difference by default. */
  readonly planes?: readonly (keyof Stamps)[];
  /**
   * Whether stamps of any size are taken, as Rubin's are: their innermost `size` x `size` pixels, a smaller one with masked pixels
   * around. By default only ZTF's are, 63 pixels on a side or cut off at the edge of a CCD.
   */
  readonly anySize?: boolean;
}

/** BTSbot's way, which ACAI and braai share. */
export interface L2Preprocessing extends ImagePlanes {
  /** `l2`: NaN to 0, each plane divided by its Euclidean norm, then padded at the higher rows and columns with 1e-9. */
  readonly normalization: "l2";
  /** Pixels on a side; under 63, the innermost pixels are kept and normalised again; with `anySize` up to 1024. */
  readonly size: number;
  /** How small stamps are padded; `corner` by default. `centered` is for comparison with BOOM. */
  readonly padding?: StampPadding;
}

/** ALeRCE's way. */
export interface MinMaxPreprocessing extends ImagePlanes {
  /** `minmax`: the innermost pixels of a whole stamp, each plane brought to 0 to 1, then NaN to 0. */
  readonly normalization: "minmax";
  /** Pixels on a side, 1 to 63. */
  readonly size: number;
}

/** How a model wants its image. Two models with equal preprocessing share one triplet. */
export type ImagePreprocessing = L2Preprocessing | MinMaxPreprocessing;

/** A network's image input: (size, size, planes), the last axis science, template, difference unless the model has others. */
export interface Triplet {
  /** Pixels on a side. */
  readonly size: number;
  /** size x size x planes values, row by row, the planes interleaved. */
  readonly pixels: Float32Array;
}

/** Options of `readStamps`. */
export interface ReadStampsOptions<Plane extends keyof Stamps = keyof Stamps> {
  /** How gzip is unpacked; {@link gunzip} by default. What it throws comes out as a typed error. */
  readonly gunzip?: Gunzip;
  /** Bytes that one stamp may unpack to; {@link MAX_STAMP_BYTES} by default. */
  readonly maxBytes?: number;
  /** Which stamps are read; all three by default. */
  readonly planes?: readonly Plane[];
}

/**
 * The names of {@link ReadStampsOptions}.
 *
 * @internal
 */
export const READ_STAMPS_OPTIONS: OptionNames<ReadStampsOptions> = {
  gunzip: "function",
  maxBytes: "number",
  planes: "list",
};

/** Options of `readStamp`. */
export interface ReadStampOptions extends Omit<ReadStampsOptions, "planes"> {
  /** The place that errors name, such as `"cutoutScience"`. */
  readonly path?: string;
}

/**
 * The names of {@link ReadStampOptions}.
 *
 * @internal
 */
export const READ_STAMP_OPTIONS: OptionNames<ReadStampOptions> = {
  gunzip: "function",
  maxBytes: "number",
  path: "string",
};

/** What is in a stamp, in numbers. */
export interface StampStats {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Masked pixels. */
  readonly nanCount: number;
  /** Pixels that are plus or minus infinity. */
  readonly infiniteCount: number;
  /** Euclidean norm with masked pixels as 0: what `normalizeStamp` divides by. Infinite if a pixel is. */
  readonly norm: number;
  /** Least finite pixel; NaN where there is none. */
  readonly min: number;
  /** Greatest finite pixel; NaN where there is none. */
  readonly max: number;
  /** Median of the finite pixels; NaN where there is none. */
  readonly median: number;
}

/** A picture for the eye, 8 bits a channel, row 0 at the top. */
export interface Picture {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 for gray, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  /** height x width x channels values, row by row, 0 to 255. */
  readonly pixels: Uint8Array;
}

/** How pixel values between the two limits become gray: straight, or with the faint end lifted. */
export type Stretch = "linear" | "asinh" | "log";

/**
 * Which pixel values become black and white: those of IRAF's zscale; the least and the greatest; or the
 * two between which a central percentage of the pixels lies, such as 99.5.
 */
export type Interval = "zscale" | "minmax" | number;

/** Pixel values that become the darkest and the brightest gray. */
export type Limits = readonly [low: number, high: number];

/**
 * Which row of a stamp a picture shows on top: the first, which is north in ZTF's stamps, or the last, as viewers of FITS
 * files do.
 */
export type Orientation = "first-row-top" | "first-row-bottom";

/** A pixel of a stamp. */
export interface StampPlace {
  /** Its row, from 0. */
  readonly row: number;
  /** Its column, from 0. */
  readonly column: number;
}

/** Options of `renderStamp`; {@link DEFAULT_RENDER_OPTIONS} holds the defaults. */
export interface RenderOptions {
  /** Which row is on top; by default so that ZTF's stamps have north up and east left. */
  readonly orientation?: Orientation;
  /** How values become gray. */
  readonly stretch?: Stretch;
  /** Which values become black and white. */
  readonly interval?: Interval;
  /** The values themselves, in place of an interval: two finite numbers, the lower first. */
  readonly limits?: Limits;
  /** Pixels of the picture for one pixel of the stamp, along each side; a whole number, 1 or more. */
  readonly scale?: number;
  /**
   * Where the source is in the stamp. With it, the picture is a square of 63 x 63 pixels of the stamp about the source, or
   * larger if the stamp is: so that a stamp that was cut off at the edge of a CCD stands where a whole one would.
   */
  readonly source?: StampPlace;
}

/** Options of `renderTriplet`, whose stamps always stand in such squares; row 31, column 31 is the source's place by default. */
export interface RenderTripletOptions extends Omit<RenderOptions, "limits"> {
  /** Pixels on a side of the least square about the source, an odd number; 63, ZTF's, by default. */
  readonly side?: number;
  /** Limits of stamps, in place of the interval. */
  readonly limits?: Partial<Readonly<Record<keyof Stamps, Limits>>>;
}

/**
 * The names of {@link RenderOptions}.
 *
 * @internal
 */
export const RENDER_OPTIONS: OptionNames<RenderOptions> = {
  orientation: "string",
  stretch: "string",
  interval: "string|number",
  limits: "list",
  scale: "number",
  source: "object",
};

/**
 * The names of {@link RenderTripletOptions}.
 *
 * @internal
 */
export const RENDER_TRIPLET_OPTIONS: OptionNames<RenderTripletOptions> = {
  ...RENDER_OPTIONS,
  side: "number",
  limits: { science: "list", template: "list", difference: "list" },
};

/** A stamp as a picture. */
export interface StampPicture extends Picture {
  /** For every pixel of the picture 1 where the stamp has no data, 0 elsewhere. */
  readonly mask: Uint8Array;
  /** Pixel values of the darkest and the brightest gray; NaN for a stamp without finite pixels. */
  readonly limits: Limits;
}

/** Three stamps as a picture. */
export interface TripletPicture extends Picture {
  /** For every pixel of the picture 1 where a stamp has no data, 0 elsewhere. */
  readonly mask: Uint8Array;
  /** Pixel values of the darkest and the brightest gray of each stamp. */
  readonly limits: Readonly<Record<keyof Stamps, Limits>>;
}
