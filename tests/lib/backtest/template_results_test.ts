import assert from "node:assert/strict";
import { TEMPLATES } from "../../../agents/mod.ts";
import { createModelPeer } from "../../../lib/backtest/model_peer.ts";
import {
  readSampleCandles,
  runTemplate,
} from "../../../lib/backtest/template_results.ts";
import { behaviorOf } from "../../../lib/backtest/workers/job.ts";
import { inferenceOf } from "../../../lib/server/data_paths.ts";
import { RUNTIME } from "../../support/model_runtime.ts";

const SAMPLE = import.meta.resolve("@observablehq/sample-datasets/aapl.csv");

Deno.test("TEMPLATES say what their own backtests come to (run: deno task templates)", async (t) => {
  const models = createModelPeer({
    ...inferenceOf({ DATA_DIR: "" }, new URL("../../../", import.meta.url)),
    runtime: RUNTIME,
  });
  const sample = readSampleCandles(await Deno.readTextFile(new URL(SAMPLE)));
  for (const template of TEMPLATES) {
    // deno-lint-ignore no-await-in-loop -- steps run one after the other
    await t.step(template.name, async () => {
      const options = {
        sample,
        behavior: behaviorOf(template.type)!,
        ...(template.type === "decision_engine" ? { models } : {}),
      };
      const results = await runTemplate(template, options);
      assert.deepEqual(template.results, results);
    });
  }
});
