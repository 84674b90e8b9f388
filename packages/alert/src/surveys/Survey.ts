import type { AvroSchema } from "../avro/AvroSchema.js";

/**
 * What a field of a packet holds. `float` is single precision; `sign` is the sign of a subtraction, which systems write
 * in many ways.
 */
export type FieldKind = "double" | "float" | "int" | "long" | "string" | "sign";

/** The fields of one record by name, in the survey's order. */
export type FieldTable = Readonly<Record<string, FieldKind>>;

/** A packet, or a record in it: values by name. */
export type PacketFields = Readonly<Record<string, unknown>>;

/** What a record of a packet is made of. Fields that are not listed are kept as they come. */
export interface PacketRecord {
  /** Its fields, each of which may be absent or null. */
  readonly fields: FieldTable;
  /** Fields without which the record means nothing, finite numbers. */
  readonly required?: readonly string[];
}

/**
 * A survey: what its packets are, and how they become an `Alert` and back. `ZTF` is one, and one of yours is another:
 * give it as `surveys`. It must not change once it was used.
 *
 * A packet is read in three steps. Each record is checked against its table, and brought to the kinds in it: 64-bit
 * integers become bigints, whatever JSON made of them. Then `toAlert`, where there is one, gives fields the names and
 * units of an `Alert`. Last, what every alert needs is checked. Errors of the first step have the survey's own names.
 */
export interface Survey {
  /** Its name, such as `"ztf"`. */
  readonly name: string;
  /**
   * The field at the top of a packet that holds the record of the detection, such as `"candidate"`. A document with a
   * record there is a packet of this survey.
   */
  readonly detection: string;
  /**
   * Records of measurements by their fields at the top: that of the detection, and those of lists. A survey without
   * `toAlert` has those of an `Alert`: `candidate`, `prv_candidates`, `fp_hists`.
   */
  readonly records: Readonly<Record<string, PacketRecord>>;
  /** The filters by `fid`, the number that an `Alert` has for them. */
  readonly filters: Readonly<Record<number, string>>;
  /** The schema that `encodeAlerts` writes its packets by. */
  readonly schema: AvroSchema;
  /** The schemas of its Confluent-framed messages by the id in the frame, where those are fixed; a schema that the caller gives goes first. */
  readonly schemas?: (id: number) => AvroSchema | undefined;
  /**
   * Makes of a packet, whose records are checked, an object with the names of an `Alert`; `candid` as a bigint or in
   * digits. What it has beside those goes to `extra`, and should be there for `toPacket`.
   */
  readonly toAlert?: (packet: PacketFields) => PacketFields;
  /** The way back: of an alert, with what is in `extra` at the top, the packet that `schema` describes. */
  readonly toPacket?: (alert: PacketFields) => PacketFields;
}
