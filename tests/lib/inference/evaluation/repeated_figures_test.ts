import assert from "node:assert/strict";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { hashCandleFile } from "../../../../lib/inference/dataset/files.ts";
import {
  evaluateModel,
  type HashedCandles,
} from "../../../../lib/inference/evaluation/evaluate.ts";
import {
  MODELS_FOLDER,
  readTraining,
  shippedModels,
} from "../../../../lib/inference/evaluation/package_files.ts";

const FOLDER = new URL("../../../../../shared/market-data/", import.meta.url);

const known = new Map<string, Promise<HashedCandles | null>>();

/** Real candles, read once, or null with a word about it where there are none. */
function findCandles(file: string): Promise<HashedCandles | null> {
  const found = known.get(file) ?? readCandles(file);
  known.set(file, found);
  return found;
}

async function readCandles(file: string): Promise<HashedCandles | null> {
  const { pathname } = new URL(file, FOLDER);
  try {
    await Deno.stat(pathname);
  } catch {
    // deno-lint-ignore no-console -- the only way to say that a test was skipped for want of data
    console.log("skipped: market data absent");
    return null;
  }
  return {
    series: await loadCandleFile(pathname),
    sha256: await hashCandleFile(pathname),
  };
}

for (const name of await shippedModels()) {
  Deno.test(`${name}: the shipped files give the figures of the card again`, async () => {
    const folder = `${MODELS_FOLDER}/${name}`;
    const { data } = await readTraining(folder);
    const candles = await findCandles(data.candles.file);
    if (candles === null) return;
    const found = await evaluateModel(folder, {
      candles,
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
