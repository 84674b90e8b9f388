import type { AvroNode } from "../avro/parseSchema.js";
import type { FieldKind, Survey } from "../surveys/Survey.js";
import { ALERT_RECORDS, REQUIRED_FIELDS } from "./alertFields.js";

/** What readers need of one kind of record. */
export interface PreparedRecord {
  /** A map, as a record may have fields named like members of `Object.prototype`. */
  readonly kinds: ReadonlyMap<string, FieldKind>;
  /** Fields that must be there. */
  readonly required: readonly string[];
}

/** A survey as readers need it. */
export interface PreparedSurvey extends Pick<Survey, "name" | "detection"> {
  readonly schemas: Survey["schemas"] | undefined;
  readonly toAlert: Survey["toAlert"] | undefined;
  /** Its records by their names in a packet. */
  readonly records: ReadonlyMap<string, PreparedRecord>;
  /** Of schemas that were seen, the records in form, as `findInForm` finds them. */
  readonly inForm: WeakMap<AvroNode, ReadonlySet<string>>;
}

const prepared = new WeakMap<Survey, PreparedSurvey>();

/** Makes a survey ready for reading, once. */
export function prepareSurvey(survey: Survey): PreparedSurvey {
  let ready = prepared.get(survey);
  if (ready === undefined) {
    ready = prepare(survey);
    prepared.set(survey, ready);
  }
  return ready;
}

function prepare({ name, detection, records, schemas, toAlert }: Survey): PreparedSurvey {
  // Where nothing is renamed, the records are those of an alert already.
  const isAlert = toAlert === undefined;
  const names = Object.keys(isAlert ? ALERT_RECORDS : records);
  return {
    name,
    detection,
    schemas,
    toAlert,
    records: new Map(
      names.map((record) => {
        const { fields, required = [] } = records[record] ?? { fields: {} };
        return [
          record,
          {
            kinds: new Map(Object.entries(isAlert ? { ...fields, ...ALERT_RECORDS[record] } : fields)),
            required: isAlert ? [...new Set([...REQUIRED_FIELDS, ...required])] : required,
          },
        ];
      }),
    ),
    inForm: new WeakMap(),
  };
}

/** What every alert is made of, whatever survey it is of. */
export const ALERT: PreparedSurvey = prepare({
  name: "alert",
  detection: "candidate",
  records: {},
  filters: {},
  schema: "null",
});
