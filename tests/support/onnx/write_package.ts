import { createHash } from "node:crypto";
import {
  FEATURES,
  FEATURES_VERSION,
} from "../../../agents/decision/feature_list.ts";
import type { ModelKind } from "../../../lib/contracts/model.ts";
import { type OnnxGraph, writeOnnx } from "./onnx_writer.ts";
import {
  lstmNetwork,
  NETWORK_INPUT,
  NETWORK_OUTPUT,
  type NetworkSize,
  policyNetwork,
  transformerNetwork,
} from "./test_networks.ts";

/** Candles of a window of these models. */
export const TEST_WINDOW = 32;

/** Networks by the kind of model. */
export const NETWORKS = {
  lstm: lstmNetwork,
  transformer: transformerNetwork,
  ppo: policyNetwork,
} as const satisfies Partial<
  Record<ModelKind, (size: NetworkSize) => OnnxGraph>
>;
export type TestKind = keyof typeof NETWORKS;

/** What differs from a sound package. */
export interface PackageOptions {
  name: string;
  kind?: TestKind;
  seed?: number;
  /** Makes another network of the one that would be written. */
  change?(graph: OnnxGraph): OnnxGraph;
  /** Fields of `model.json` that are written over. */
  manifest?: Readonly<Record<string, unknown>>;
}

/** Writes a model package that loads, or one that is broken in a chosen way; answers with its folder. */
export async function writeTestPackage(
  parent: string,
  options: PackageOptions,
): Promise<string> {
  const { name, kind = "lstm", seed = 1, change = (graph) => graph } = options;
  const folder = `${parent}/${name}`;
  const features = FEATURES.map((feature) => feature.name);
  const onnx = writeOnnx(change(NETWORKS[kind]({
    windowCandles: TEST_WINDOW,
    features: features.length,
    hidden: 32,
    seed,
  })));
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(`${folder}/model.onnx`, onnx);
  await Deno.writeTextFile(
    `${folder}/model.json`,
    JSON.stringify({
      format: "smc-fleet-model",
      v: 1,
      name,
      title: `Test network ${name}`,
      kind,
      featuresVersion: FEATURES_VERSION,
      features,
      windowCandles: TEST_WINDOW,
      timeframes: ["15m", "1h"],
      horizonCandles: 24,
      normalization: {
        rows: 1_000,
        mean: features.map(() => 0),
        deviation: features.map(() => 1),
      },
      input: { name: NETWORK_INPUT },
      output: { name: NETWORK_OUTPUT, meaning: "logits" },
      onnxSha256: createHash("sha256").update(onnx).digest("hex"),
      licence: "MIT",
      beatsBaselines: null,
      verdict: "A network for tests; it knows nothing of markets.",
      ...options.manifest,
    }),
  );
  return folder;
}
