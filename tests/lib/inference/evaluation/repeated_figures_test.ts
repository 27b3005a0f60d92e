import assert from "node:assert/strict";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { hashCandleFile } from "../../../../lib/inference/dataset/files.ts";
import { evaluateModel } from "../../../../lib/inference/evaluation/evaluate.ts";
import {
  MODELS_FOLDER,
  readTraining,
  shippedModels,
} from "../../../../lib/inference/evaluation/package_files.ts";

const FOLDER = new URL("../../../../../shared/market-data/", import.meta.url);

/** A file of real candles, or null with a word about it where there is none. */
async function findCandles(file: string): Promise<string | null> {
  const { pathname } = new URL(file, FOLDER);
  try {
    await Deno.stat(pathname);
    return pathname;
  } catch {
    // deno-lint-ignore no-console -- the only way to say that a test was skipped for want of data
    console.log("skipped: market data absent");
    return null;
  }
}

for (const name of await shippedModels()) {
  Deno.test(`${name}: the shipped files give the figures of the card again`, async () => {
    const folder = `${MODELS_FOLDER}/${name}`;
    const { data } = await readTraining(folder);
    const path = await findCandles(data.candles.file);
    if (path === null) return;
    const found = await evaluateModel(folder, {
      candles: {
        series: await loadCandleFile(path),
        sha256: await hashCandleFile(path),
      },
      options: { from: null, to: null, costBp: null },
    });
    assert.equal(found.notCompared, null);
    assert.deepEqual(
      found.comparisons.filter(({ agrees }) => !agrees),
      [],
    );
    assert.ok(found.comparisons.length > 50);
  });
}
