import { checkArgument, checkOptions, countOf } from "@btsbot/errors";
import { axisX, dot, gridY, line, ruleX, text } from "@observablehq/plot";
import type { Markish, PlotOptions } from "@observablehq/plot";
import { drawNothing } from "./drawNothing.js";
import { legend, paleFrame } from "./marks.js";
import { SERIES_COLORS, SERIES_DASHES } from "./palette.js";
import { renderStack } from "./renderPlot.js";
import { CURVES_OPTIONS } from "./types.js";
import type { CurvesOptions, TrainingEpoch } from "./types.js";

/**
 * Draws training curves: loss, and accuracy where there is any, against epoch, for training and validation set.
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Figure 11 shows the same.
 *
 * @param epochs - figures of each epoch, in order; values that are not finite are gaps
 * @param options - the epoch whose weights are kept, those after which the learning rate fell; width (480) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawCurves } from "@btsbot/report";
 *
 * const epochs = [{ epoch: 1, loss: 0.6, validationLoss: 0.5 }, { epoch: 2, loss: 0.4, validationLoss: 0.45 }];
 * drawCurves(epochs, { bestEpoch: 2 }).includes("Training curves over 2 epochs"); // => true
 * ```
 */
export function drawCurves(epochs: readonly TrainingEpoch[], options: CurvesOptions = {}): string {
  checkOptions("drawCurves", options, CURVES_OPTIONS);
  checkArgument("drawCurves", "epochs", epochs, "list");
  const { width = 480 } = options;
  if (epochs.length === 0) return drawNothing("No training curves: no epochs.", width);
  const key = legend(
    ["training", "validation"].map((name, index) => ({ name, color: SERIES_COLORS[index] })),
    width - 70,
  );
  const hasAccuracy = epochs.some(
    ({ accuracy, validationAccuracy }) => accuracy !== undefined || validationAccuracy !== undefined,
  );
  const loss: PlotOptions = {
    ...panel(epochs, ["loss", "validationLoss"], "loss", { ...options, isLast: !hasAccuracy }),
    marginTop: key.height + 6,
    height: 190 + key.height,
  };
  loss.marks = [...(loss.marks ?? []), ...key.marks];
  const accuracy: PlotOptions = {
    ...panel(epochs, ["accuracy", "validationAccuracy"], "accuracy", { ...options, isLast: true }),
    height: 220,
    marginTop: 12,
  };
  const last = epochs[epochs.length - 1];
  const words = `Training curves over ${countOf(epochs.length, "epoch")}: loss ${last.loss.toPrecision(3)}${last.validationLoss === undefined ? "" : `, validation ${last.validationLoss.toPrecision(3)}`} at the last`;
  return renderStack(options.label ?? words, hasAccuracy ? [loss, accuracy] : [loss]);
}

type Curve = Exclude<keyof TrainingEpoch, "epoch">;

function panel(
  epochs: readonly TrainingEpoch[],
  curves: readonly Curve[],
  label: string,
  options: CurvesOptions & { isLast: boolean },
): PlotOptions {
  const { width = 480, bestEpoch, reductions = [], isLast } = options;
  const [first, last] = [epochs[0].epoch, epochs[epochs.length - 1].epoch];
  const values = new Set(
    epochs.flatMap(
      (epoch) => curves.map((curve) => epoch[curve]).filter((value) => Number.isFinite(value)) as number[],
    ),
  );
  return {
    width,
    x: { domain: first === last ? [first - 1, last + 1] : [first, last] },
    y: {
      label,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
      nice: true,
      ...(values.size === 1 && { domain: flatDomain([...values][0]) }),
    },
    marks: [
      axisX({
        label: isLast ? "epoch" : null,
        labelAnchor: "center",
        labelArrow: "none",
        tickFormat: (epoch: number) => (Number.isInteger(epoch) ? String(epoch) : ""),
      }),
      gridY({ strokeOpacity: 0.12, ticks: 5 }),
      paleFrame(),
      ruleX(reductions, { strokeOpacity: 0.3 }),
      bestEpoch === undefined ? null : bestMarks(bestEpoch, bestEpoch > (first + last) / 2),
      ...curves.flatMap((curve, index) => [
        line(epochs, {
          x: "epoch",
          y: curve,
          stroke: SERIES_COLORS[index],
          strokeWidth: 1.75,
          ...SERIES_DASHES[index],
        }),
        // A curve of one epoch is a point.
        ...(epochs.length === 1 ? [dot(epochs, { x: "epoch", y: curve, fill: SERIES_COLORS[index], r: 4 })] : []),
      ]),
    ],
  };
}

function bestMarks(epoch: number, isLate: boolean): Markish {
  return [
    ruleX([epoch], { strokeDasharray: "4 3", strokeOpacity: 0.7 }),
    text([`best: ${epoch}`], {
      x: [epoch],
      frameAnchor: "top",
      dy: 10,
      dx: isLate ? -4 : 4,
      textAnchor: isLate ? "end" : "start",
      lineAnchor: "middle",
      fontSize: 10,
    }),
  ];
}

/** A range around the one value that there is. */
function flatDomain(value: number): [number, number] {
  const half = Math.abs(value) / 2 || 0.5;
  return [value - half, value + half];
}
