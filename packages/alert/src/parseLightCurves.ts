import { BtsbotError, checkOptions, toBytes, toSafe } from "@btsbot/errors";
import type { Bytes, OptionNames, SafeResult } from "@btsbot/errors";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES } from "./avro/readContainer.js";
import { BROKER_FORMS } from "./forms/brokerForms.js";
import type { CurvePart } from "./forms/BrokerForm.js";
import { FINK_ROWS, isRow, toCandidate } from "./forms/finkRows.js";
import { toCurvePoint } from "./forms/toCurvePoint.js";
import { Budget } from "./inputs/Budget.js";
import { toBounds } from "./inputs/readLimits.js";
import { sniff } from "./inputs/sniff.js";
import { readJson } from "./json/readJson.js";
import { openDocument } from "./packet/openDocument.js";
import { isRecord } from "./packet/problems.js";
import { readDocument } from "./packet/readDocument.js";
import { nameForm, runGiven } from "./packet/runGiven.js";
import { toForms } from "./packet/toForms.js";
import type { Forms } from "./packet/toForms.js";
import { iterateAlerts } from "./readAlerts.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, ReadOptions, StoredPoint } from "./types.js";

/** The light curve of a source, as a broker knows it. */
export interface SourceCurve {
  /** Whose form it was, such as `"alerce"`; `"packet"` for alerts of the survey. */
  readonly form: string;
  /** The source's name; absent where the answer does not have it, and only who asked knows. */
  readonly objectId?: string;
  /** Its points, earliest first; one that came twice is there twice, and counts once in `toLightCurve`. */
  readonly points: readonly StoredPoint[];
}

/** What one document says. */
type Part = CurvePart & { readonly form: string };

/**
 * Reads the light curves in a broker's answer, whether or not it is about alerts: detections and upper limits of ALeRCE,
 * objects of Lasair, alerts of ANTARES, rows of Fink, histories of Kowalski, BOOM and Babamul, packets. Its points
 * are those that `toLightCurve` takes as stored history, and that `History` of `@btsbot/decide` gives.
 *
 * What has no date, no filter, or neither a magnitude nor a limit is not a point. A date that came as an MJD is rounded to
 * 1e-7 days, which is what packets have, so that the point of one exposure is the same from every broker.
 *
 * @param input - bytes, JSON text, or the document itself
 * @param options - as for `parseAlerts`; all of `BROKER_FORMS` are known here
 * @returns a light curve for each source, in the order of the input
 * @throws BtsbotError `alert-incomplete` for an answer that is known and holds no points, such as a search, with where
 * they are; what is wrong with the first document that cannot be read
 *
 * @example
 * ```ts
 * import { parseLightCurves, toLightCurve } from "@btsbot/alert";
 *
 * const answer = '[{"tid": "ztf", "oid": "ZTF20aajcdad", "mjd": 58878.5, "fid": 2, "candid": "5", "magpsf": 18.75}]';
 * const [{ objectId, points }] = parseLightCurves(answer);
 * objectId; // => "ZTF20aajcdad"
 * const alert = { objectId: "ZTF20aajcdad", candid: 7n, candidate: { jd: 2458881, fid: 1, magpsf: 18.25 } };
 * toLightCurve(alert, points).detections.map(({ magpsf }) => magpsf); // => [18.75, 18.25]
 * ```
 */
export function parseLightCurves(input: Bytes | string | object, options: ReadOptions = {}): SourceCurve[] {
  checkOptions("parseLightCurves", options, READ_OPTIONS satisfies OptionNames<ReadOptions>);
  const known = { ...options, forms: [options.forms ?? [], BROKER_FORMS].flat() };
  const parts: Part[] = [];
  for (const outcome of readParts(input, known)) {
    if (!outcome.success) throw outcome.error;
    parts.push(...outcome.data);
  }
  return gather(parts);
}

/**
 * As {@link parseLightCurves}, and returns the error.
 *
 * @param input - bytes, JSON text, or the document itself
 * @param options - as for `parseLightCurves`
 * @returns the light curves, or the error
 *
 * @example
 * ```ts
 * import { safeParseLightCurves } from "@btsbot/alert";
 *
 * safeParseLightCurves('[{"object": "ZTF20aajcdad", "separation": 1.5}]').success; // => false
 * ```
 */
export function safeParseLightCurves(
  input: Bytes | string | object,
  options: ReadOptions = {},
): SafeResult<SourceCurve[]> {
  checkOptions("safeParseLightCurves", options, READ_OPTIONS);
  return toSafe(() => parseLightCurves(input, options));
}

function* readParts(input: Bytes | string | object, options: ReadOptions): Generator<SafeResult<readonly Part[]>> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : toBytes(input);
  const forms = withRows(toForms(options));
  const read = (document: unknown) => readEachPart(document, forms);
  if (bytes === undefined) return yield* read(input);
  if (sniff(bytes) === "json") {
    for (const step of readJson(new ByteWindow(bytes), new Budget(toBounds(options)), read))
      if (step !== NEED_BYTES) yield step;
    return;
  }
  for (const outcome of iterateAlerts(bytes, options))
    yield outcome.success ? { success: true, data: [ofAlert(outcome.data)] } : outcome;
}

/** Rows of upper limits are not alerts, and are points: here they are not left out. */
function withRows({ forms, ...rest }: Forms): Forms {
  const { name } = FINK_ROWS;
  return { ...rest, forms: forms.map((form) => (form === FINK_ROWS ? { name } : form)) };
}

function readEachPart(document: unknown, forms: Forms): Generator<SafeResult<readonly Part[]>, void, void> {
  return openDocument(document, forms, (each) => [readPart(each, forms)]);
}

function readPart(document: unknown, forms: Forms): Part {
  if (isRecord(document)) {
    if (isRow(document)) return ofPoints(FINK_ROWS.name, document["i:objectId"], [toCandidate(document)]);
    for (const { name, readCurve } of forms.forms) {
      const curve = readCurve === undefined ? undefined : runGiven(() => readCurve(document), nameForm(name));
      if (curve !== undefined) return { ...curve, form: name };
    }
  }
  return ofAlert(readDocument(document, forms));
}

function ofAlert({ objectId, candid, candidate, prv_candidates, form }: Alert): Part {
  return ofPoints(form?.name ?? "packet", objectId, [{ ...candidate, candid }, ...(prv_candidates ?? [])]);
}

function ofPoints(form: string, objectId: unknown, points: readonly unknown[]): Part {
  const what = "alerts without magnitudes and limits";
  return { form, what, lacks: "", ...(typeof objectId === "string" && { objectId }), points };
}

/** A curve for each source. */
function gather(parts: readonly Part[]): SourceCurve[] {
  const curves = new Map<string | undefined, { form: string; points: StoredPoint[] }>();
  for (const { form, objectId, points } of parts) {
    const read = points.map(toCurvePoint).filter((point) => point !== undefined);
    const curve = curves.get(objectId) ?? { form, points: [] };
    curve.points.push(...read);
    if (curve.points.length > 0) curves.set(objectId, curve);
  }
  if (curves.size === 0) throw noPoints(parts[0]);
  return [...curves].map(([objectId, { form, points }]) => ({
    form,
    ...(objectId !== undefined && { objectId }),
    points: points.sort((a, b) => a.jd - b.jd),
  }));
}

function noPoints(first: Part | undefined): BtsbotError {
  const what = first === undefined ? "nothing" : first.what;
  return new BtsbotError("alert-incomplete", `there is no light curve in this, but ${what}`, {
    ...(first?.lacks && { hint: first.lacks }),
  });
}
