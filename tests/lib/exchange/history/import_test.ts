import assert from "node:assert/strict";
import fc from "fast-check";
import { CANDLE_CSV_HEADER } from "../../../../lib/exchange/candle_csv_format.ts";
import {
  importCsv,
  type ImportOptions,
} from "../../../../lib/exchange/history/import_csv.ts";
import { gzip } from "../csv_support.ts";

const DEFAULTS: ImportOptions = {
  name: "test.csv",
  symbol: null,
  timeframe: null,
  keep: null,
};
const AT = Date.UTC(2024, 0, 31);

function run(
  text: string | Uint8Array<ArrayBuffer>,
  options: Partial<ImportOptions> = {},
) {
  const source = new Blob([text]).stream();
  return importCsv(source, { ...DEFAULTS, ...options });
}

async function imported(text: string, options: Partial<ImportOptions> = {}) {
  const result = await run(text, options);
  assert(result.ok, result.ok ? "" : result.problems.join("\n"));
  const { candles } = result.value;
  return { ...result.value, packed: [...candles.packed(0, candles.length)] };
}

async function problems(text: string, options: Partial<ImportOptions> = {}) {
  const result = await run(text, options);
  assert(!result.ok, "the file was accepted");
  return result.problems;
}

/** The same three minutes in the dialects of venues, vendors and programs. */
const DIALECTS: Readonly<Record<string, string>> = {
  "our own": `timestamp_ms,open,high,low,close,volume
${AT},10,12,9,11,5
${AT + 60_000},11,13,10,12,0
${AT + 120_000},12,12,12,12,7
`,
  "CryptoDataDownload, newest first": `https://www.CryptoDataDownload.com
unix,date,symbol,open,high,low,close,Volume USDT,Volume BTC,tradecount
${AT + 120_000},2024-01-31 00:02:00,BTC/USDT,12,12,12,12,84,7,3
${AT + 60_000},2024-01-31 00:01:00,BTC/USDT,11,13,10,12,0,0,0
${AT},2024-01-31 00:00:00,BTC/USDT,10,12,9,11,55,5,2
`,
  "Binance archive without names": `${AT},10,12,9,11,5,${AT + 59_999},50,1,1,1,0
${AT + 60_000},11,13,10,12,0,${AT + 119_999},0,0,0,0,0
${AT + 120_000},12,12,12,12,7,${AT + 179_999},84,1,1,1,0
`,
  "Binance archive in microseconds":
    `open_time,open,high,low,close,volume,close_time
${AT}000,10,12,9,11,5,${AT + 59_999}999
${AT + 60_000}000,11,13,10,12,0,${AT + 119_999}999
${AT + 120_000}000,12,12,12,12,7,${AT + 179_999}999
`,
  "MetaTrader, tabs, two columns of time":
    "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<SPREAD>\r\n" +
    "2024.01.31\t00:00:00\t10\t12\t9\t11\t5\t1\r\n" +
    "2024.01.31\t00:01:00\t11\t13\t10\t12\t0\t1\r\n" +
    "2024.01.31\t00:02:00\t12\t12\t12\t12\t7\t1\r\n",
  "semicolons, quotes, other order, a zone":
    `"Close";"Low";"High";"Open";"Time";"Vol"
"11";"9";"12";"10";"2024-01-31T02:00:00+02:00";"5"
"12";"10";"13";"11";"2024-01-31T02:01:00+02:00";"0"
"12";"12";"12";"12";"2024-01-31T02:02:00+02:00";"7"
`,
  "seconds with a fraction": `time,open,high,low,close,volume
${AT / 1000}.0,10,12,9,11,5
${AT / 1000 + 60}.0,11,13,10,12,0
${AT / 1000 + 120}.0,12,12,12,12,7
`,
};

for (const [dialect, text] of Object.entries(DIALECTS)) {
  Deno.test(`importCsv() reads the dialect: ${dialect}`, async () => {
    const { packed, stepMs } = await imported(text, { symbol: "BTC/USDT" });
    assert.deepEqual(packed, [
      ...[AT, 10, 12, 9, 11, 5],
      ...[AT + 60_000, 11, 13, 10, 12, 0],
      ...[AT + 120_000, 12, 12, 12, 12, 7],
    ]);
    assert.equal(stepMs, 60_000);
  });
}

Deno.test("importCsv() tells everything that it assumed or put in order, and nothing where all was plain", async () => {
  const plain = await imported(DIALECTS["our own"]!);
  assert.deepEqual(plain.changes, []);
  const download = await imported(
    DIALECTS["CryptoDataDownload, newest first"]!,
  );
  assert.equal(download.symbol, "BTC/USDT");
  assert.deepEqual(download.changes, [
    'Line 1 was skipped: "https://www.CryptoDataDownload.com"',
    'The open time is the column "unix"',
    'The volume is the column "Volume BTC"',
    "The newest candle was first; the order was turned round",
  ]);
  const bare = await imported(
    "date,open,high,low,close\n\n2024-01-31,1,1,1,1\n# note\n2024-02-01,1,1,1,1\n",
  );
  assert.deepEqual(bare.changes, [
    'The open time is the column "date"',
    "There is no volume; 0 was written, which stands for unknown",
    "Times are text without a zone",
    "Times without a zone were taken as UTC",
    "2 empty lines skipped",
  ]);
});

const ROW = (minute: number, close = 11) =>
  `${AT + minute * 60_000},10,12,9,${close},5`;
