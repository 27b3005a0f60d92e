/**
 * Writes ONNX files for tests: the little of `onnx.proto` (version 3) that small
 * networks need. Field numbers are those of the published schema.
 *
 * @module
 */
import { block, type Bytes, float32, join, varint } from "./protobuf.ts";

const FLOAT = 1;
const INT64 = 7;

/** Version of the file's format and of its operators; both are older than the runtime. */
const IR_VERSION = 8;
const OPSET = 17;

/** One operator. Attributes: whole number, list of whole numbers, `{ float }`, `{ graph }` or text. */
export interface OnnxNode {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<
    Record<string, OnnxAttribute>
  >;
}

export type OnnxAttribute =
  | number
  | readonly number[]
  | { float: number }
  | { graph: OnnxGraph }
  | string;

/** A constant of the network; `ints` for shapes and places. */
export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  values: readonly number[] | Float32Array;
  ints?: boolean;
}

/** An input or output; a text in the shape is a size that is not fixed. */
export interface OnnxValue {
  name: string;
  shape: readonly (number | string)[];
  /** Element type by its number in the schema; 32-bit floats where left out. */
  elementType?: number;
}

/** A network. */
export interface OnnxGraph {
  nodes: readonly OnnxNode[];
  constants: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

/** The bytes of `model.onnx`. */
export function writeOnnx(graph: OnnxGraph): Bytes {
  return join([
    varint(1, IR_VERSION),
    block(2, "tests/support/onnx"),
    block(7, encodeGraph(graph)),
    block(8, join([block(1, ""), varint(2, OPSET)])),
  ]);
}

function encodeGraph(graph: OnnxGraph): Bytes {
  return join([
    ...graph.nodes.map((node) => block(1, encodeNode(node))),
    block(2, "test"),
    ...graph.constants.map((tensor) => block(5, encodeTensor(tensor))),
    ...graph.inputs.map((value) => block(11, encodeValue(value))),
    ...graph.outputs.map((value) => block(12, encodeValue(value))),
  ]);
}

function encodeNode({ op, inputs, outputs, attributes = {} }: OnnxNode): Bytes {
  return join([
    ...inputs.map((name) => block(1, name)),
    ...outputs.map((name) => block(2, name)),
    block(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      block(5, join([block(1, name), ...encodeAttribute(value)]))
    ),
  ]);
}

function encodeAttribute(value: OnnxAttribute): Bytes[] {
  if (typeof value === "number") return [varint(3, value), varint(20, 2)];
  if (typeof value === "string") return [block(4, value), varint(20, 3)];
  if ("float" in value) return [float32(2, value.float), varint(20, 1)];
  if ("graph" in value) {
    return [block(6, encodeGraph(value.graph)), varint(20, 5)];
  }
  return [...value.map((each) => varint(8, each)), varint(20, 7)];
}

function encodeTensor({ name, shape, values, ints }: OnnxTensor): Bytes {
  const raw = ints
    ? new Uint8Array(BigInt64Array.from([...values].map(BigInt)).buffer)
    : new Uint8Array(Float32Array.from(values).buffer);
  return join([
    ...shape.map((size) => varint(1, size)),
    varint(2, ints ? INT64 : FLOAT),
    block(8, name),
    block(9, raw),
  ]);
}

function encodeValue({ name, shape, elementType = FLOAT }: OnnxValue): Bytes {
  const sizes = shape.map((size) =>
    block(1, typeof size === "number" ? varint(1, size) : block(2, size))
  );
  const tensor = join([varint(1, elementType), block(2, join(sizes))]);
  return join([block(1, name), block(2, block(1, tensor))]);
}
