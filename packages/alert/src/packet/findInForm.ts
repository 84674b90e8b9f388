import type { AvroNode } from "../avro/parseSchema.js";
import type { FieldKind } from "../surveys/Survey.js";
import type { PreparedRecord, PreparedSurvey } from "./prepareSurvey.js";

/** Types whose values are numbers, texts and the like, which nothing needs to look into. */
const PLAIN: ReadonlySet<AvroNode["kind"]> = new Set([
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "string",
  "enum",
]);

/** The types whose every value is right for a field of a kind; null always is. */
const RIGHT: Readonly<Record<FieldKind, ReadonlySet<AvroNode["kind"]>>> = {
  double: new Set(["null", "int", "float", "double"]),
  float: new Set(["null", "int", "float", "double"]),
  int: new Set(["null", "int"]),
  long: new Set(["null", "long"]),
  string: new Set(["null", "string", "enum"]),
  sign: PLAIN,
};

/**
 * The fields of a packet whose measurements need no check, value by value, as their schema lets nothing in that is
 * wrong but a field without a value that must have one: the survey's own packets are so, and a quarter of the time to
 * read one went into that.
 *
 * @param packet - the schema of a packet
 * @param survey - the survey whose packet it is
 * @returns among the survey's records
 */
export function findInForm(packet: AvroNode, { records, inForm }: PreparedSurvey): ReadonlySet<string> {
  let names = inForm.get(packet);
  if (names === undefined) {
    const fields = packet.kind === "record" ? packet.fields : [];
    names = new Set(
      fields
        .filter(({ name, type }) => {
          const record = records.get(name);
          return record !== undefined && holds(type, record.kinds, new Set());
        })
        .map(({ name }) => name),
    );
    inForm.set(packet, names);
  }
  return names;
}

/**
 * Whether all that a field can hold are records in form, lists of them, or null.
 *
 * @param seen - records that are looked at already: a schema can name one as often as it likes
 */
function holds(type: AvroNode, kinds: PreparedRecord["kinds"], seen: Set<AvroNode>): boolean {
  switch (type.kind) {
    case "null":
      return true;
    case "array":
      return holds(type.items, kinds, seen);
    case "union":
      return type.branches.every((branch) => holds(branch, kinds, seen));
    case "record":
      if (seen.has(type)) return true;
      seen.add(type);
      return type.fields.every(({ name, type: field }) => {
        const kind = kinds.get(name);
        return isRight(field, kind === undefined ? PLAIN : RIGHT[kind]);
      });
    default:
      return false;
  }
}

function isRight(type: AvroNode, right: ReadonlySet<AvroNode["kind"]>): boolean {
  return type.kind === "union" ? type.branches.every((branch) => isRight(branch, right)) : right.has(type.kind);
}
