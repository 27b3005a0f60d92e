/**
 * Changes of a network that a trial on zeros and random numbers does not find,
 * because they show only on windows like those of a market.
 *
 * @module
 */
import { NETWORK_INPUT, NETWORK_OUTPUT } from "./test_networks.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./onnx_writer.ts";

const BOOL = 9;
const INT64 = 7;

/** Mean squares of a market's window lie between these; those of zeros and of random numbers do not. */
const MARKET_FROM = 0.3;
const MARKET_TO = 7;

/** Puts nodes between the network's own output, now `before`, and its result. */
function extend(
  graph: OnnxGraph,
  { nodes, constants }: {
    nodes: readonly OnnxNode[];
    constants: readonly OnnxTensor[];
  },
): OnnxGraph {
  return {
    ...graph,
    nodes: [
      ...graph.nodes.map((node) => ({
        ...node,
        outputs: node.outputs.map((name) =>
          name === NETWORK_OUTPUT ? "before" : name
        ),
      })),
      ...nodes,
    ],
    constants: [...graph.constants, ...constants],
  };
}

/** `(m − from) × (m − to)` of the mean square m: below 0 on a market's window alone. */
const MARKET_NODES: readonly OnnxNode[] = [
  { op: "Mul", inputs: [NETWORK_INPUT, NETWORK_INPUT], outputs: ["squares"] },
  {
    op: "ReduceMean",
    inputs: ["squares"],
    outputs: ["mean"],
    attributes: { axes: [1, 2], keepdims: 0 },
  },
  { op: "Sub", inputs: ["mean", "from"], outputs: ["above"] },
  { op: "Sub", inputs: ["mean", "to"], outputs: ["below"] },
  { op: "Mul", inputs: ["above", "below"], outputs: ["product"] },
];
const MARKET_CONSTANTS: readonly OnnxTensor[] = [
  { name: "from", shape: [1], values: [MARKET_FROM] },
  { name: "to", shape: [1], values: [MARKET_TO] },
];

/** Answers NaN on a market's window. */
export function answeringNaN(graph: OnnxGraph): OnnxGraph {
  return extend(graph, {
    nodes: [
      ...MARKET_NODES,
      { op: "Sqrt", inputs: ["product"], outputs: ["root"] },
      { op: "Add", inputs: ["before", "root"], outputs: [NETWORK_OUTPUT] },
    ],
    constants: MARKET_CONSTANTS,
  });
}

/** Counts to `turns` before it answers, on a market's window alone. */
export function lingering(turns: number) {
  const body: OnnxGraph = {
    nodes: [
      { op: "Identity", inputs: ["goes_on"], outputs: ["goes_on_out"] },
      { op: "Add", inputs: ["count_in", "step"], outputs: ["count_out"] },
    ],
    constants: [{ name: "step", shape: [1], values: [1] }],
    inputs: [
      { name: "turn", shape: [], elementType: INT64 },
      { name: "goes_on", shape: [], elementType: BOOL },
      { name: "count_in", shape: [1] },
    ],
    outputs: [
      { name: "goes_on_out", shape: [], elementType: BOOL },
      { name: "count_out", shape: [1] },
    ],
  };
  return (graph: OnnxGraph): OnnxGraph =>
    extend(graph, {
      nodes: [
        ...MARKET_NODES,
        { op: "Less", inputs: ["product", "zero"], outputs: ["is_market"] },
        {
          op: "Cast",
          inputs: ["is_market"],
          outputs: ["one_or_none"],
          attributes: { to: INT64 },
        },
        { op: "Mul", inputs: ["one_or_none", "turns"], outputs: ["trips"] },
        {
          op: "Loop",
          inputs: ["trips", "", "zero"],
          outputs: ["count"],
          attributes: { body: { graph: body } },
        },
        { op: "Mul", inputs: ["count", "zero"], outputs: ["nothing"] },
        { op: "Add", inputs: ["before", "nothing"], outputs: [NETWORK_OUTPUT] },
      ],
      constants: [
        ...MARKET_CONSTANTS,
        { name: "zero", shape: [1], values: [0] },
        { name: "turns", shape: [1], values: [turns], ints: true },
      ],
    });
}
