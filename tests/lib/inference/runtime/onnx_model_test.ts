import assert from "node:assert/strict";
import fc from "fast-check";
import { FEATURE_COUNT } from "../../../../agents/decision/feature_list.ts";
import { loadOnnxModel } from "../../../../lib/inference/runtime/onnx_model.ts";
import { createRng } from "../../../../lib/core/rng.ts";
import {
  NETWORKS,
  type PackageOptions,
  TEST_WINDOW,
  type TestKind,
  writeTestPackage,
} from "../../../support/onnx/write_package.ts";
import type { OnnxGraph } from "../../../support/onnx/onnx_writer.ts";
import { RUNTIME } from "../../../support/model_runtime.ts";

const KINDS = Object.keys(NETWORKS) as TestKind[];

async function load(options: PackageOptions) {
  const parent = await Deno.makeTempDir();
  try {
    const folder = await writeTestPackage(parent, options);
    return await loadOnnxModel({ folder, runtimeFolder: RUNTIME.folder });
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

async function loadSound(options: PackageOptions) {
  const loaded = await load(options);
  assert(loaded.ok, JSON.stringify(loaded));
  return loaded.value;
}

async function problemsOf(options: Omit<PackageOptions, "name">) {
  const loaded = await load({ name: "broken", ...options });
  assert(!loaded.ok, "the model loaded");
  return loaded.problems;
}

/** Rows of random features. */
function randomRows(count: number, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from(
    { length: count * FEATURE_COUNT },
    () => 6 * rng.next() - 3,
  );
}

for (const kind of KINDS) {
  Deno.test(`OnnxModel of kind ${kind} gives a window the same bits whatever ran before and beside it`, async () => {
    const model = await loadSound({ name: kind, kind });
    const other = await loadSound({ name: "other", kind, seed: 2 });
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer(), async (seed, noiseSeed) => {
        const rows = randomRows(TEST_WINDOW + 8, seed);
        const lone = await model.answer(rows, TEST_WINDOW - 1);
        assert(lone.ok);
        const { down, flat, up } = lone.probabilities;
        assert(Math.abs(down + flat + up - 1) < 1e-12);
        const noise = randomRows(TEST_WINDOW, noiseSeed);
        const beside = other.answer(noise, TEST_WINDOW - 1);
        for (let last = TEST_WINDOW - 1; last < TEST_WINDOW + 8; last++) {
          // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
          await model.answer(rows, last);
        }
        const again = model.answer(rows.slice(), TEST_WINDOW - 1);
        assert.deepEqual((await Promise.all([again, beside]))[0], lone);
      }),
      { numRuns: 20 },
    );
    await model.release();
    await other.release();
  });
}

Deno.test("OnnxModel picks its features by name and normalises them", async () => {
  const whole = await loadSound({ name: "whole" });
  const rows = randomRows(TEST_WINDOW, 1);
  const window = Float32Array.from(rows, (value, place) => {
    const feature = place % FEATURE_COUNT;
    return Math.max(-5, Math.min(5, (value - feature / 10) / 2));
  });
  const scaled = await loadSound({
    name: "scaled",
    manifest: {
      normalization: {
        rows: 10,
        mean: Array.from({ length: FEATURE_COUNT }, (_, place) => place / 10),
        deviation: new Array(FEATURE_COUNT).fill(2),
      },
    },
  });
  assert.deepEqual(
    await scaled.answer(rows, TEST_WINDOW - 1),
    await whole.answerNormalized(window),
  );
  await whole.release();
  await scaled.release();
});

Deno.test("OnnxModel gives no vote on a feature that is not finite", async () => {
  const model = await loadSound({ name: "sound" });
  for (const bad of [NaN, Infinity, -Infinity]) {
    const rows = randomRows(TEST_WINDOW, 1);
    rows[77] = bad;
    // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
    assert.deepEqual(await model.answer(rows, TEST_WINDOW - 1), {
      ok: false,
      failure: "got a feature that is not finite",
    });
  }
  await model.release();
});

/** Puts an operator with one constant between the network and its output. */
function endingWith(op: string, value: number) {
  return (graph: OnnxGraph): OnnxGraph => ({
    ...graph,
    nodes: [
      ...graph.nodes.map((node) => ({
        ...node,
        outputs: node.outputs.map((name) =>
          name === "logits" ? "before" : name
        ),
      })),
      { op, inputs: ["before", "constant"], outputs: ["logits"] },
    ],
    constants: [...graph.constants, {
      name: "constant",
      shape: [1],
      values: [value],
    }],
  });
}

