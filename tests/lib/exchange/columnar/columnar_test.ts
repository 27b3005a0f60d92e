import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../../../lib/core/errors.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../../lib/exchange/candle_series.ts";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import {
  BLOCK_ROWS_MAX,
  type ColumnarHeader,
} from "../../../../lib/exchange/columnar/format.ts";
import {
  readColumnar,
  summarizeColumnar,
} from "../../../../lib/exchange/columnar/reader.ts";
import { repairColumnar } from "../../../../lib/exchange/columnar/repair.ts";
import {
  ColumnarAppender,
  writeColumnarFile,
} from "../../../../lib/exchange/columnar/writer.ts";
import { withTempDir } from "../../../support/temp.ts";
import {
  anyCandles,
  assertSameSeries,
  MINUTE_MS,
  walk,
} from "./series_support.ts";

const HEADER: ColumnarHeader = {
  symbol: "BTC/USDT",
  stepMs: MINUTE_MS,
  source: "test",
};

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(() => null, (error) => error);
  assert(error instanceof AppError, String(error));
  return error;
}

async function read(
  path: string,
  range: { fromAt?: number; toAt?: number } = {},
): Promise<CandleSeries> {
  using file = await Deno.open(path);
  return await readColumnar(file, { name: "test.candles", ...range });
}

async function summarize(path: string) {
  using file = await Deno.open(path);
  return await summarizeColumnar(file, "test.candles");
}

/** A file of a long block and a short one, and where the short one begins. */
async function fileOfTwoBlocks(path: string) {
  const series = walk(60);
  const appender = await ColumnarAppender.open(path, HEADER);
  await appender.append(series.packed(0, 40));
  const { size } = await Deno.stat(path);
  await appender.append(series.packed(40, 20));
  appender.close();
  return { series, secondAt: size, bytes: await Deno.readFile(path) };
}

Deno.test("writeColumnarFile() and loadCandleFile() give back any series bit for bit", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    await fc.assert(
      fc.asyncProperty(anyCandles, async (candles) => {
        const series = seriesFromCandles(candles);
        await writeColumnarFile(path, { header: HEADER, candles: series });
        assertSameSeries(await loadCandleFile(path), series);
      }),
      { numRuns: 60 },
    );
  });
});

Deno.test("ColumnarAppender gives the same candles in pieces of any size, across full blocks", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    const series = walk(2 * BLOCK_ROWS_MAX + 100);
    const pieces = [1, 999, BLOCK_ROWS_MAX + 5, 1_000];
    let from = 0;
    for (const piece of [...pieces, series.length]) {
      const count = Math.min(piece, series.length - from);
      // deno-lint-ignore no-await-in-loop -- each piece follows the one before
      const appender = await ColumnarAppender.open(path, HEADER);
      assert.equal(appender.rows, from);
      // deno-lint-ignore no-await-in-loop -- each piece follows the one before
      await appender.append(series.packed(from, count));
      appender.close();
      from += count;
    }
    const read = await loadCandleFile(path);
    assertSameSeries(read, series);
    assert.deepEqual(read.gapReport, series.gapReport);
    const { blocks, firstAt, lastAt, rows, tornBytes } = await summarize(path);
    assert.deepEqual(
      { blocks, firstAt, lastAt, rows, tornBytes },
      {
        blocks: 6,
        firstAt: series.openAt(0),
        lastAt: series.openAt(series.length - 1),
        rows: series.length,
        tornBytes: 0,
      },
    );
  });
});

Deno.test("a file cut at any byte of its last block keeps all blocks before, and goes on from there", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    const { bytes, secondAt, series } = await fileOfTwoBlocks(path);
    const first = series.packed(0, 40);
    for (let end = secondAt; end < bytes.length; end++) {
      // deno-lint-ignore-start no-await-in-loop -- one file, cut anew each time
      await Deno.writeFile(path, bytes.subarray(0, end));
      assert.deepEqual(
        (await read(path)).packed(0, 40),
        first,
        `cut at ${end}`,
      );
      assert.equal((await summarize(path)).tornBytes, end - secondAt);
      const appender = await ColumnarAppender.open(path, HEADER);
      assert.equal(appender.mendedBytes, end - secondAt);
      await appender.append(series.packed(40, 20));
      appender.close();
      // deno-lint-ignore-end no-await-in-loop
    }
    assertSameSeries(await read(path), series);
  });
});

