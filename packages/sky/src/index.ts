/**
 * Julian dates, nights of the survey, and frames on the sky.
 *
 * @packageDocumentation
 */
export { dateToJd } from "./dateToJd.js";
export { formatJd } from "./formatJd.js";
export type { EquatorialPosition, FramePosition } from "./frames.js";
export { fromEcliptic } from "./fromEcliptic.js";
export { fromGalactic } from "./fromGalactic.js";
export { jdToDate } from "./jdToDate.js";
export { JULIAN_DATES, MJD_EPOCH_JD } from "./julianDates.js";
export { nightOf } from "./nightOf.js";
export { taiToUtc } from "./taiToUtc.js";
export { toEcliptic } from "./toEcliptic.js";
export { toGalactic } from "./toGalactic.js";
export { utcToTai } from "./utcToTai.js";
