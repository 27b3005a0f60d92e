import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import {
  CandleFileCache,
  loadCandleFile,
} from "../../../lib/exchange/candle_file.ts";
import { CANDLE_CHUNK_ROWS } from "../../../lib/exchange/limits.ts";
import { resampleSeries } from "../../../lib/exchange/resample.ts";
import { writeColumnarFile } from "../../../lib/exchange/columnar/writer.ts";
import { withTempDir } from "../../support/temp.ts";
import { seriesFromCandles } from "../../../lib/exchange/candle_series.ts";

const MARKET_DATA = new URL("../../../../shared/market-data/", import.meta.url)
  .pathname;
const FIXTURES = new URL("../../fixtures/", import.meta.url).pathname;
const FIXTURE = "simulated-btcusdt-15m.csv";
const HOUR_MS = 3_600_000;

/** Rows, gaps and longest gap in hours as the README of the data states them. */
const STATED: Readonly<Record<string, readonly [number, number, number]>> = {
  "btcusd-1m-bitfinex-2019-05-07.csv.gz": [131_335, 593, 3.15],
  "btcusd-5m-bitfinex-2019.csv.gz": [104_849, 50, 3.25],
  "btcusd-1h-bitfinex-2019.csv.gz": [8_753, 4, 3],
  "ethusd-5m-bitfinex-2019.csv.gz": [104_491, 379, 4.25],
  "btcusd-1h-coinbase-2017-2019.csv.gz": [20_111, 0, 0],
  "btcusd-perp-1m-2022-01.csv.gz": [45_031, 0, 0],
  "eurusd-15m-smc.csv": [24_424, 52, 57.25],
  "eurusd-15m-smc-tickvol.csv.gz": [24_424, 52, 57.25],
  "eurusd-1h-oanda-bid-2007-2018.csv.gz": [74_439, 641, 152],
  "aapl-1d-2013-2018.csv": [1_260, 271, 96],
  "sp500-1d-2000-2020.csv": [5_105, 1_109, 168],
};

/** A machine without the shared data counts the test as ignored. */
function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(() => null, (error) => error);
  assert(error instanceof AppError, String(error));
  return error;
}

Deno.test({
  name:
    "loadCandleFile() reads the real files with the rows and gaps their README states",
  ignore: !exists(MARKET_DATA),
  fn: async () => {
    for (const [file, [rows, gaps, longestHours]] of Object.entries(STATED)) {
      // deno-lint-ignore no-await-in-loop -- one large file in memory at a time
      const { gapReport } = await loadCandleFile(`${MARKET_DATA}${file}`);
      assert.deepEqual(
        [gapReport.rows, gapReport.gaps, gapReport.longestGapMs / HOUR_MS],
        [rows, gaps, longestHours],
        file,
      );
    }
  },
});

Deno.test("loadCandleFile() names a missing file, and a folder, without its path", async () => {
  const missing = await refusal(loadCandleFile(`${FIXTURES}nothing.csv`));
  assert.equal(missing.code, "CANDLES_NOT_FOUND");
  assert.match(missing.message, /^The candle file nothing\.csv does not exist/);
  const folder = await refusal(loadCandleFile(FIXTURES.slice(0, -1)));
  assert.match(folder.message, /is not a file/);
});

Deno.test("CandleFileCache loads a file once and forgets it with its last user", async () => {
  const cache = new CandleFileCache(FIXTURES);
  const [first, second] = await Promise.all([
    cache.acquire(FIXTURE),
    cache.acquire(FIXTURE),
  ]);
  assert.equal(first, second);
  cache.release(FIXTURE);
  assert.equal(cache.size, 1);
  cache.release(FIXTURE);
  assert.equal(cache.size, 0);
});

Deno.test("CandleFileCache refuses every name that is not a bare candle file name", async () => {
  const cache = new CandleFileCache(FIXTURES);
  const names = [
    "../../deno.json",
    "a/b.csv",
    "/etc/passwd",
    "..csv",
    ".hidden.csv",
    "x.txt",
    "",
    "a\\b.csv",
    "a\0.csv",
  ];
  for (const name of names) {
    const error = await refusal(cache.acquire(name));
    assert.equal(error.errors[0]?.code, "FILE_NAME_REFUSED", name);
  }
  assert.equal(cache.size, 0);
});

Deno.test("CandleFileCache keeps nothing of a file that fails or does not fit", async () => {
  const cache = new CandleFileCache(FIXTURES, { rowsMax: 10 });
  const error = await refusal(cache.acquire(FIXTURE));
  assert.match(error.message, /does not fit beside .*10 allowed.*stop another/);
  await refusal(cache.acquire("nothing.csv"));
  assert.equal(cache.size, 0);
});

Deno.test("CandleFileCache makes candles of a longer timeframe once, whatever the format, and refuses others", async () => {
  await withTempDir(async (folder) => {
    const csv = await loadCandleFile(`${FIXTURES}${FIXTURE}`);
    await Deno.copyFile(`${FIXTURES}${FIXTURE}`, `${folder}/a.csv`);
    const header = { symbol: null, stepMs: 900_000, source: null };
    const path = `${folder}/a.candles`;
    await writeColumnarFile(path, { header, candles: csv });
    const cache = new CandleFileCache(folder);
    const [hours, again, ofCsv, whole] = await Promise.all([
      cache.acquire("a.candles", "1h"),
      cache.acquire("a.candles", "1h"),
      cache.acquire("a.csv", "1h"),
      cache.acquire("a.candles", "15m"),
    ]);
    assert.equal(hours, again);
    assert.deepEqual([...hours], [...ofCsv]);
    assert.deepEqual([...whole], [...csv]);
    const { series } = resampleSeries(csv, { toMs: HOUR_MS });
    assert.deepEqual([...hours], [...series]);
    const error = await refusal(cache.acquire("a.candles", "5m"));
    assert.equal(error.code, "CANDLES_TIMEFRAME");
    assert.match(
      error.message,
      /^The candles of a\.candles are 15m candles, which make no 5m candles; choose timeframe 15m, 30m, 1h, 4h or 1d$/,
    );
    for (const timeframe of ["1h", "1h", "15m"] as const) {
      cache.release("a.candles", timeframe);
    }
    cache.release("a.csv", "1h");
    assert.equal(cache.size, 0);
  });
});

Deno.test("CandleSeries copies rows and columns across chunk borders", () => {
  const rows = CANDLE_CHUNK_ROWS + 5;
  const series = seriesFromCandles(
    Array.from({ length: rows }, (_, seq) => ({
      openAt: seq * 60_000,
      open: seq + 1,
      high: seq + 3,
      low: seq + 0.5,
      close: seq + 2,
      volume: seq,
    })),
  );
  assert.equal(series.length, rows);
  const packed = series.packed(CANDLE_CHUNK_ROWS - 2, 4);
  assert.deepEqual(
    [packed[4], packed[10], packed[16], packed[22]],
    [0, 1, 2, 3].map((index) => CANDLE_CHUNK_ROWS + index),
  );
  const close = series.column("close");
  assert.equal(close.length, rows);
  assert.equal(close[rows - 1], rows + 1);
  assert.equal(series.openAt(rows - 1), (rows - 1) * 60_000);
  assert.throws(() => series.packed(rows - 1, 2), /are not in a series of/);
});
