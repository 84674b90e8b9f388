import type { OptionNames } from "@btsbot/errors";

/** How a figure is set. */
export interface FigureOptions {
  /** Width, CSS pixels; a page may show it smaller. Each figure has a default of its own. */
  readonly width?: number;
  /** What the figure shows, for whoever cannot see it; each figure has a default that holds its numbers. */
  readonly label?: string;
}

/**
 * The names of {@link FigureOptions}.
 *
 * @internal
 */
export const FIGURE_OPTIONS: OptionNames<FigureOptions> = { width: "number", label: "string" };

/** A curve, or a row of points, of one policy or model. */
export interface Series<Data> {
  /** Its name in the legend. */
  readonly name: string;
  /** What is drawn. */
  readonly data: Data;
}

/** A point of a light curve: a detection, or an upper limit. */
export interface LightCurvePoint {
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Magnitude of the detection, or the limit, mag. */
  readonly magnitude: number;
  /** Band: `u`, `g`, `r`, `i`, `z` or `y`; others are drawn alike, as unknown. */
  readonly band?: string;
  /** ZTF's number of it, where there is no `band`: 1 g, 2 r, 3 i; others and absent are drawn as unknown. */
  readonly fid?: number;
  /** Error of the magnitude, mag; no bar if absent. */
  readonly error?: number;
  /** The model's score, 0 to 1; absent where there is none. */
  readonly score?: number;
  /** True for an upper limit: the source was fainter than `magnitude`. */
  readonly isLimit?: boolean;
  /** True for a detection of a negative difference: the source was fainter than in the template. */
  readonly isNegative?: boolean;
  /** True for forced photometry. */
  readonly isForced?: boolean;
}

/** A magnitude that matters, such as a survey's limit. */
export interface MagnitudeLine {
  /** Where the line is, mag. */
  readonly magnitude: number;
  /** What stands on it. */
  readonly name: string;
}

/** When a policy fired. */
export interface Firing {
  /** The policy's name. */
  readonly policy: string;
  /** Julian date, days UTC. */
  readonly jd: number;
}

/** What {@link drawLightCurve} draws with the points. */
export interface LightCurveOptions extends FigureOptions {
  /** From which score on a point is filled, 0 to 1; 0.5 if absent. */
  readonly threshold?: number;
  /** When policies fired: a vertical rule each. */
  readonly firings?: readonly Firing[];
  /** Dotted lines; those that are further than 1.5 mag from all points are left out. */
  readonly lines?: readonly MagnitudeLine[];
  /** If given, time is in days since this Julian date, such as that of the alert at hand; else the axis has dates. */
  readonly since?: number;
}

/**
 * The names of {@link LightCurveOptions}.
 *
 * @internal
 */
export const LIGHT_CURVE_OPTIONS: OptionNames<LightCurveOptions> = {
  ...FIGURE_OPTIONS,
  threshold: "number",
  firings: "list",
  lines: "list",
  since: "number",
};

/** What {@link drawDelays} needs to know of the delays. */
export interface DelayOptions extends FigureOptions {
  /** What they are measured against: `save` or `trigger`. */
  readonly against: "save" | "trigger";
}

/**
 * The names of {@link DelayOptions}.
 *
 * @internal
 */
export const DELAY_OPTIONS: OptionNames<DelayOptions> = { ...FIGURE_OPTIONS, against: "string!" };

/** Figures of one epoch of training; what is absent is not drawn. */
export interface TrainingEpoch {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Mean loss over the training set. */
  readonly loss: number;
  /** Mean loss over the validation set. */
  readonly validationLoss?: number;
  /** Fraction of the training set classified right, 0 to 1. */
  readonly accuracy?: number;
  /** Fraction of the validation set classified right, 0 to 1. */
  readonly validationAccuracy?: number;
}

/** What {@link drawCurves} draws with the curves. */
export interface CurvesOptions extends FigureOptions {
  /** The epoch whose weights are kept: a vertical rule. */
  readonly bestEpoch?: number;
  /** The epochs after which the learning rate fell: gray rules. */
  readonly reductions?: readonly number[];
}

/**
 * The names of {@link CurvesOptions}.
 *
 * @internal
 */
export const CURVES_OPTIONS: OptionNames<CurvesOptions> = {
  ...FIGURE_OPTIONS,
  bestEpoch: "number",
  reductions: "list",
};

/** A table of a report. Numbers come as text, as they are to be shown; a line feed breaks the line. */
export interface ReportTable {
  /** What it shows. */
  readonly caption: string;
  /** Headings of the columns. */
  readonly head: readonly string[];
  /** Rows, each with a cell for every heading; the first cell names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** A figure of a report. */
export interface ReportFigure {
  /** The SVG as a function of this package gives it. It goes into the page as it is. */
  readonly svg: string;
  /** What stands below it. */
  readonly caption: string;
}

/** A section of a report: text, then figures, then tables. */
export interface ReportSection {
  /** Its heading. */
  readonly title: string;
  /** Paragraphs. */
  readonly text?: readonly string[];
  /** Tables. */
  readonly tables?: readonly ReportTable[];
  /** Figures, side by side where there is room. */
  readonly figures?: readonly ReportFigure[];
}

/** What a report holds. All texts are escaped. */
export interface Report {
  /** The title of the page. */
  readonly title: string;
  /** One line below the title, such as what was evaluated, and when. */
  readonly subtitle?: string;
  /** Its sections. */
  readonly sections: readonly ReportSection[];
}
