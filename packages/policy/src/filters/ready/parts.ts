import type { CompareRule, Operator, Quantity, FilterRule } from "../types.js";

/** @internal */
export const all = (...rules: readonly FilterRule[]): FilterRule => ({ all: rules });
/** @internal */
export const any = (...rules: readonly FilterRule[]): FilterRule => ({ any: rules });
/** @internal */
export const is = (left: Quantity, operator: Operator, right: Quantity): CompareRule => ({
  compare: [left, operator, right],
});
/** Over `low` and under `high`, neither included. @internal */
export const between = (low: number, quantity: Quantity, high: number): CompareRule => ({
  compare: [low, "<", quantity, "<", high],
});
/** A match within a distance, arcsec; the distance is negative where the survey found none. @internal */
export const near = (distance: string, limit: number): CompareRule => ({ compare: [0, "<=", distance, "<", limit] });

/** A positive subtraction. @internal */
export const POSITIVE: FilterRule = { name: "positive", isdiffpos: "positive" };

/**
 * A star by its PS1 score at the alert's position, or a red, perhaps point-like source there: in both BTS filters.
 *
 * @internal
 */
export const POINT_UNDERNEATH: FilterRule = {
  name: "pointunderneath",
  any: [
    all(is("sgscore1", ">", 0.76), near("distpsnr1", 2)),
    all(is("sgscore1", ">", 0.2), near("distpsnr1", 1), any(...["szmag1", "simag1"].map(redder))),
  ],
};

function redder(band: string): FilterRule {
  return all(is("srmag1", ">", 0), is(band, ">", 0), is({ minus: ["srmag1", band] }, ">", 3));
}

/**
 * A bogus detection by `rb` and `drb`, more strictly near catalogued stars and in old sources. Both BTS filters have
 * the same limits and bound magnitudes and distances in their own ways.
 *
 * @param bounded - the way to bound a distance or a magnitude, of Gaia or PS1
 * @param bands - bands in which a PS1 magnitude is sought, in order
 *
 * @internal
 */
export function real(bounded: (field: string, limit: number) => FilterRule, bands: readonly string[]): FilterRule {
  const gaia = (distance: number, magnitude: number): FilterRule =>
    all(bounded("neargaia", distance), bounded("maggaia", magnitude));
  const ps1 = (distance: number, ri: number, z: number): FilterRule =>
    all(
      near("distpsnr1", distance),
      is("sgscore1", ">", 0.49),
      any(bounded("srmag1", ri), bounded("simag1", ri), bounded("szmag1", z)),
    );
  const old = (distance: number, magnitude: number): FilterRule =>
    all(near("distpsnr1", distance), is({ firstOf: bands }, "<", magnitude), is("age", ">", 90));
  return {
    name: "real",
    all: [
      is("rb", ">", 0.2),
      {
        not: any(
          all(is("rb", "<", 0.35), any(gaia(1, 17), ps1(1, 17, 16.5))),
          all(is("rb", "<", 0.45), any(gaia(1.5, 15.5), ps1(1.5, 15.5, 15))),
          is("drb", "<", 0.1),
          all(is("drb", "<", 0.5), any(old(3, 16), old(1.1, 18))),
          all(is("drb", "<", 0.8), any(old(1.5, 15.5), old(0.8, 17.5))),
        ),
      },
    ],
  };
}

/**
 * A bright star near the alert: Gaia's, or one of PS1's.
 *
 * @internal
 */
export function brightStar(bounded: (field: string, limit: number) => FilterRule): FilterRule {
  const ps1 = (place: number, distance: number, magnitude: string): FilterRule =>
    all(near(`distpsnr${place}`, distance), bounded(magnitude, 14), is(`sgscore${place}`, ">", 0.9));
  return {
    name: "brightstar",
    any: [
      all(bounded("neargaiabright", 20), bounded("maggaiabright", 12)),
      ...[1, 2, 3].map((place) => ps1(place, 20, `srmag${place}`)),
      ps1(1, 20, "simag1"),
      ps1(1, 10, "szmag1"),
    ],
  };
}

/** An old source on a star of Gaia: in both BTS filters. @internal */
export const OLD_ON_GAIA: FilterRule = any(
  all(between(0, "neargaia", 0.35), between(0, "maggaia", 17), is("age", ">", 30)),
  all(between(0, "neargaia", 0.35), between(0, "maggaia", 19), is("age", ">", 300), is("magpsf", ">", 18.5)),
  all(between(0, "neargaia", 0.2), between(0, "maggaia", 18), is("age", ">", 90)),
);

/** An old source on a bright source of PS1, given its brightest magnitude. @internal */
export function oldOnPs1(bounded: (limit: number) => FilterRule): readonly FilterRule[] {
  return [
    all(is("sgscore1", ">", 0.25), near("distpsnr1", 3), is("age", ">", 90), bounded(16)),
    all(is("sgscore1", "==", 0.5), near("distpsnr1", 0.5), is("age", ">", 90), bounded(17)),
  ];
}

/** A bright star by the rules of the simplified BTS filter, which the BTSbot-nearby filters share. @internal */
export function simpleBrightStar(magnitude: (field: string) => Quantity): FilterRule {
  const star = (place: number): FilterRule =>
    all(is(`distpsnr${place}`, "<", 20), between(0, `srmag${place}`, 15), is(`sgscore${place}`, ">", 0.49));
  return {
    name: "brightstar",
    any: [
      ...[1, 2, 3].map(star),
      all(
        is("sgscore1", "==", 0.5),
        is("distpsnr1", "<", 0.5),
        any(...["sgmag1", "srmag1", "simag1"].map((field) => is(magnitude(field), "<", 17))),
      ),
    ],
  };
}
