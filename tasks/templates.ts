// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task templates`: runs every ready-made configuration over the sample
 * candles and writes agents/template_results.json. A test
 * fails where that file does not say what the code does.
 */
import { TEMPLATES } from "../agents/mod.ts";
import { createModelPeer } from "../lib/backtest/model_peer.ts";
import {
  readSampleCandles,
  runTemplate,
} from "../lib/backtest/template_results.ts";
import { behaviorOf } from "../lib/backtest/workers/job.ts";
import { runtimeSource } from "../lib/inference/install/ensure_runtime.ts";
import { inferenceOf } from "../lib/server/data_paths.ts";

const SAMPLE = import.meta.resolve("@observablehq/sample-datasets/aapl.csv");
const TARGET = new URL("../agents/template_results.json", import.meta.url);

const ROOT = new URL("../", import.meta.url);

await runtimeSource({
  root: ROOT,
  // By its name: the task may run that alone.
  deno: "deno",
  say: (line) => console.error(line),
}).ensure();
const models = createModelPeer(inferenceOf({ DATA_DIR: "" }, ROOT));
const sample = readSampleCandles(await Deno.readTextFile(new URL(SAMPLE)));
const results: Record<string, unknown> = {};
for (const template of TEMPLATES) {
  // deno-lint-ignore no-await-in-loop -- one run after the other, on one core
  results[template.name] = await runTemplate(template, {
    sample,
    behavior: behaviorOf(template.type)!,
    ...(template.type === "decision_engine" ? { models } : {}),
  });
}
await Deno.writeTextFile(TARGET, `${JSON.stringify(results, null, 2)}\n`);
