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

/** How a model wants its image. Two models with equal preprocessing share one triplet. */
export interface ImagePreprocessing {
  /** `l2`: NaN to 0, each plane divided by its Euclidean norm, then padded bottom and right with 1e-9. */
  readonly normalization: "l2";
  /** Pixels on a side; under 63, the innermost pixels are kept and normalised again. */
  readonly size: number;
}

/** A network's image input: (size, size, 3), the last axis science, template, difference. */
export interface Triplet {
  /** Pixels on a side. */
  readonly size: number;
  /** size x size x 3 values, row by row, the three planes interleaved. */
  readonly pixels: Float32Array;
}
