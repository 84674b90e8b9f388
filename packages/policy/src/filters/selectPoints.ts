import type { Alert, Detection, LightCurve, NonDetection } from "@btsbot/alert";
import type { Bounds, Selection } from "./types.js";

/**
 * The points of the history that a selection takes.
 *
 * @internal
 */
export function selectPoints(selection: Selection, alert: Alert, history: LightCurve): (Detection | NonDetection)[] {
  const { points, positive, sameBand, daysBefore, magpsf } = selection;
  const { jd, fid } = alert.candidate;
  const meets = (point: Detection | NonDetection): boolean =>
    // A history that was given may go on after the alert.
    point.jd <= jd && (!sameBand || point.fid === fid) && within(jd - point.jd, daysBefore);
  if (points === "upper-limits") return history.nondetections.filter(meets);
  return history.detections.filter(
    (point) => meets(point) && (!positive || point.positive === true) && within(point.magpsf, magpsf),
  );
}

/**
 * A selection in words, such as "positive detections over 0.02 d before".
 *
 * @internal
 */
export function describeSelection({
  points = "detections",
  positive,
  sameBand,
  daysBefore,
  magpsf,
  countedBy,
}: Selection): string {
  const which = `${positive ? "positive " : ""}${sameBand ? "same-band " : ""}${points.replace("-", " ")}`;
  const how = [
    daysBefore && `${describeBounds(daysBefore)} d before`,
    magpsf && `magpsf ${describeBounds(magpsf)}`,
    countedBy === "candids" && "each candid",
  ];
  return [which, how.filter(Boolean).join(", ")].filter(Boolean).join(" ");
}

function within(value: number, { above = -Infinity, below = Infinity }: Bounds = {}): boolean {
  return value > above && value < below;
}

function describeBounds({ above, below }: Bounds): string {
  return [above !== undefined && `over ${above}`, below !== undefined && `under ${below}`]
    .filter(Boolean)
    .join(" and ");
}
