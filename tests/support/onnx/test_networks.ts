/**
 * Small networks of the shapes that the decision engine uses, with weights from
 * a seed. They know nothing of markets; they only compute.
 *
 * @module
 */
import { createRng } from "../../../lib/core/rng.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./onnx_writer.ts";

/** Sizes of a network. */
export interface NetworkSize {
  windowCandles: number;
  features: number;
  /** Width of what lies between input and output. */
  hidden: number;
  seed: number;
}

/** Names of inputs and outputs of all these networks. */
export const NETWORK_INPUT = "window";
export const NETWORK_OUTPUT = "logits";

/** Numbers for the three outputs. */
const CLASSES = 3;

/** Draws constants in the order in which they are asked for. */
function createWeights(seed: number) {
  const rng = createRng(seed);
  const constants: OnnxTensor[] = [];
  return {
    constants,
    draw(name: string, shape: readonly number[]): string {
      const count = shape.reduce((product, size) => product * size, 1);
      const scale = 1 / Math.sqrt(shape.at(-1)!);
      constants.push({
        name,
        shape,
        values: Array.from(
          { length: count },
          () => (rng.next() * 2 - 1) * scale,
        ),
      });
      return name;
    },
    fill(name: string, shape: readonly number[], value: number): string {
      const count = shape.reduce((product, size) => product * size, 1);
      constants.push({ name, shape, values: new Array(count).fill(value) });
      return name;
    },
    ints(name: string, values: readonly number[]): string {
      constants.push({ name, shape: [values.length], values, ints: true });
      return name;
    },
  };
}

function toGraph(
  size: NetworkSize,
  nodes: readonly OnnxNode[],
  constants: readonly OnnxTensor[],
): OnnxGraph {
  const { windowCandles, features } = size;
  return {
    nodes,
    constants,
    inputs: [{ name: NETWORK_INPUT, shape: [1, windowCandles, features] }],
    outputs: [{ name: NETWORK_OUTPUT, shape: [1, CLASSES] }],
  };
}

/** Two layers of tanh over the flattened window, as a policy network has them. */
export function policyNetwork(size: NetworkSize): OnnxGraph {
  const { windowCandles, features, hidden } = size;
  const weights = createWeights(size.seed);
  const width = windowCandles * features;
  const dense = (name: string, input: string, from: number, to: number) => ({
    op: "Gemm",
    inputs: [
      input,
      weights.draw(`${name}_w`, [from, to]),
      weights.draw(`${name}_b`, [to]),
    ],
    outputs: [name],
  });
  const nodes: OnnxNode[] = [
    {
      op: "Flatten",
      inputs: [NETWORK_INPUT],
      outputs: ["flat"],
      attributes: { axis: 1 },
    },
    dense("first", "flat", width, hidden),
    { op: "Tanh", inputs: ["first"], outputs: ["first_act"] },
    dense("second", "first_act", hidden, hidden),
    { op: "Tanh", inputs: ["second"], outputs: ["second_act"] },
    dense(NETWORK_OUTPUT, "second_act", hidden, CLASSES),
  ];
  return toGraph(size, nodes, weights.constants);
}

/** One LSTM over the window; its last state decides. */
export function lstmNetwork(size: NetworkSize): OnnxGraph {
  const { features, hidden } = size;
  const weights = createWeights(size.seed);
  const nodes: OnnxNode[] = [
    {
      op: "Transpose",
      inputs: [NETWORK_INPUT],
      outputs: ["steps"],
      attributes: { perm: [1, 0, 2] },
    },
    {
      op: "LSTM",
      inputs: [
        "steps",
        weights.draw("w", [1, 4 * hidden, features]),
        weights.draw("r", [1, 4 * hidden, hidden]),
        weights.draw("b", [1, 8 * hidden]),
      ],
      outputs: ["", "state"],
      attributes: { hidden_size: hidden },
    },
    {
      op: "Reshape",
      inputs: ["state", weights.ints("shape", [1, hidden])],
      outputs: ["last"],
    },
    {
      op: "Gemm",
      inputs: [
        "last",
        weights.draw("head_w", [hidden, CLASSES]),
        weights.draw("head_b", [CLASSES]),
      ],
      outputs: [NETWORK_OUTPUT],
    },
  ];
  return toGraph(size, nodes, weights.constants);
}

/** One layer of attention with one head, then a feed-forward layer; the last candle decides. */
export function transformerNetwork(size: NetworkSize): OnnxGraph {
  const { windowCandles, features, hidden } = size;
  const weights = createWeights(size.seed);
  const op = (
    name: string,
    kind: string,
    inputs: readonly string[],
    attributes: OnnxNode["attributes"] = {},
  ): OnnxNode => ({ op: kind, inputs, outputs: [name], attributes });
  const matrix = (name: string, from: number, to: number) =>
    weights.draw(`${name}_w`, [from, to]);
  const norm = (name: string, input: string) =>
    op(name, "LayerNormalization", [
      input,
      weights.fill(`${name}_scale`, [hidden], 1),
      weights.fill(`${name}_bias`, [hidden], 0),
    ], { axis: -1, epsilon: { float: 1e-5 } });
  const square = matrix.bind(null);
  const nodes: OnnxNode[] = [
    op("embedded", "MatMul", [
      NETWORK_INPUT,
      matrix("embed", features, hidden),
    ]),
    op("placed", "Add", [
      "embedded",
      weights.draw("places", [1, windowCandles, hidden]),
    ]),
    op("q", "MatMul", ["placed", square("q", hidden, hidden)]),
    op("k", "MatMul", ["placed", square("k", hidden, hidden)]),
    op("v", "MatMul", ["placed", square("v", hidden, hidden)]),
    op("k_turned", "Transpose", ["k"], { perm: [0, 2, 1] }),
    op("raw", "MatMul", ["q", "k_turned"]),
    op("scaled", "Mul", [
      "raw",
      weights.fill("scale", [1], 1 / Math.sqrt(hidden)),
    ]),
    op("attention", "Softmax", ["scaled"], { axis: -1 }),
    op("mixed", "MatMul", ["attention", "v"]),
    op("added", "Add", ["placed", "mixed"]),
    norm("normed", "added"),
    op("wide", "MatMul", ["normed", matrix("wide", hidden, 4 * hidden)]),
    op("wide_act", "Relu", ["wide"]),
    op("narrow", "MatMul", ["wide_act", matrix("narrow", 4 * hidden, hidden)]),
    op("added_again", "Add", ["normed", "narrow"]),
    norm("normed_again", "added_again"),
    op("last_step", "Gather", [
      "normed_again",
      weights.ints("last_place", [windowCandles - 1]),
    ], { axis: 1 }),
    op("last", "Reshape", ["last_step", weights.ints("flat", [1, hidden])]),
    op(NETWORK_OUTPUT, "Gemm", [
      "last",
      weights.draw("head_w", [hidden, CLASSES]),
      weights.draw("head_b", [CLASSES]),
    ]),
  ];
  return toGraph(size, nodes, weights.constants);
}
