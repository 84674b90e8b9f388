import { FEATURE_RANGES } from "./featureRanges.js";
import { findOwn } from "./findOwn.js";
import { historyFeature } from "./historyFeature.js";
import { packetFeature } from "./packetFeature.js";
import { toEcliptic, toGalactic } from "@btsbot/sky";
import type { Feature, FeatureProfile } from "./types.js";

/**
 * The 26 features of ALeRCE's stamp classifier with 3x3 kernels (the paper's Table 2), as numbers of the
 * packet: clipping and standardization belong to the model.
 *
 * `isdiffpos` is 0 for a positive subtraction and 1 for a negative one, as the code that trained the network
 * has it; the paper says the opposite. It is read from the alert's own detection in the history, where it
 * is the same however the broker wrote it. Ecliptic and Galactic coordinates are J2000, in degrees,
 * latitudes -90 to 90, longitudes 0 up to 360. `non_detections` is `ncovhist` minus `ndethist`.
 *
 * Source: Carrasco-Davis et al. 2021, AJ 162, 231, Table A1; alercebroker/pipeline 9a72806,
 * stamp_classifier_step.
 *
 * @example
 * ```ts
 * import { ALERCE_STAMP_26 } from "@btsbot/features";
 *
 * ALERCE_STAMP_26.features.length; // => 26
 * ALERCE_STAMP_26.features[6].name; // => "isdiffpos"
 * ```
 */
export const ALERCE_STAMP_26: FeatureProfile = {
  name: "alerce-stamp-26",
  source: "Carrasco-Davis et al. 2021, AJ 162, 231, Table A1; alercebroker/pipeline 9a72806, stamp_classifier_step",
  features: [
    packetFeature("sgscore1"),
    packetFeature("distpsnr1"),
    packetFeature("sgscore2"),
    packetFeature("distpsnr2"),
    packetFeature("sgscore3"),
    packetFeature("distpsnr3"),
    sign(),
    packetFeature("fwhm"),
    packetFeature("magpsf"),
    packetFeature("sigmapsf"),
    packetFeature("ra"),
    packetFeature("dec"),
    packetFeature("diffmaglim"),
    packetFeature("rb"),
    packetFeature("distnr"),
    packetFeature("magnr"),
    packetFeature("classtar"),
    packetFeature("ndethist"),
    packetFeature("ncovhist"),
    coordinate("ecl_lat", "ecliptic latitude J2000", "latitude", toEcliptic),
    coordinate("ecl_long", "ecliptic longitude J2000", "longitude", toEcliptic),
    coordinate("gal_lat", "Galactic latitude", "latitude", toGalactic),
    coordinate("gal_long", "Galactic longitude", "longitude", toGalactic),
    { ...historyFeature("nnotdet"), name: "non_detections" },
    packetFeature("chinr"),
    packetFeature("sharpnr"),
  ],
};

function sign(): Feature {
  return {
    name: "isdiffpos",
    unit: "",
    meaning: "sign of the subtraction, 0 positive, 1 negative",
    path: "candidate.isdiffpos, history",
    range: FEATURE_RANGES.isdiffpos,
    value: (context) => {
      const positive = findOwn(context)?.positive;
      return positive == null ? null : Number(!positive);
    },
  };
}

function coordinate(
  name: string,
  meaning: string,
  axis: "latitude" | "longitude",
  turn: (ra: number, dec: number) => Readonly<Record<"latitude" | "longitude", number>>,
): Feature {
  return {
    name,
    unit: "degrees",
    meaning,
    path: "candidate.ra, candidate.dec",
    range: FEATURE_RANGES[axis],
    value: ({ alert: { candidate } }) => {
      const { ra, dec } = candidate;
      return typeof ra === "number" && typeof dec === "number" ? turn(ra, dec)[axis] : null;
    },
  };
}
