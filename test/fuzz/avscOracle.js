import avsc from "avsc";

/** avsc's long as an exact bigint. */
const long = avsc.types.LongType.__with({
  fromBuffer: (bytes) => bytes.readBigInt64LE(),
  toBuffer: (value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value) => typeof value === "bigint",
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
});

const types = new Map();

/** avsc refuses the survey's defaults, and reading needs none. */
function typeOf(schema) {
  if (!types.has(schema)) {
    const plain = JSON.parse(schema, (key, value) => {
      if (value && typeof value === "object" && "default" in value) delete value.default;
      return value;
    });
    types.set(schema, avsc.Type.forSchema(plain, { registry: { long }, wrapUnions: "never" }));
  }
  return types.get(schema);
}

/** Reads a datum with avsc: the value and where it ends; undefined if avsc refuses it. */
export function readWithAvsc(schema, bytes) {
  try {
    const { value, offset } = typeOf(schema).decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return offset < 0 ? undefined : { value, offset };
  } catch {
    return undefined;
  }
}
