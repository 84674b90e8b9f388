/** Unpacks a gzip stream. The portable default is fflate's; in Node, zlib's is faster. */
export type Gunzip = (bytes: Uint8Array, maxBytes: number) => Uint8Array;

/** Pixels of one stamp. Row 0 is the first row of the FITS image, which is its bottom on the sky. */
export interface Stamp {
  /** Pixels in a row (FITS NAXIS1). */
  readonly width: number;
  /** Rows (FITS NAXIS2). */
  readonly height: number;
  /** height x width pixels, row by row; masked pixels are NaN. Data numbers of the image. */
  readonly pixels: Float32Array;
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
 * Where a stamp smaller than 63 x 63 stands in its plane: `corner`, with 1e-9 at the bottom and the right, as in
 * training; `centered`, with 0 around it, as BOOM did.
 */
export type StampPadding = "corner" | "centered";

/** BTSbot's way, which ACAI and braai share. */
export interface L2Preprocessing {
  /** `l2`: NaN to 0, each plane divided by its Euclidean norm, then padded bottom and right with 1e-9. */
  readonly normalization: "l2";
  /** Pixels on a side; under 63, the innermost pixels are kept and normalised again. */
  readonly size: number;
  /** How small stamps are padded; `corner` by default. `centered` is for comparison with BOOM. */
  readonly padding?: StampPadding;
}

/** ALeRCE's way. */
export interface MinMaxPreprocessing {
  /** `minmax`: the innermost pixels of a whole stamp, each plane brought to 0 to 1, then NaN to 0. */
  readonly normalization: "minmax";
  /** Pixels on a side, 1 to 63. */
  readonly size: number;
}

/** How a model wants its image. Two models with equal preprocessing share one triplet. */
export type ImagePreprocessing = L2Preprocessing | MinMaxPreprocessing;

/** A network's image input: (size, size, 3), the last axis science, template, difference. */
export interface Triplet {
  /** Pixels on a side. */
  readonly size: number;
  /** size x size x 3 values, row by row, the three planes interleaved. */
  readonly pixels: Float32Array;
}

/** Options of `readStamps`. */
export interface ReadStampsOptions {
  /** How gzip is unpacked; {@link gunzip} by default. What it throws comes out as a typed error. */
  readonly gunzip?: Gunzip;
  /** Bytes that one stamp may unpack to; {@link MAX_STAMP_BYTES} by default. */
  readonly maxBytes?: number;
}

/** Options of `readStamp`. */
export interface ReadStampOptions extends ReadStampsOptions {
  /** The place that errors name, such as `"cutoutScience"`. */
  readonly path?: string;
}

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

/** Options of `renderStamp` and `renderTriplet`; {@link DEFAULT_RENDER_OPTIONS} holds the defaults. */
export interface RenderOptions {
  /** How values become gray. */
  readonly stretch?: Stretch;
  /** Which values become black and white. */
  readonly interval?: Interval;
  /** Pixels of the picture for one pixel of the stamp, along each side; a whole number, 1 or more. */
  readonly scale?: number;
}
