/** An Avro schema: its JSON text, or the JSON itself, which must not change once it was used. */
export type AvroSchema = string | object;
