/** A part of the training set: seen in training, followed in training, or kept for the end. */
export type Split = "train" | "validation" | "test";

/** What training needs to know of an alert besides its image and features. */
export interface TrainingAlert {
  /** Its row in the images and features. */
  readonly row: number;
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id as the table has it, decimal digits; published tables have it rounded. */
  readonly candid: string;
  /** Julian date, days. */
  readonly jd: number;
  /** Filter: 1 g, 2 r, 3 i; null where unknown. */
  readonly fid: number | null;
  /** Whether science minus template is positive; null where unknown. */
  readonly positive: boolean | null;
  /** Whether both PS1 neighbours are there: none of sgscore and distpsnr 1 and 2 is -999 or missing. */
  readonly hasPs1: boolean;
  /** Whether every feature of the profile is there and finite. */
  readonly hasFeatures: boolean;
  /** Whether the three stamps could be read and are not corrupt. */
  readonly hasImage: boolean;
  /** The place of the true class: for a score 1 (a bright transient) or 0, else among the network's classes. */
  readonly label: number;
  /** What the source is, such as `"SN Ia"`; null where the table does not say. */
  readonly className: string | null;
  /** What the teacher says, 0 to 1; null without one, or where it has no score. */
  readonly teacher: number | null;
}

/** A batch as a network in training reads it. */
export interface Examples {
  /** The network's inputs by name, alert after alert. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** What the network shall answer: one value for each alert, or one for each class of each alert. */
  readonly targets: Float32Array;
  /** Weight of each alert in the loss. */
  readonly weights: Float32Array;
  /** The place of each alert's true class. */
  readonly labels: Int32Array;
}

/** Alerts that are read when they are needed. */
export interface Dataset {
  /** How many alerts. */
  readonly length: number;
  /**
   * Reads alerts.
   *
   * @param indices - which, 0 to below the length, in any order
   * @returns the alerts, in this order
   */
  read(indices: ArrayLike<number>): Promise<Examples>;
}
