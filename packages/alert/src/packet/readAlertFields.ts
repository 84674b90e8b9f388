import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { BrokerForm } from "../forms/BrokerForm.js";
import { toFields } from "../inputs/toFields.js";
import { fromExtendedJson } from "../json/extendedJson.js";
import { readBinary } from "../json/readBinary.js";
import { readLong } from "../json/readLong.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { Alert, AlertForm, Cutout } from "../types.js";
import { CUTOUT_FIELDS } from "./alertFields.js";
import { isRecord, missing, wrong } from "./problems.js";
import type { Reading } from "./Reading.js";
import { isMoved, readDetection, readHistory } from "./readHistory.js";
import { readId } from "./readRecord.js";
import { nameForm, runGiven } from "./runGiven.js";

/** Fields of an {@link Alert}; what else a document has goes to `extra`. */
const KNOWN: ReadonlySet<string> = new Set([
  "schemavsn",
  "publisher",
  "objectId",
  "candid",
  "candidate",
  "prv_candidates",
  "fp_hists",
  ...CUTOUT_FIELDS,
]);

/** Codes of a form that a document brings: more than there are. */
const MOST_FLAGS = 100;

/** Makes an alert of an object that has the names of one. */
export function readAlertFields(document: PacketFields, reading: Reading): Alert {
  const { survey, forms, problems } = reading;
  const alert: { -readonly [K in keyof Alert]?: Alert[K] | undefined } = {};
  for (const name of ["schemavsn", "publisher"] as const) {
    if (document[name] !== undefined) alert[name] = readText(document[name], name, problems);
  }
  if (isOtherSurvey(document.survey)) alert.survey = document.survey;
  if (typeof document.objectId === "string" && document.objectId !== "") alert.objectId = document.objectId;
  else problems.push(missing("objectId", "the source's name", document.objectId));
  const candid = readCandid(document, reading);
  if (candid !== undefined) alert.candid = candid;
  const candidate = readDetection(document, reading);
  if (candidate !== undefined) alert.candidate = candidate as Alert["candidate"];
  for (const name of ["prv_candidates", "fp_hists"] as const) {
    const entries = readHistory(document, name, survey.records.get(name)!, reading);
    if (entries !== undefined)
      alert[name] = entries as unknown as NonNullable<Alert["prv_candidates"] & Alert["fp_hists"]>;
  }
  for (const name of CUTOUT_FIELDS) {
    if (document[name] !== undefined) alert[name] = readCutout(document[name], name, reading);
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  const { classifications, form } = document;
  // Anything else of these names is not this field, and stays what it is.
  if (isScores(classifications))
    alert.classifications = fromExtendedJson(classifications, "classifications") as PacketFields;
  if (isForm(form)) alert.form = form;
  const extra = readExtra(document, forms);
  if (extra) alert.extra = extra;
  return alert as Alert;
}

/** Brokers write ZTF's name on its alerts, in their own way; theirs is the form that an alert has without a name. */
function isOtherSurvey(survey: unknown): survey is string {
  return typeof survey === "string" && survey.toLowerCase() !== "ztf";
}

function isScores(value: unknown): value is PacketFields {
  return isRecord(value);
}

/** What a form gives, here or in what `toJson` wrote. */
function isForm(value: unknown): value is AlertForm {
  if (!isRecord(value)) return false;
  const { name, flags, lacks, ...rest } = value;
  const isList = flags === undefined || (Array.isArray(flags) && flags.length <= MOST_FLAGS && flags.every(isFlag));
  return (
    typeof name === "string" &&
    isList &&
    (lacks === undefined || typeof lacks === "string") &&
    Object.keys(rest).length === 0
  );
}

/** Whether it is written as codes are; the registry weighs more than all of this, and a page need not load it. */
function isFlag(value: unknown): boolean {
  return typeof value === "string" && /^[a-z][a-z-]{0,40}$/.test(value);
}

function readCandid(document: PacketFields, { forms, problems }: Reading): bigint | undefined {
  if (document.candid != null) return readId(document.candid, "candid", problems);
  const { candidate } = document;
  if (isRecord(candidate) && candidate.candid != null) {
    const candid = readLong(candidate.candid);
    // What is wrong with it is said where the candidate is read.
    return typeof candid === "bigint" ? candid : undefined;
  }
  for (const { candid: name } of forms) {
    if (name === undefined) continue;
    const id = readLong(document[name]);
    if (id !== undefined) return readId(document[name], name, problems);
  }
  problems.push(missing("candid", "a 64-bit integer", document.candid));
  return undefined;
}

function readCutout(value: unknown, name: string, { forms, problems }: Reading): Cutout | null | undefined {
  if (value === null) return null;
  const nested = isRecord(value) && "stampData" in value;
  const data = nested ? value.stampData : value;
  // A record around no bytes is not a stamp.
  if (data === null || data === undefined) return null;
  const path = nested ? `${name}.stampData` : name;
  const stampData = readStampData(data, forms) ?? readBinary(data);
  if (stampData === undefined) {
    problems.push(wrong(path, 'bytes, base64, {"$binary": …} or rows of numbers', data));
    return undefined;
  }
  if (!nested || value.fileName === undefined) return { stampData };
  return { fileName: readText(value.fileName, `${name}.fileName`, problems), stampData };
}

function readStampData(value: unknown, forms: readonly BrokerForm[]): Uint8Array | undefined {
  for (const { name, readStamp } of forms) {
    const stamp = readStamp === undefined ? undefined : runGiven(() => readStamp(value), nameForm(name));
    if (stamp !== undefined) return stamp;
  }
  return undefined;
}

function readText(value: unknown, path: string, problems: Problem[]): string | null {
  if (typeof value === "string") return value;
  if (value != null) problems.push(wrong(path, "a string", value));
  return null;
}

function readExtra(document: PacketFields, forms: readonly BrokerForm[]): PacketFields | undefined {
  const names = Object.keys(document).filter(
    (name) =>
      !KNOWN.has(name) &&
      !isMoved(name, forms) &&
      document[name] !== undefined &&
      !(name === "survey" && isOtherSurvey(document[name])) &&
      !(name === "classifications" && isScores(document[name])) &&
      !(name === "form" && isForm(document[name])),
  );
  if (names.length === 0) return undefined;
  return toFields(names, (name) => fromExtendedJson(document[name], name));
}