Deno.test("a file with any byte changed is refused or read as it was, never read wrongly", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    const { bytes, series } = await fileOfTwoBlocks(path);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      // deno-lint-ignore no-await-in-loop -- one file, changed anew each time
      await Deno.writeFile(path, changed);
      // deno-lint-ignore no-await-in-loop -- one file, changed anew each time
      const result = await read(path).catch((error) => error);
      if (result instanceof AppError) continue;
      assertSameSeries(result, series, `byte ${at}`);
    }
  });
});

Deno.test("repairColumnar() keeps what is before the damage", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    const { bytes, secondAt, series } = await fileOfTwoBlocks(path);
    bytes[secondAt + 60]! ^= 1;
    await Deno.writeFile(path, bytes);
    assert.match(
      (await refusal(loadCandleFile(path))).message,
      /^test\.candles is damaged after 40 candles, at byte \d+: .*data repair/,
    );
    await refusal(ColumnarAppender.open(path, HEADER));
    const { rows, tornBytes } = await repairColumnar(path);
    assert.deepEqual([rows, tornBytes], [40, bytes.length - secondAt]);
    assert.deepEqual((await read(path)).packed(0, 40), series.packed(0, 40));
    assert.equal((await repairColumnar(path)).tornBytes, 0);
  });
});

Deno.test("readColumnar() reads a part by its times", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    const series = walk(BLOCK_ROWS_MAX + 500);
    await writeColumnarFile(path, { header: HEADER, candles: series });
    const [from, to] = [BLOCK_ROWS_MAX - 3, BLOCK_ROWS_MAX + 4];
    const part = await read(path, {
      fromAt: series.openAt(from),
      toAt: series.openAt(to),
    });
    assert.deepEqual(
      part.packed(0, part.length),
      series.packed(from, to - from),
    );
    const none = await refusal(read(path, { toAt: series.openAt(0) }));
    assert.match(none.message, /has no candle in that time/);
  });
});

Deno.test("loadCandleFile() tells what is wrong with a file of another version, without candles, or with a damaged header", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    (await ColumnarAppender.open(path, HEADER)).close();
    assert.match((await refusal(loadCandleFile(path))).message, /no candle/);
    const bytes = await Deno.readFile(path);
    bytes[8] = 2;
    await Deno.writeFile(path, bytes);
    assert.match((await refusal(loadCandleFile(path))).message, /version 2/);
    bytes[8] = 1;
    bytes[20]! ^= 1;
    await Deno.writeFile(path, bytes);
    assert.match((await refusal(loadCandleFile(path))).message, /header/);
    await Deno.writeFile(path, bytes.subarray(0, 12));
    assert.match((await refusal(loadCandleFile(path))).message, /header/);
    await Deno.writeFile(path, new Uint8Array());
    assert.match((await refusal(loadCandleFile(path))).message, /is empty/);
  });
});

Deno.test("ColumnarAppender refuses candles that are not later, and a file that is added to now", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    const appender = await ColumnarAppender.open(path, HEADER);
    const rows = walk(3).packed(0, 3);
    await appender.append(rows);
    await assert.rejects(appender.append(rows), /no later candle/);
    const inUse = await refusal(ColumnarAppender.open(path, HEADER));
    assert.equal(inUse.code, "CANDLES_IN_USE");
    appender.close();
    assert.equal((await read(path)).length, 3);
  });
});

Deno.test("writeColumnarFile() leaves no draft, and the old file, where it cannot write", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/test.candles`;
    await writeColumnarFile(path, { header: HEADER, candles: walk(5) });
    const broken = {
      length: 5,
      packed: () => {
        throw new Error("the disk is full");
      },
    };
    const error = await refusal(
      writeColumnarFile(path, { header: HEADER, candles: broken }),
    );
    assert.match(error.message, /cannot be written: the disk is full/);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "test.candles",
    ]);
    assert.equal((await read(path)).length, 5);
  });
});
