import type { Bytes, ChunkStream, FlagCode, OptionNames, Platform } from "@btsbot/errors";
import type { AvroSchema } from "./avro/AvroSchema.js";
import type { BrokerForm } from "./forms/BrokerForm.js";
import type { Survey } from "./surveys/Survey.js";

/**
 * An alert, with the names and nesting of ZTF's packets (schema 4.02), whatever encoding, survey or broker it came
 * from. A field that the input does not have is absent; one that it has without a value is null. 64-bit integers are
 * bigints.
 *
 * Fields: https://github.com/ZwickyTransientFacility/ztf-avro-alert
 */
export interface Alert {
  /** Version of the packet schema, such as `"4.02"`. */
  readonly schemavsn?: string | null;
  /** Who wrote the packet. */
  readonly publisher?: string | null;
  /** The survey, such as `"lsst"`; absent for ZTF, and for one whose packets networks trained on ZTF may read. */
  readonly survey?: string;
  /** The source's name, such as `"ZTF20aajcdad"`. */
  readonly objectId: string;
  /** The alert's id, exact. Taken from `candidate.candid` where the packet has none at the top. */
  readonly candid: bigint;
  /** The detection that raised the alert. */
  readonly candidate: Candidate;
  /** Detections and upper limits of the last 30 days, as the packet holds them. */
  readonly prv_candidates?: readonly PrvCandidate[] | null;
  /** Forced photometry of the last 30 days (schema 4). */
  readonly fp_hists?: readonly FpHist[] | null;
  /** Science stamp. */
  readonly cutoutScience?: Cutout | null;
  /** Template (reference) stamp. */
  readonly cutoutTemplate?: Cutout | null;
  /** Difference stamp, science minus template. */
  readonly cutoutDifference?: Cutout | null;
  /**
   * The sender's own scores, by its names, as they came; Kowalski puts versions beside them. They are not part of what
   * is computed here.
   */
  readonly classifications?: Readonly<Record<string, unknown>>;
  /** What a broker's form made of the alert; absent where nothing was assumed, computed or left out. */
  readonly form?: AlertForm;
  /** Top-level fields that are not the survey's, as they came (brokers add some). */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** How an alert differs from the survey's packet, as a broker's form of it was read. */
export interface AlertForm {
  /** Whose form it was, such as `"babamul"`. */
  readonly name: string;
  /** What was computed or assumed, such as `"isdiffpos-assumed"`. They are flags of every score. */
  readonly flags?: readonly FlagCode[];
  /** What the form leaves out that scoring needs, and where it is to be had: a sentence. */
  readonly lacks?: string;
}

/** A stamp as packed in the alert: a compressed image file. */
export interface Cutout {
  /** The file's name, where the packet has one. */
  readonly fileName?: string | null;
  /** The file's bytes: gzip FITS in the survey's packets. */
  readonly stampData: Uint8Array;
}

/** Sign of the subtraction as systems write it: the survey `t`, `f`, `1`, `0`; brokers also true, false, 1, 0. */
export type IsDiffPos = string | number | boolean;

/** Measurements that `candidate` and `prv_candidates` share. */
export interface Measurement {
  /** Julian date at the start of the exposure, days UTC. */
  readonly jd: number;
  /** Filter: ZTF's 1 g, 2 r, 3 i; Rubin's 11 u, 12 g, 13 r, 14 i, 15 z, 16 y. */
  readonly fid: number;
  /** Processing id of the science image. */
  readonly pid?: bigint | null;
  /** Expected 5-sigma limit of the difference image, mag. */
  readonly diffmaglim?: number | null;
  /** 1 public, 2 partnership, 3 Caltech. */
  readonly programid?: number | null;
  /** Sign of the subtraction. */
  readonly isdiffpos?: IsDiffPos | null;
  /** PSF-fit magnitude, mag; absent or null in an upper limit. */
  readonly magpsf?: number | null;
  /** Its 1-sigma error, mag. */
  readonly sigmapsf?: number | null;
  /** Right ascension J2000, degrees. */
  readonly ra?: number | null;
  /** Declination J2000, degrees. */
  readonly dec?: number | null;
  /** Every other field of the packet, by the survey's name. */
  readonly [field: string]: FieldValue | undefined;
}

/** What a field of a measurement can hold. Arrays and objects appear only in brokers' additions. */
export type FieldValue = number | bigint | string | boolean | null | readonly unknown[] | object;

/** The detection that raised the alert. */
export interface Candidate extends Measurement {
  /** The alert's id. */
  readonly candid?: bigint | null;
  /** PSF-fit magnitude, mag. */
  readonly magpsf?: number | null;
  /** Julian date of the first detection of this source, days. */
  readonly jdstarthist?: number | null;
  /** Number of detections of this source so far. */
  readonly ndethist?: number | null;
  /** Number of exposures of this position so far. */
  readonly ncovhist?: number | null;
  /** Real/bogus score of the survey's deep network, 0 to 1. */
  readonly drb?: number | null;
  /** Version of that network. */
  readonly drbversion?: string | null;
}

/** One detection or upper limit of the last 30 days. */
export interface PrvCandidate extends Measurement {
  /** The id of the alert that this detection raised; null in an upper limit. */
  readonly candid?: bigint | null;
}

/** One point of forced photometry. */
export interface FpHist {
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Filter: ZTF's 1 g, 2 r, 3 i; Rubin's 11 u, 12 g, 13 r, 14 i, 15 z, 16 y. */
  readonly fid: number;
  /** Forced difference flux, DN. */
  readonly forcediffimflux?: number | null;
  /** Its 1-sigma error, DN. */
  readonly forcediffimfluxunc?: number | null;
  /** Every other field of the packet, by the survey's name. */
  readonly [field: string]: FieldValue | undefined;
}

/** One detection in a {@link LightCurve}. */
export interface Detection {
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Filter: ZTF's 1 g, 2 r, 3 i; Rubin's 11 u, 12 g, 13 r, 14 i, 15 z, 16 y. */
  readonly fid: number;
  /** PSF-fit magnitude of the difference, mag. */
  readonly magpsf: number;
  /** Its 1-sigma error, mag; null where unknown. */
  readonly sigmapsf: number | null;
  /** Whether science minus template is positive; null where unknown. */
  readonly positive: boolean | null;
  /** The alert's id; null where the history does not say. */
  readonly candid: bigint | null;
  /** 1 public, 2 partnership, 3 Caltech; null where unknown. */
  readonly programid: number | null;
}

/** One upper limit in a {@link LightCurve}. */
export interface NonDetection {
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Filter: ZTF's 1 g, 2 r, 3 i; Rubin's 11 u, 12 g, 13 r, 14 i, 15 z, 16 y. */
  readonly fid: number;
  /** Expected 5-sigma limit, mag. */
  readonly diffmaglim: number;
}

/** What is known of a source up to an alert, each list by jd, earliest first. */
export interface LightCurve {
  /** Detections, the alert's own among them. */
  readonly detections: readonly Detection[];
  /** Upper limits. */
  readonly nondetections: readonly NonDetection[];
}

/**
 * Where the schema of a Confluent-framed message is found: one schema for all messages, or a map or
 * a function from the id in the frame.
 */
export type SchemaSource = AvroSchema | ReadonlyMap<number, AvroSchema> | ((id: number) => AvroSchema | undefined);

/**
 * Where a stream of bytes comes from: chunks of any size, as Node's streams, `fetch` and `File` give them, or all
 * of them at once.
 */
export type AlertSource = AsyncIterable<Bytes> | ChunkStream<Bytes> | Platform<"Blob"> | Bytes;

/** How documents are read: whose packets they may be, and in whose form. */
export interface FormOptions {
  /** Surveys beside the ready ones, `SURVEYS`; these are asked first whether a packet is theirs. */
  readonly surveys?: readonly Survey[];
  /** Forms of brokers beside `DEFAULT_FORMS`; these are taken off first. `BROKER_FORMS` are all that are known here. */
  readonly forms?: readonly BrokerForm[];
}

/**
 * The names of {@link FormOptions}.
 *
 * @internal
 */
export const FORM_OPTIONS: OptionNames<FormOptions> = { surveys: "list", forms: "list" };

/** Options of the functions that read bytes. */
export interface ReadOptions extends FormOptions {
  /** The schemas of Confluent-framed messages, which do not carry their own. */
  readonly schemas?: SchemaSource;
  /**
   * The message's key where that is the schema of its value, a bare datum, as in Fink's live stream: the key's bytes, its
   * text, or the schema itself. An input that does not fit it to the last byte is read as whatever it is.
   */
  readonly key?: AvroSchema;
  /**
   * The most bytes that one block of an Avro container, packed or unpacked, one framed message, one JSON
   * document or one line of JSON Lines may take; `MAX_BLOCK_BYTES` by default.
   */
  readonly maxBlockBytes?: number;
  /** What one record may decode to; `READ_LIMITS` where a limit is absent. */
  readonly limits?: Partial<ReadLimits>;
}

/**
 * What one record, in whatever form, may decode to: a small packet can claim to hold gigabytes. Each item of an array and
 * of an answer's list is a record.
 */
export interface ReadLimits {
  /**
   * The most values of a record: items of lists and maps, fields of records; a list, a map or a record itself counts
   * four, and so does each field of a record of more than 256. All records of an input may hold as many, and 8 more
   * for each of its bytes.
   */
  readonly values: number;
  /** The most bytes of all texts and byte strings of a record together; of one JSON document, all its bytes. */
  readonly bytes: number;
  /** The most bytes of the schema that a container brings along. */
  readonly schemaBytes: number;
}

/** The names of {@link ReadOptions}, for functions of other packages that take them as an option of theirs. */
export const READ_OPTIONS: OptionNames<ReadOptions> = {
  ...FORM_OPTIONS,
  schemas: "object|function|string",
  key: "object|string",
  maxBlockBytes: "number",
  limits: { values: "number", bytes: "number", schemaBytes: "number" },
};

/** A point of a source's history as brokers store it: a measurement, and perhaps whose. */
export interface StoredPoint extends Measurement {
  /** The alert's id; absent or null where unknown. */
  readonly candid?: bigint | null;
  /** The source's name; a point of a different source from the alert's is left out. */
  readonly objectId?: string;
}

/** An alert as JSON can hold it: ids are digit strings, stamps base64. */
export interface AlertJson {
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id, decimal digits. */
  readonly candid: string;
  /** The detection that raised the alert. */
  readonly candidate: Readonly<Record<string, unknown>>;
  /** Every other field, by the survey's name. */
  readonly [field: string]: unknown;
}

/** Options of `encodeAlerts`. */
export interface EncodeOptions {
  /** The survey whose packets are written; `ZTF` by default. */
  readonly survey?: Survey;
  /** The schema to write by; that of the survey by default. */
  readonly schema?: AvroSchema;
  /** How blocks are compressed; `null` (not at all) by default. */
  readonly codec?: AvroCodec;
  /** The marker between blocks, 16 bytes; derived from the content by default. */
  readonly sync?: Uint8Array;
}

/**
 * The names of {@link EncodeOptions}.
 *
 * @internal
 */
export const ENCODE_OPTIONS: OptionNames<EncodeOptions> = {
  survey: "object",
  schema: "object|string",
  codec: "string",
  sync: "object",
};

/** How the blocks of an Avro container are compressed. */
export type AvroCodec = "null" | "deflate" | "snappy";