Deno.test("loadOnnxModel refuses a model whose answers are no probabilities", async () => {
  assert.deepEqual(await problemsOf({ change: endingWith("Mul", NaN) }), [
    "broken: on a trial with zeros it gave a number that is not finite",
  ]);
  assert.deepEqual(await problemsOf({ change: endingWith("Div", 0) }), [
    "broken: on a trial with zeros it gave a number that is not finite",
  ]);
  const output = { name: "logits", meaning: "probabilities" };
  const [problem] = await problemsOf({
    change: endingWith("Add", 100),
    manifest: { output },
  });
  assert.match(
    problem!,
    /^broken: on a trial with zeros it gave probabilities that sum to \d/,
  );
  const [below] = await problemsOf({
    change: endingWith("Sub", 100),
    manifest: { output },
  });
  assert.match(below!, /it gave a probability below 0$/);
});

Deno.test("loadOnnxModel refuses a model that draws random numbers", async () => {
  const problems = await problemsOf({
    change: (graph) => ({
      ...graph,
      nodes: [
        ...graph.nodes.slice(0, -1),
        {
          op: "RandomNormal",
          inputs: [],
          outputs: ["noise"],
          attributes: { shape: [1, 3] },
        },
        { ...graph.nodes.at(-1)!, outputs: ["before"] },
        { op: "Add", inputs: ["before", "noise"], outputs: ["logits"] },
      ],
    }),
  });
  assert.match(
    problems[0]!,
    /answered the same window in two ways; it must draw no random numbers and keep no state$/,
  );
});

Deno.test("loadOnnxModel compares names and shapes with the description", async () => {
  assert.deepEqual(
    await problemsOf({
      manifest: {
        input: { name: "x" },
        output: { name: "y", meaning: "logits" },
      },
    }),
    [
      'broken: model.onnx must have the one input "x", but has "window"',
      'broken: model.onnx has no output "y", but "logits"',
    ],
  );
  assert.deepEqual(await problemsOf({ manifest: { windowCandles: 16 } }), [
    'broken: the input "window" must be float32 [1, 16, 45], but is float32 [1, 32, 45]',
  ]);
});

Deno.test("loadOnnxModel names every problem of a description at once", async () => {
  const problems = await problemsOf({
    manifest: {
      featuresVersion: 7,
      features: ["rsi", "rsi", "moon_phase"],
      normalization: { rows: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
      detector: { swingLength: 1_000 },
    },
  });
  assert.deepEqual(
    problems.map((text) => text.replace(/^.*model\.json: /, "")),
    [
      "the model was trained on features of version 7, this server has version 1; train it anew",
      'there are no features named "moon_phase"; docs/decision-features.md lists them',
      'the feature "rsi" is named twice; name each once',
      "detector.swingLength: Enter a whole number from 2 to 100 candles",
    ],
  );
});

Deno.test("loadOnnxModel refuses files that are missing, foreign or no model", async () => {
  const parent = await Deno.makeTempDir();
  const empty = await loadOnnxModel({
    folder: parent,
    runtimeFolder: RUNTIME.folder,
  });
  assert(!empty.ok);
  assert.deepEqual(empty.problems, [
    `${parent}/model.json is missing; a model is a folder with model.json and model.onnx`,
    `${parent}/model.onnx is missing; a model is a folder with model.json and model.onnx`,
  ]);
  await Deno.remove(parent, { recursive: true });
  const [foreign] = await problemsOf({
    manifest: { onnxSha256: "0".repeat(64) },
  });
  assert.match(
    foreign!,
    /model\.onnx has the SHA-256 [0-9a-f]{64}, but model\.json says 0{64}; copy both files of the same model$/,
  );
  const [unknown] = await problemsOf({
    change: (graph) => ({
      ...graph,
      nodes: [{ op: "Nonsense", inputs: ["window"], outputs: ["logits"] }],
    }),
  });
  assert.match(
    unknown!,
    /^broken: the runtime cannot load model\.onnx: .*Nonsense.*; export it with operators of the ONNX standard/,
  );
});