const FILE = (...rows: string[]) => [CANDLE_CSV_HEADER, ...rows].join("\n");

Deno.test("importCsv() drops equal duplicates, refuses different ones, and keeps the one it is told to", async () => {
  const same = await imported(FILE(ROW(0), ROW(1), ROW(1), ROW(2)));
  assert.equal(same.candles.duplicates, 1);
  assert.equal(same.report.rows, 3);
  assert.match(same.changes.join(), /1 row dropped that was there twice/);

  const different = FILE(ROW(0), ROW(1, 10), ROW(2), ROW(1, 11));
  assert.deepEqual(await problems(different), [
    "test.csv, lines 3 and 5: different candles of 2024-01-31T00:01:00.000Z; remove one of them, or say --keep first or --keep last",
  ]);
  const first = await imported(different, { keep: "first" });
  assert.equal(first.packed[6 + 4], 10);
  const last = await imported(different, { keep: "last" });
  assert.equal(last.packed[6 + 4], 11);
  assert.match(
    last.changes.join(),
    /the last one in the file was kept \(lines 3 and 5\)/,
  );
});

Deno.test("importCsv() of shuffled rows gives what the sorted rows give", async () => {
  await fc.assert(fc.asyncProperty(
    fc.uniqueArray(fc.integer({ min: 0, max: 500 }), {
      minLength: 2,
      maxLength: 60,
    }),
    async (minutes) => {
      const rows = (order: readonly number[]) =>
        FILE(...order.map((minute) => ROW(minute, 9 + (minute % 4))));
      const shuffled = await imported(rows(minutes));
      const sorted = await imported(rows(minutes.toSorted((a, b) => a - b)));
      assert.deepEqual(shuffled.packed, sorted.packed);
      assert.deepEqual(shuffled.report, sorted.report);
    },
  ));
});

Deno.test("importCsv() names line, column and value of every row that is no candle, up to a bound", async () => {
  const found = await problems(FILE(
    ROW(0),
    "soon,10,12,9,11,5",
    `${AT},10,NaN,9,11,5`,
    `${AT},-1,12,-1,11,5`,
    `${AT},10,10.5,9,11,5`,
    `${AT},10,12,9,11`,
    `${AT},10,12,9,11,`,
  ));
  assert.deepEqual(found.map((problem) => problem.split(";")[0]), [
    'test.csv, line 3, column timestamp_ms: "soon" is no open time',
    'test.csv, line 4, column high: "NaN" is not a finite number',
    'test.csv, line 5, column open: "-1" is not a positive price',
    'test.csv, line 6, column high: "10.5" is below the close 11',
    "test.csv, line 7: has 5 columns",
    'test.csv, line 8, column volume: "" is not a finite number',
  ]);
  const many = await problems(FILE(...Array<string>(50).fill("x,1,1,1,1,1")));
  assert.equal(many.length, 21);
  assert.equal(many.at(-1), "test.csv: 30 more rows are wrong");
});

Deno.test("importCsv() refuses files without candles, of several markets, or of another timeframe", async () => {
  assert.match((await problems(""))[0]!, /is empty/);
  assert.match(
    (await problems(`${CANDLE_CSV_HEADER}\n`))[0]!,
    /has column names but no candle/,
  );
  assert.match(
    (await problems("hello\nworld\n"))[0]!,
    /none of the first 10 lines names a time.*line 1 is "hello"/,
  );
  assert.match(
    (await problems(
      "time,symbol,open,high,low,close\n0,A,1,1,1,1\n60,B,1,1,1,1\n",
    ))[0]!,
    /line 3: is of "B", the lines before of "A"/,
  );
  assert.match(
    (await problems(FILE(ROW(0), ROW(1)), { timeframe: "5m" }))[0]!,
    /^--timeframe 5m: the candles of test.csv are 1m apart/,
  );
  assert.match((await problems(FILE(ROW(0))))[0]!, /one candle.*--timeframe/);
  const single = await imported(FILE(ROW(0)), { timeframe: "5m" });
  assert.equal(single.stepMs, 300_000);
});

Deno.test("importCsv() reports gaps, empty volume, jumps and candles off the grid", async () => {
  const rows = [0, 1, 2, 5, 6, 30, 31].map((minute) => ROW(minute));
  rows.push(`${AT + 32.5 * 60_000},30,31,29,30,0`);
  const { report } = await imported(FILE(...rows));
  assert.deepEqual(report, {
    rows: 8,
    firstAt: AT,
    lastAt: AT + 32.5 * 60_000,
    stepMs: 60_000,
    gaps: 3,
    missing: 26,
    longestGaps: [
      { afterAt: AT + 360_000, nextAt: AT + 1_800_000, missing: 23 },
      { afterAt: AT + 120_000, nextAt: AT + 300_000, missing: 2 },
      { afterAt: AT + 1_860_000, nextAt: AT + 1_950_000, missing: 1 },
    ],
    tooClose: 0,
    offGrid: 1,
    zeroVolume: 1,
    jumps: 1,
    firstJumps: [{ at: AT + 1_950_000, pct: 100 * (31 / 11 - 1) }],
  });
});

Deno.test("importCsv() unpacks gzip, and refuses a file of one endless line", async () => {
  const packed = await run(await gzip(DIALECTS["our own"]!));
  assert(packed.ok);
  await assert.rejects(run("x".repeat(10_000)), /more than 8192 characters/);
});
