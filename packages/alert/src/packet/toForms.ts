import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { BrokerForm } from "../forms/BrokerForm.js";
import { DEFAULT_FORMS } from "../forms/defaultForms.js";
import type { Survey } from "../surveys/Survey.js";
import { SURVEYS } from "../surveys/surveys.js";
import type { FormOptions } from "../types.js";
import { ALERT_RECORDS } from "./alertFields.js";
import { prepareSurvey } from "./prepareSurvey.js";
import type { PreparedSurvey } from "./prepareSurvey.js";

const SURVEY_NAMES: OptionNames<Survey> = {
  name: true,
  detection: true,
  records: true,
  filters: true,
  schema: true,
  schemas: true,
  toAlert: true,
  toPacket: true,
};
const FORM_NAMES: OptionNames<BrokerForm> = {
  name: true,
  candid: true,
  lists: true,
  readStamp: true,
  open: true,
  toPacket: true,
  readCurve: true,
};

/** Whose packets documents may be, and in whose form: those given, then the ready ones. */
export interface Forms {
  readonly surveys: readonly PreparedSurvey[];
  readonly forms: readonly BrokerForm[];
  /** The survey that says what is missing in a document that belongs to no survey. */
  readonly otherwise: PreparedSurvey;
}

const READY: Forms = {
  surveys: SURVEYS.map(prepareSurvey),
  forms: DEFAULT_FORMS,
  otherwise: prepareSurvey(SURVEYS[0]),
};

/**
 * What the options come to.
 *
 * @throws TypeError for a survey or a form that is not one
 */
export function toForms({ surveys, forms }: FormOptions): Forms {
  if (surveys === undefined && forms === undefined) return READY;
  const [ownSurveys, ownForms] = [toList(surveys), toList(forms)];
  ownSurveys.forEach(checkSurvey);
  ownForms.forEach(checkForm);
  return {
    surveys: [...ownSurveys.map(prepareSurvey), ...READY.surveys],
    // One that is given and ready would be undone twice.
    forms: [...new Set([...ownForms, ...READY.forms])],
    otherwise: READY.otherwise,
  };
}

/** One is a list of one. */
function toList<T extends object>(given: readonly T[] | undefined): readonly T[] {
  return given === undefined ? [] : [given].flat();
}

/** Refuses a survey that cannot be read by: JavaScript has no types to notice it. */
export function checkSurvey(survey: Survey): void {
  checkOptions("a survey", survey, SURVEY_NAMES);
  const { name, detection, records, toAlert } = survey as Partial<Survey>;
  if (typeof name !== "string") throw wrong("a survey", "name", "a string", name);
  const of = `the survey ${JSON.stringify(name)}`;
  if (typeof detection !== "string") throw wrong(of, "detection", "a field's name", detection);
  if (typeof records !== "object" || records === null) throw wrong(of, "records", "an object", records);
  for (const [record, value] of Object.entries(records) as [string, unknown][]) {
    const fields = (value as { readonly fields?: unknown } | null)?.fields;
    if (typeof fields !== "object" || fields === null) throw wrong(of, `records.${record}.fields`, "an object", fields);
    if (toAlert === undefined && !Object.hasOwn(ALERT_RECORDS, record))
      throw wrong(of, "toAlert", `a function, as an Alert has no \`${record}\``, toAlert);
  }
  if (!Object.hasOwn(records, detection)) throw wrong(of, `records.${detection}`, "the detection's record", undefined);
}

function checkForm(form: BrokerForm): void {
  checkOptions("a broker's form", form, FORM_NAMES);
  if (typeof (form as Partial<BrokerForm>).name !== "string")
    throw wrong("a broker's form", "name", "a string", form.name);
}

function wrong(of: string, name: string, expected: string, got: unknown): TypeError {
  return new TypeError(
    `${of}: expected \`${name}\` to be ${expected}, got ${got === undefined ? "nothing" : JSON.stringify(got)}`,
  );
}
