import type { Alert } from "@btsbot/alert";
import { BtsbotError, checkArgument, checkOptions, toSafe } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { DEFAULT_PLANES, STAMP_FIELDS } from "./constants.js";
import { readStamp } from "./readStamp.js";
import { READ_STAMPS_OPTIONS } from "./types.js";
import type { ReadStampsOptions, Stamp, Stamps } from "./types.js";

/**
 * Reads the stamps of an alert, all three or those that are asked for, unpacking each once.
 *
 * @param alert - the alert, or anything with its three cutouts
 * @param options - which stamps; how gzip is unpacked, and the limit of one stamp
 * @returns the stamps, pixels as stored
 * @throws BtsbotError with the problems of all of them at once, each with the stamp's field as its path:
 * `stamp-absent`, or as {@link readStamp}
 *
 * @example
 * ```ts
 * import { readStamps, writeFits } from "@btsbot/cutout";
 *
 * const stampData = writeFits({ width: 63, height: 63, pixels: new Float32Array(3969).fill(1) });
 * const alert = { cutoutScience: { stampData }, cutoutTemplate: { stampData }, cutoutDifference: { stampData } };
 * readStamps(alert).template.width; // => 63
 * ```
 */
export function readStamps<Plane extends keyof Stamps = keyof Stamps>(
  alert: Pick<Alert, "cutoutScience" | "cutoutTemplate" | "cutoutDifference">,
  options: ReadStampsOptions<Plane> = {},
): Pick<Stamps, Plane> {
  checkOptions("readStamps", options, READ_STAMPS_OPTIONS);
  checkArgument("readStamps", "alert", alert, "object");
  const { planes = DEFAULT_PLANES as readonly Plane[], ...rest } = options;
  const problems: Problem[] = [];
  const stamps: Partial<Record<keyof Stamps, Stamp>> = {};
  for (const name of planes) {
    const path = STAMP_FIELDS[name];
    const stampData = alert[path]?.stampData;
    if (stampData == null) {
      // Said once: of a form that leaves stamps out all three are absent.
      const hint = problems.length === 0 ? (alert as Partial<Alert>).form?.lacks : undefined;
      problems.push(BtsbotError.problem("stamp-absent", "the alert carries no such stamp", { path, hint }));
      continue;
    }
    const result = toSafe(() => readStamp(stampData, { ...rest, path }));
    if (result.success) stamps[name] = result.data;
    else problems.push(...result.error.problems);
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  return stamps as Pick<Stamps, Plane>;
}
