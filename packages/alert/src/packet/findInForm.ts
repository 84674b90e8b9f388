import type { Node } from "../avro/parseSchema.js";
import { CANDIDATE_FIELDS, FP_HIST_FIELDS, PRV_CANDIDATE_FIELDS } from "../surveys/ztf/fields.js";
import type { FieldKind, FieldTable } from "../surveys/ztf/fields.js";

/** Fields of a packet that hold measurements, and what those are made of. */
const MEASUREMENTS: Readonly<Record<string, FieldTable>> = {
  candidate: CANDIDATE_FIELDS,
  prv_candidates: PRV_CANDIDATE_FIELDS,
  fp_hists: FP_HIST_FIELDS,
};

/** Types whose values are numbers, texts and the like, which nothing needs to look into. */
const PLAIN: ReadonlySet<Node["kind"]> = new Set([
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
const RIGHT: Readonly<Record<FieldKind, ReadonlySet<Node["kind"]>>> = {
  double: new Set(["null", "int", "float", "double"]),
  float: new Set(["null", "int", "float", "double"]),
  int: new Set(["null", "int"]),
  long: new Set(["null", "long"]),
  string: new Set(["null", "string", "enum"]),
  sign: PLAIN,
};

const known = new WeakMap<Node, ReadonlySet<string>>();

/**
 * The fields of a packet whose measurements need no check, value by value, as their schema lets nothing in that is
 * wrong but a `jd` or `fid` without a value: the survey's own packets are so, and a quarter of the time to read one
 * went into that.
 *
 * @param packet - the schema of a packet
 * @returns among `candidate`, `prv_candidates` and `fp_hists`
 */
export function findInForm(packet: Node): ReadonlySet<string> {
  let names = known.get(packet);
  if (names === undefined) {
    const fields = packet.kind === "record" ? packet.fields : [];
    names = new Set(
      fields
        .filter(({ name, type }) => Object.hasOwn(MEASUREMENTS, name) && holds(type, MEASUREMENTS[name], new Set()))
        .map(({ name }) => name),
    );
    known.set(packet, names);
  }
  return names;
}

/**
 * Whether all that a field can hold are records in form, lists of them, or null.
 *
 * @param seen - records that are looked at already: a schema can name one as often as it likes
 */
function holds(type: Node, table: FieldTable, seen: Set<Node>): boolean {
  switch (type.kind) {
    case "null":
      return true;
    case "array":
      return holds(type.items, table, seen);
    case "union":
      return type.branches.every((branch) => holds(branch, table, seen));
    case "record":
      if (seen.has(type)) return true;
      seen.add(type);
      return type.fields.every(({ name, type: field }) =>
        isRight(field, Object.hasOwn(table, name) ? RIGHT[table[name]] : PLAIN),
      );
    default:
      return false;
  }
}

function isRight(type: Node, right: ReadonlySet<Node["kind"]>): boolean {
  return type.kind === "union" ? type.branches.every((branch) => isRight(branch, right)) : right.has(type.kind);
}
