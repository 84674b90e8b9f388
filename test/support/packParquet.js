import { ZTF_SCHEMA } from "@btsbot/alert";
import { parquetWriteBuffer } from "hyparquet-writer";

/** Avro's types as Parquet has them, in the way of Spark, which writes Fink's files. */
const TYPES = {
  int: { type: "INT32" },
  long: { type: "INT64" },
  float: { type: "FLOAT" },
  double: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  bytes: { type: "BYTE_ARRAY" },
};

/**
 * Packs alerts as the rows of a Parquet file, nested as the packet.
 *
 * @param {readonly import("@btsbot/alert").Alert[]} alerts
 * @param {{ codec?: string, compressors?: object, rowGroupSize?: number }} [options]
 * @returns {Uint8Array}
 */
export function packParquet(alerts, options = {}) {
  const { fields } = ZTF_SCHEMA;
  const known = {};
  const elements = fields.flatMap((field) => toElements(field, known));
  const schema = [{ name: "schema", num_children: fields.length }, ...elements];
  const columnData = fields.map(({ name, type }) => ({
    name,
    data: alerts.map((alert) => toValue(alert[name] ?? alert.extra?.[name], type)),
  }));
  return new Uint8Array(parquetWriteBuffer({ schema, columnData, codec: "SNAPPY", rowGroupSize: 1000, ...options }));
}

/** The elements of a field and of what is in it; Avro names a record once, and then by its name. */
function toElements({ name, type }, known) {
  const optional = Array.isArray(type) && type.includes("null");
  const inner = withoutNull(type);
  const repetition_type = optional ? "OPTIONAL" : "REQUIRED";
  if (typeof inner === "string" && inner in TYPES) return [{ name, repetition_type, ...TYPES[inner] }];
  const record = typeof inner === "string" ? known[inner.split(".").at(-1)] : inner;
  if (record.type === "array")
    return [
      { name, repetition_type, num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      ...toElements({ name: "element", type: record.items }, known),
    ];
  known[record.name.split(".").at(-1)] = record;
  return [
    { name, repetition_type, num_children: record.fields.length },
    ...record.fields.flatMap((field) => toElements(field, known)),
  ];
}

function withoutNull(type) {
  return Array.isArray(type) ? type.find((branch) => branch !== "null") : type;
}

function toValue(value, type) {
  if (value === undefined || value === null) return defaultOf(type);
  const inner = withoutNull(type);
  if (Array.isArray(value)) return value.map((item) => toValue(item, inner.items));
  if (inner === "long") return BigInt(value);
  if (typeof value !== "object" || value instanceof Uint8Array) return value;
  const fields = inner.fields ?? CUTOUT;
  return Object.fromEntries(fields.map(({ name, type: field }) => [name, toValue(value[name], field)]));
}

/** The fields of a stamp, whose record the schema names after its first use. */
const CUTOUT = [
  { name: "fileName", type: "string" },
  { name: "stampData", type: "bytes" },
];

function defaultOf(type) {
  if (Array.isArray(type)) return null;
  return { string: "", long: 0n, bytes: new Uint8Array(0) }[type] ?? 0;
}
