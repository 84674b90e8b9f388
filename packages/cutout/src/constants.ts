import type { Stamps } from "./types.js";

/**
 * Pixels on a side of the survey's stamps, and of the plane that networks read.
 *
 * Source: Masci et al. 2019, PASP 131, 018003, section 4.4; the ZTF alert schema.
 */
export const STAMP_SIZE = 63;

/**
 * What fills a plane where a stamp at the edge of a CCD has no pixels, after normalisation.
 *
 * Source: nabeelre/BTSbot, the triplet maker of the training set.
 */
export const PAD_VALUE = 1e-9;

/**
 * Bytes that a gzip stamp may unpack to unless the caller says otherwise: twelve times the survey's
 * 63 x 63 stamp, 256 KiB.
 */
export const MAX_STAMP_BYTES = 262_144;

/** The least float32: three of 131 real reference stamps hold it where others hold NaN. */
export const LEAST_FLOAT32 = -3.4028234663852886e38;

/**
 * DN that no pixel of a stamp reaches: detectors of 16 bits saturate below 65,536 DN, and 131
 * real packets have -1,779 to 50,528. Bytes in another order give numbers up to 1e38.
 */
export const GREATEST_PIXEL = 1e7;

/**
 * DN that no calibrated, coadded or subtracted pixel comes near: four orders of magnitude beyond the saturation of 16 bits
 * (65,535; ZTF's detectors, Dekany et al. 2020, PASP 132, 038001) and beyond all of 131 real packets. Networks have seen
 * no such stamp.
 */
export const IMPOSSIBLE_PIXEL = 1e9;

/**
 * Pixels on a side of the smallest stamp that the survey can cut: 31 on the one side of the source and the source's own,
 * where it lies on the CCD's last row or column. The smallest of 131 real packets has 43. So none of the training sets had
 * less: BTSbot's, ACAI's and braai's makers pad what the survey cut.
 *
 * Source: Masci et al. 2019, PASP 131, 018003, section 4.4: stamps are centered on the source.
 */
export const LEAST_SIDE = 32;

/** Pixels on a side of the largest image that is taken for a stamp: 16 times the survey's, rounded up. */
export const MAX_SIDE = 1024;

/**
 * The alert's field of each stamp, in the order of the planes of published networks.
 *
 * @internal
 */
export const STAMP_FIELDS = {
  science: "cutoutScience",
  template: "cutoutTemplate",
  difference: "cutoutDifference",
} as const satisfies Readonly<Record<keyof Stamps, string>>;

/** The planes of published networks, in their order. */
export const DEFAULT_PLANES: readonly (keyof Stamps)[] = ["science", "template", "difference"];
