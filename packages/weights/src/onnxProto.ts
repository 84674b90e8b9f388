import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** ONNX's numbers of float32 and int64 (TensorProto.DataType). */
const FLOAT = 1;
const INT64 = 7;
/** ONNX's numbers of attribute types (AttributeProto.AttributeType). */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

/** The value of an operator's attribute: a list of integers, an integer, or a float. */
export type OnnxAttribute = readonly number[] | { readonly int: number } | { readonly float: number };

/** One operator of a graph. */
export interface OnnxNode {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A named array of constant values, float32 or int64, last axis fastest. */
export interface OnnxInitializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** An input or output of a graph; a string in the shape names an axis of any length. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** A graph of operators, with what stands around it in a file. */
export interface OnnxFile {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly graphName: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes an ONNX ModelProto.
 *
 * Source: onnx/onnx.proto3, whose field numbers stand here.
 *
 * @internal
 */
export function writeOnnx(file: OnnxFile): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, file.irVersion);
  text(writer, 2, file.producer);
  message(writer, 7, () => {
    for (const node of file.nodes) message(writer, 1, () => writeNode(writer, node));
    text(writer, 2, file.graphName);
    for (const tensor of file.constants) message(writer, 5, () => writeTensor(writer, tensor));
    for (const value of file.inputs) message(writer, 11, () => writeValue(writer, value));
    for (const value of file.outputs) message(writer, 12, () => writeValue(writer, value));
  });
  message(writer, 8, () => {
    text(writer, 1, "");
    integer(writer, 2, file.opset);
  });
  for (const [key, value] of Object.entries(file.metadata)) {
    message(writer, 14, () => {
      text(writer, 1, key);
      text(writer, 2, value);
    });
  }
  return writer.finish();
}

function writeNode(writer: BinaryWriter, { operator, name, inputs, outputs, attributes = {} }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, name);
  text(writer, 4, operator);
  for (const [key, value] of Object.entries(attributes)) message(writer, 5, () => writeAttribute(writer, key, value));
}

function writeAttribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  text(writer, 1, name);
  if ("float" in value) {
    writer.tag(2, WireType.Bit32).float(value.float);
    integer(writer, 20, ATTRIBUTE.float);
  } else if ("int" in value) {
    integer(writer, 3, value.int);
    integer(writer, 20, ATTRIBUTE.int);
  } else {
    for (const item of value) integer(writer, 8, item);
    integer(writer, 20, ATTRIBUTE.ints);
  }
}

function writeTensor(writer: BinaryWriter, { name, shape, values }: OnnxInitializer): void {
  for (const axis of shape) integer(writer, 1, axis);
  integer(writer, 2, values instanceof Float32Array ? FLOAT : INT64);
  text(writer, 8, name);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array) values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  else values.forEach((value, i) => view.setBigInt64(8 * i, value, true));
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

/** ValueInfoProto: 1 name, 2 type; TypeProto: 1 tensor; its 1 type of element, 2 shape; each axis 1 a length or 2 a name. */
function writeValue(writer: BinaryWriter, { name, shape }: OnnxValueInfo): void {
  text(writer, 1, name);
  message(writer, 2, () =>
    message(writer, 1, () => {
      integer(writer, 1, FLOAT);
      message(writer, 2, () => {
        for (const axis of shape) {
          message(writer, 1, () => (typeof axis === "number" ? integer(writer, 1, axis) : text(writer, 2, axis)));
        }
      });
    }),
  );
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}
