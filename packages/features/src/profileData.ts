/** A profile as data: what JSON can hold. `parseProfile` makes a `FeatureProfile` of it. */
export interface ProfileData {
  /** The profile's name, of its own: none that a ready profile has. */
  readonly name: string;
  /** Where the rules come from, such as a paper or the program that trained the network. */
  readonly source?: string;
  /** The features, in the order of the network's input. */
  readonly features: readonly (string | FeatureData)[];
  /** The survey whose alerts it is for, such as `"lsst"`; ZTF by default. Others are refused. */
  readonly survey?: string;
  /** What is done to stamps otherwise than the model's definition says. */
  readonly stamps?: {
    /** Where a stamp smaller than the network's plane stands. */
    readonly padding: "corner" | "centered";
  };
  /** What else there is to say, for people. */
  readonly notes?: readonly string[];
}

/** One feature as data; a name alone is the field of the packet that has it. */
export interface FeatureData {
  /** The name, as in the training set. */
  readonly name: string;
  /** How the number is found; the packet's field of that name by default. */
  readonly rule?: Rule;
  /** Its unit; the field's by default. */
  readonly unit?: string;
  /** What it is, in a few words; the field's by default. */
  readonly meaning?: string;
  /** What it can be; the field's range by default, and 0 to 1 for a real/bogus score. */
  readonly range?: RangeData;
}

/** What a feature's quantity can be, as `FeatureRange`. */
export interface RangeData {
  /** The least value. */
  readonly least: number;
  /** The greatest value. */
  readonly greatest: number;
  /** Where that is stated; the profile's source by default. */
  readonly source?: string;
  /** Widths of the range that a value may lie outside before it is refused; 10 by default. */
  readonly room?: number;
  /** Whether every value outside is refused; `"least"`: every one below. */
  readonly strict?: boolean | "least";
  /** Whether -999 is a number like any other here, as of days that are computed. */
  readonly computed?: boolean;
  /** Whether -999 is the survey's mark here, which passes; by default unless the range is strict or computed. */
  readonly marked?: boolean;
}

/**
 * How a number is found: a constant; a text, which is the packet's field of that name; or an object that
 * says what to read or compute. A number that is not there makes all that is computed of it missing, except
 * among `min` and `max`.
 */
export type Rule = number | string | FieldRule | RealBogusRule | HistoryRule | SkyRule | FeatureRule | Arithmetic;

/** What takes the place of a number that is not there: any rule that is an object may say so. */
export interface MissingRule {
  /** Taken where the number is not there, and flagged `filled:<feature>`; missing by default. */
  readonly missing?: Rule;
}

/** A field of the packet's candidate. */
export interface FieldRule extends MissingRule {
  /** The field's name. `isdiffpos` is 1 for a positive subtraction and 0 for a negative one, however it is written. */
  readonly field: string;
  /** A value that is not above this counts as missing: 0 for a date that may be -999. */
  readonly above?: Rule;
  /** A value that is not below this counts as missing. */
  readonly below?: Rule;
}

/** The real/bogus score: the one that is given, or else the packet's. */
export interface RealBogusRule extends MissingRule {
  /** The packet's field, `drb`. */
  readonly realBogus: string;
}

/** What `HistoryRule` makes of many points. */
export type Reduction = "min" | "max" | "first" | "last" | "median" | "count";

/** What a point of the history has. */
export type PointField = "jd" | "fid" | "magpsf" | "sigmapsf" | "diffmaglim";

/**
 * A number of the source's history up to the alert, its own detection included. Points without the fields
 * that are asked for are left out.
 */
export interface HistoryRule extends MissingRule {
  /** What is made of the points: their least or greatest value, that of the first or last point, the median, or how many there are. */
  readonly history: Reduction;
  /** The field that is read of each point; `jd` by default, which only `count` may do with. */
  readonly of?: PointField;
  /** For `first` and `last`: the field that puts the points in order; `jd` by default. Of equal ones the earliest counts. */
  readonly by?: PointField;
  /** Detections, which have `magpsf`, or upper limits, which have `diffmaglim`; detections by default. */
  readonly points?: "detections" | "nondetections";
  /** Only points of this filter: ZTF's 1 g, 2 r, 3 i; Rubin's 11 u, 12 g, 13 r, 14 i, 15 z, 16 y. */
  readonly fid?: number;
  /** Only detections of this sign. */
  readonly positive?: boolean;
  /** Only points of so many days up to the alert. */
  readonly within?: number;
}

/** The packet's place on the sky, J2000, degrees: longitudes 0 up to 360, latitudes -90 to 90. */
export interface SkyRule extends MissingRule {
  /** Which coordinate. */
  readonly sky: "ecl_lat" | "ecl_long" | "gal_lat" | "gal_long";
}

/** The number of a feature that stands earlier in the profile. */
export interface FeatureRule extends MissingRule {
  /** Its name. */
  readonly feature: string;
}

/**
 * Arithmetic of other rules. `min` and `max` take those that are there; what the others lack is missing. What has no
 * number, such as a division by 0, is refused with `feature-non-finite`.
 */
export type Arithmetic = MissingRule & Operation;

/** One operation, by its sign. */
export type Operation =
  | {
      /** The sum of two rules or more. */
      readonly "+": readonly Rule[];
    }
  | {
      /** The first minus the second. */
      readonly "-": readonly [Rule, Rule];
    }
  | {
      /** The product of two rules or more. */
      readonly "*": readonly Rule[];
    }
  | {
      /** The first divided by the second. */
      readonly "/": readonly [Rule, Rule];
    }
  | {
      /** The decimal logarithm. */
      readonly log10: Rule;
    }
  | {
      /** The value without its sign. */
      readonly abs: Rule;
    }
  | {
      /** The least of those that are there. */
      readonly min: readonly Rule[];
    }
  | {
      /** The greatest of those that are there. */
      readonly max: readonly Rule[];
    };
