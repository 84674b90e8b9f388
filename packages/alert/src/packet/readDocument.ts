import { BtsbotError } from "@btsbot/errors";
import type { AvroNode } from "../avro/parseSchema.js";
import type { BrokerForm } from "../forms/BrokerForm.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { Alert } from "../types.js";
import { findInForm } from "./findInForm.js";
import { ALERT } from "./prepareSurvey.js";
import { isRecord, describeValue } from "./problems.js";
import { readAlertFields } from "./readAlertFields.js";
import type { Reading } from "./Reading.js";
import { isMoved, readDetection, readHistory } from "./readHistory.js";
import { nameForm, runGiven } from "./runGiven.js";
import type { Forms } from "./toForms.js";

const NONE: ReadonlySet<string> = new Set();

/**
 * Makes an alert of a packet or a broker's document.
 *
 * @param node - the schema that it was decoded by, if any
 */
export function readDocument(given: unknown, { surveys, forms, otherwise }: Forms, node?: AvroNode): Alert {
  if (!isRecord(given)) throw notObject(given);
  for (const form of forms) refuseCurve(given, form);
  const document = forms.reduce(undo, given);
  const known = surveys.find(({ detection }) => isRecord(document[detection]));
  if (known === undefined && isRecord(document.diaSource)) throw notAsked();
  const survey = known ?? otherwise;
  // A schema says nothing of what a form made.
  const inForm = node !== undefined && document === given ? findInForm(node, survey) : NONE;
  const reading: Reading = { survey, forms, inForm, problems: [] };
  const { toAlert } = survey;
  if (toAlert === undefined) return readAlertFields(document, reading);
  const packet = readRecords(document, reading);
  const alert = toRecord(() => toAlert(packet), `the survey ${JSON.stringify(survey.name)}`);
  return readAlertFields(alert, { ...reading, survey: ALERT, inForm: NONE });
}

/** Rubin's packets are read by whoever asks for them: the many who read ZTF's alone need not load what it takes. */
function notAsked(): BtsbotError {
  return new BtsbotError("alert-invalid", "this is a packet of Rubin's", {
    path: "diaSource",
    expected: "a packet of one of the surveys that are read",
    hint: "Give `surveys: [LSST]`.",
  });
}

/** What is not an object cannot be an alert. */
function notObject(given: unknown): BtsbotError {
  return new BtsbotError("alert-invalid", "this is not an alert", { expected: "an object", got: describeValue(given) });
}

/** Refuses a document that is known to be something else. */
function refuseCurve(document: PacketFields, { name, readCurve }: BrokerForm): void {
  const curve = readCurve === undefined ? undefined : runGiven(() => readCurve(document), nameForm(name));
  if (curve !== undefined)
    throw new BtsbotError("alert-incomplete", `this is not an alert, but ${curve.what}`, { hint: curve.lacks });
}

function undo(document: PacketFields, { name, toPacket }: BrokerForm): PacketFields {
  return toPacket === undefined ? document : toRecord(() => toPacket(document), nameForm(name));
}

function toRecord(run: () => unknown, whose: string): PacketFields {
  const result = runGiven(run, whose);
  if (isRecord(result)) return result;
  throw new BtsbotError("alert-invalid", `${whose} made no packet from this document`, {
    expected: "an object",
    got: describeValue(result),
  });
}

/** The packet with the survey's records checked, everything else as it is. */
function readRecords(document: PacketFields, reading: Reading): PacketFields {
  const { survey, forms, problems } = reading;
  const packet = new Map(Object.entries(document));
  for (const [name, record] of survey.records) {
    if (name === survey.detection) packet.set(name, readDetection(document, reading));
    else {
      const entries = readHistory(document, name, record, reading);
      if (entries !== undefined) packet.set(name, entries);
    }
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  for (const name of packet.keys()) if (isMoved(name, forms)) packet.delete(name);
  return Object.fromEntries(packet);
}
