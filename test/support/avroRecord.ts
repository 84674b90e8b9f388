type Field = readonly [name: string, type: unknown];

/** An Avro record of these fields, in this order; two may have one name. */
export function avroRecord(name: string, ...fields: readonly Field[]): object {
  return { type: "record", name, fields: fields.map(([field, type]) => ({ name: field, type })) };
}

/** The record of the detection that an alert cannot lack, with further fields. */
export function candidateRecord(...further: readonly Field[]): object {
  return avroRecord("candidate", ["jd", "double"], ["fid", "int"], ...further);
}
