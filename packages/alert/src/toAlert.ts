import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { fromExtendedJson } from "./json/extendedJson.js";
import { CANDIDATE_FIELDS, CUTOUT_FIELDS, FP_HIST_FIELDS, PRV_CANDIDATE_FIELDS } from "./surveys/ztf/fields.js";
import type { FieldKind } from "./surveys/ztf/fields.js";
import { readBytes } from "./json/readBytes.js";
import { readLong } from "./json/readLong.js";
import { rowsToFits } from "./forms/rowsToFits.js";
import { isFull, nameOf, readId, readRecord, toFieldMap } from "./packet/readRecord.js";
import type { Alert, Cutout } from "./types.js";

type Document = Readonly<Record<string, unknown>>;

const CANDIDATE = toFieldMap(CANDIDATE_FIELDS);
const PRV_CANDIDATE = toFieldMap(PRV_CANDIDATE_FIELDS);
const FP_HIST = toFieldMap(FP_HIST_FIELDS);

/** Fields of an {@link Alert}; what else a document has goes to `extra`. */
const KNOWN: ReadonlySet<string> = new Set([
  "schemavsn",
  "publisher",
  "objectId",
  "candid",
  "candidate",
  "prv_candidates",
  "prv_nondetections",
  "fp_hists",
  ...CUTOUT_FIELDS,
]);

/**
 * Makes an {@link Alert} of an object that was read already: a decoded packet, or a document of
 * Kowalski, Fritz or BOOM.
 *
 * Fields are found by name, whatever schema or database the document went through:
 * - 64-bit ids (`candid`, `pid`, `tblid`, `rfid`, `objectidps1` to `3`) from a bigint, a safe number,
 *   digits, `{"$numberLong": "…"}` or the driver's `Long`;
 * - stamps from base64, `{"$binary": …}`, the driver's `Binary`, bytes or arrays of bytes, under
 *   `cutoutScience` itself or its `stampData`; from lists of rows of pixels, as Fink's API sends them, null for
 *   NaN: these are written as the FITS image that they were, not compressed;
 * - without `candid` at the top, the one of `candidate`, or a numeric `_id` (BOOM);
 * - `prv_nondetections` (BOOM keeps the upper limits apart) are added to `prv_candidates`.
 *
 * What is absent stays absent, null stays null, NaN stays NaN. Null entries of the lists are dropped.
 * Unknown fields of `candidate` stay there; unknown ones at the top go to `extra`. The document is
 * not changed; the alert shares with it what needs no change.
 *
 * @param document - the object
 * @returns the alert
 * @throws BtsbotError `alert-invalid` where `objectId`, `candid`, `candidate`, a `jd` or a `fid` is
 * missing, or a field has the wrong type; `integer-unsafe` where an id is a number above 2^53. The
 * problems, 100 at most, are in `problems`, with paths such as `prv_candidates[3].jd`. `limit-exceeded` where a field
 * that the survey does not have nests more than 64 levels deep, or holds itself
 *
 * @example
 * ```ts
 * import { toAlert } from "@btsbot/alert";
 *
 * const alert = toAlert({
 *   objectId: "ZTF20aajcdad",
 *   candid: { $numberLong: "1127495406315015005" },
 *   candidate: { jd: 2458881.0, fid: 1, magpsf: 18.2 },
 * });
 * alert.candid; // => 1127495406315015005n
 * ```
 */
export function toAlert(document: unknown): Alert {
  return readDocument(document, new Set());
}

/**
 * The same, of a document whose schema is known.
 *
 * @param inForm - as {@link findInForm} gives it
 */
