import assert from "node:assert/strict";
import { patternDetector, TEMPLATES } from "../../../agents/mod.ts";
import {
  readSampleCandles,
  runTemplate,
} from "../../../lib/backtest/template_results.ts";

const SAMPLE = import.meta.resolve("@observablehq/sample-datasets/aapl.csv");

Deno.test("TEMPLATES say what their own backtests come to (run: deno task templates)", async (t) => {
  const sample = readSampleCandles(await Deno.readTextFile(new URL(SAMPLE)));
  for (const template of TEMPLATES) {
    // deno-lint-ignore no-await-in-loop -- steps run one after the other
    await t.step(template.name, async () => {
      const options = { sample, behavior: patternDetector };
      const results = await runTemplate(template, options);
      assert.deepEqual(template.results, results);
    });
  }
});
