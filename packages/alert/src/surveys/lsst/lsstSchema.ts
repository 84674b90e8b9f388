import type { AvroSchema } from "../../avro/AvroSchema.js";
import {
  DIA_FORCED_SOURCE,
  DIA_OBJECT,
  DIA_SOURCE,
  MPCORB_9,
  MPC_ORBITS,
  NULLABLE_BEFORE_11,
  SS_SOURCE,
  SS_SOURCE_9,
} from "./fields.js";
import { readFields } from "./readFields.js";
import type { FieldWord } from "./readFields.js";

/** A schema's major version, or `"any"` for one that holds the packets of all of them. */
export type LsstVersion = 9 | 10 | 11 | "any";

/** The few fields that every packet has: everything else may be null where packets of all versions are held. */
const NEEDED = new Set(["diaSourceId", "midpointMjdTai"]);

/**
 * The Avro schema of Rubin's alerts of a version, field for field and in their order, as bytes without a schema of their
 * own need it.
 */
export function lsstSchema(version: LsstVersion): AvroSchema {
  const namespace = version === "any" ? "lsst" : `lsst.v${version}_0`;
  const record = (name: string, words: string): object => ({
    type: "record",
    name,
    fields: unique(readFields(words)).map((field) => toField(field, version)),
  });
  const [old, recent] = [version === 9 || version === "any", version !== 9];
  return {
    type: "record",
    name: "alert",
    namespace,
    fields: [
      { name: "diaSourceId", type: "long" },
      nullable("observation_reason", "string"),
      nullable("target_name", "string"),
      { name: "diaSource", type: record("diaSource", DIA_SOURCE) },
      nullable("prvDiaSources", { type: "array", items: "diaSource" }),
      nullable("prvDiaForcedSources", { type: "array", items: record("diaForcedSource", DIA_FORCED_SOURCE) }),
      nullable("diaObject", record("diaObject", DIA_OBJECT)),
      nullable("ssSource", record("ssSource", `${old ? SS_SOURCE_9 : ""} ${recent ? SS_SOURCE : ""}`)),
      ...(old ? [nullable("MPCORB", record("MPCORB", MPCORB_9))] : []),
      ...(recent ? [nullable("mpc_orbits", record("mpc_orbits", MPC_ORBITS))] : []),
      ...["cutoutDifference", "cutoutScience", "cutoutTemplate"].map((name) => nullable(name, "bytes")),
    ],
  };
}

/** Schemas that were asked for: a stream asks for each message. */
const made = new Map<LsstVersion, AvroSchema>();

/**
 * The schema of a message by the id in its frame: the major version, then two digits of the minor one.
 *
 * Source: lsst/alert_packet, schema.py.
 */
export function lsstSchemaById(id: number): AvroSchema | undefined {
  const version = ({ 900: 9, 1000: 10, 1100: 11 } as const)[id];
  if (version === undefined) return undefined;
  const schema = made.get(version) ?? lsstSchema(version);
  made.set(version, schema);
  return schema;
}

/** Of a name that two versions have, one. */
function unique(fields: readonly FieldWord[]): readonly FieldWord[] {
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

function toField({ name, type, nullable: mayBeNull }: FieldWord, version: LsstVersion): object {
  const avro = type === "timestamp" ? { type: "long", logicalType: "timestamp-micros" } : type;
  const lenient =
    version === "any" ? !NEEDED.has(name) : mayBeNull || (version !== 11 && NULLABLE_BEFORE_11.test(name));
  return lenient ? nullable(name, avro) : { name, type: avro };
}

function nullable(name: string, type: string | object): object {
  return { name, type: ["null", type], default: null };
}
