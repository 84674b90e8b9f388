import type { Problem } from "@btsbot/errors";
import type { BrokerForm } from "../forms/BrokerForm.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { PreparedRecord } from "./prepareSurvey.js";
import { isFull, isRecord, missing, wrong } from "./problems.js";
import type { Reading } from "./Reading.js";
import { readRecord } from "./readRecord.js";

/** The record of the detection, checked. */
export function readDetection(
  document: PacketFields,
  { survey, forms, inForm, problems }: Reading,
): PacketFields | undefined {
  const { detection: name, records } = survey;
  const record = document[name];
  if (isRecord(record)) return readRecord(record, records.get(name)!, name, problems, inForm.has(name));
  // Those that are read without being told know no answers.
  const hint = forms.some(({ readCurve }) => readCurve !== undefined)
    ? undefined
    : "If a broker's API sent this, give `forms: BROKER_FORMS`, which knows more of them.";
  problems.push(missing(name, "a record", record, hint));
  return undefined;
}

/** A list of the packet, and those of forms whose entries belong to it. */
export function readHistory(
  document: PacketFields,
  name: string,
  record: PreparedRecord,
  { forms, inForm, problems }: Reading,
): PacketFields[] | null | undefined {
  let entries = readList(document[name], name, record, inForm.has(name), problems);
  const seen = new Set<string>();
  for (const { lists = {} } of forms) {
    for (const [other, list] of Object.entries(lists)) {
      // Forms of one family know the same list.
      if (list !== name || seen.has(other)) continue;
      seen.add(other);
      const more = readList(document[other], other, record, false, problems);
      if (more != null) entries = [...(entries ?? []), ...more];
    }
  }
  return entries;
}

function readList(
  value: unknown,
  name: string,
  record: PreparedRecord,
  inForm: boolean,
  problems: Problem[],
): PacketFields[] | null | undefined {
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value)) {
    problems.push(wrong(name, "an array or null", value));
    return undefined;
  }
  const records: PacketFields[] = [];
  for (const [i, entry] of value.entries()) {
    if (isFull(problems)) break;
    if (isRecord(entry)) records.push(readRecord(entry, record, `${name}[${i}]`, problems, inForm));
    else if (entry !== null) problems.push(wrong(`${name}[${i}]`, "a record", entry));
  }
  return records;
}

/** Whether a list's entries are in one of the packet's. */
export function isMoved(name: string, forms: readonly BrokerForm[]): boolean {
  return forms.some(({ lists }) => lists !== undefined && Object.hasOwn(lists, name));
}