export function readDocument(document: unknown, inForm: ReadonlySet<string>): Alert {
  if (!isRecord(document)) {
    throw new BtsbotError("alert-invalid", "this is not an alert", { expected: "an object", got: nameOf(document) });
  }
  const problems: Problem[] = [];
  const alert: { -readonly [K in keyof Alert]?: Alert[K] } = {};
  for (const name of ["schemavsn", "publisher"] as const) {
    if (document[name] !== undefined) alert[name] = readText(document[name], name, problems);
  }
  if (typeof document.objectId === "string" && document.objectId !== "") alert.objectId = document.objectId;
  else problems.push(missing("objectId", "the source's name", document.objectId));
  const candid = readCandid(document, problems);
  if (candid !== undefined) alert.candid = candid;
  if (isRecord(document.candidate)) {
    alert.candidate = readRecord(
      document.candidate,
      CANDIDATE,
      "candidate",
      problems,
      inForm.has("candidate"),
    ) as Alert["candidate"];
  } else problems.push(missing("candidate", "a record", document.candidate));
  readHistory(alert, document, inForm, problems);
  for (const name of CUTOUT_FIELDS) {
    if (document[name] !== undefined) alert[name] = readCutout(document[name], name, problems);
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  const extra = readExtra(document);
  if (extra) alert.extra = extra;
  return alert as Alert;
}

function readCandid(document: Document, problems: Problem[]): bigint | undefined {
  if (document.candid != null) return readId(document.candid, "candid", problems);
  const { candidate, _id } = document;
  if (isRecord(candidate) && candidate.candid != null) {
    const candid = readLong(candidate.candid);
    // What is wrong with it is said where the candidate is read.
    return typeof candid === "bigint" ? candid : undefined;
  }
  const id = readLong(_id);
  if (typeof id === "bigint") return id;
  if (id !== undefined) return readId(_id, "_id", problems);
  problems.push(missing("candid", "a 64-bit integer", document.candid));
  return undefined;
}

function readHistory(
  alert: { -readonly [K in keyof Alert]?: Alert[K] },
  document: Document,
  inForm: ReadonlySet<string>,
  problems: Problem[],
): void {
  const past = readList(document, "prv_candidates", PRV_CANDIDATE, inForm, problems);
  const limits = readList(document, "prv_nondetections", PRV_CANDIDATE, inForm, problems);
  if (past !== undefined || limits != null) {
    alert.prv_candidates = (limits == null ? past : [...(past ?? []), ...limits]) as Alert["prv_candidates"];
  }
  const forced = readList(document, "fp_hists", FP_HIST, inForm, problems);
  if (forced !== undefined) alert.fp_hists = forced as Alert["fp_hists"];
}

function readList(
  document: Document,
  name: string,
  table: ReadonlyMap<string, FieldKind>,
  inForm: ReadonlySet<string>,
  problems: Problem[],
): object[] | null | undefined {
  const value = document[name];
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value)) {
    problems.push(wrong(name, "an array or null", value));
    return undefined;
  }
  const records: object[] = [];
  for (const [i, entry] of value.entries()) {
    if (isFull(problems)) break;
    if (isRecord(entry)) records.push(readRecord(entry, table, `${name}[${i}]`, problems, inForm.has(name)));
    else if (entry !== null) problems.push(wrong(`${name}[${i}]`, "a record", entry));
  }
  return records;
}

function readCutout(value: unknown, name: string, problems: Problem[]): Cutout | null | undefined {
  if (value === null) return null;
  const nested = isRecord(value) && "stampData" in value;
  const data = nested ? value.stampData : value;
  // A record around no bytes is no stamp.
  if (data === null || data === undefined) return null;
  const path = nested ? `${name}.stampData` : name;
  const stampData = rowsToFits(data) ?? readBytes(data);
  if (stampData === undefined) {
    problems.push(wrong(path, 'bytes, base64, {"$binary": …} or rows of numbers', data));
    return undefined;
  }
  if (!nested || value.fileName === undefined) return { stampData };
  return { fileName: readText(value.fileName, `${name}.fileName`, problems), stampData };
}

function readText(value: unknown, path: string, problems: Problem[]): string | null {
  if (typeof value === "string") return value;
  if (value != null) problems.push(wrong(path, "a string", value));
  return null;
}

function readExtra(document: Document): Document | undefined {
  const names = Object.keys(document).filter((name) => !KNOWN.has(name) && document[name] !== undefined);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, fromExtendedJson(document[name], name)]));
}

function isRecord(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function missing(path: string, expected: string, value: unknown): Problem {
  return BtsbotError.problem("alert-invalid", "a field that every alert needs is missing", {
    path,
    expected,
    got: nameOf(value),
  });
}

function wrong(path: string, expected: string, value: unknown): Problem {
  return BtsbotError.problem("alert-invalid", "the field is of the wrong type", { path, expected, got: nameOf(value) });
}
