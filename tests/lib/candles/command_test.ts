import assert from "node:assert/strict";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import { ColumnarAppender } from "../../../lib/exchange/columnar/writer.ts";
import { runDataCommand } from "../../../lib/candles/command.ts";
import { withTempDir } from "../../support/temp.ts";
import { assertSameSeries, walk } from "../exchange/columnar/series_support.ts";
import { startFakeBinance } from "../exchange/history/fake_binance.ts";

const T0 = Date.UTC(2024, 0, 1);

interface Answer {
  code: number;
  out: string;
  err: string;
}

type Run = (...args: string[]) => Promise<Answer>;

/** Runs commands over a candle folder of its own, with a CSV file of 40 minutes beside it. */
async function withFolder(
  run: (data: Run, folder: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (cwd) => {
    const folder = `${cwd}/candles`;
    const rows = [...walk(40)].map((c) =>
      [c.openAt, c.open, c.high, c.low, c.close, c.volume].join(",")
    );
    const text = ["timestamp_ms,open,high,low,close,volume", ...rows, ""];
    await Deno.writeTextFile(`${cwd}/my data.csv`, text.join("\n"));
    const data: Run = async (...args) => {
      let out = "";
      let err = "";
      const code = await runDataCommand(args, {
        folder,
        cwd,
        out: (text) => out += text,
        err: (text) => err += text,
        sleep: () => Promise.resolve(),
        random: () => 0,
        signal: new AbortController().signal,
      });
      return { code, out, err };
    };
    await run(data, folder);
  });
}

Deno.test("data import, show, list, resample and export work on one folder", async () => {
  await withFolder(async (data, folder) => {
    const imported = await data(
      "import",
      "my data.csv",
      "--symbol",
      "BTC/USDT",
    );
    assert.equal(imported.code, 0, imported.err);
    assert.match(imported.out, /Market +BTC\/USDT 1m\n/);
    assert.match(imported.out, /Nothing had to be changed/);
    const file = "my-data.candles";
    assertSameSeries(await loadCandleFile(`${folder}/${file}`), walk(40));

    const shown = JSON.parse((await data("show", "my-data", "--json")).out);
    assert.deepEqual(
      [shown.file, shown.rows, shown.step, shown.gaps, shown.source],
      [file, 40, "1m", 0, "my data.csv"],
    );
    const made = await data("resample", file, "--to", "15m", "--json");
    assert.equal(JSON.parse(made.out).rows, 3);
    assert.match(made.err, /last 5 candles .* their 15m was not over/);

    const list = JSON.parse((await data("list", "--json")).out);
    assert.deepEqual(
      list.map((entry: { file: string; step: string }) => [
        entry.file,
        entry.step,
      ]),
      [["my-data-15m.candles", "15m"], [file, "1m"]],
    );
    const csv = await data("export", "my-data", "--csv");
    assert.equal(
      csv.out,
      await Deno.readTextFile(`${folder}/../my data.csv`),
    );
  });
});

Deno.test("data import writes nothing over a file and nothing in a dry run", async () => {
  await withFolder(async (data, folder) => {
    const dry = await data("import", "my data.csv", "--dry-run", "--json");
    assert.equal(JSON.parse(dry.out).dryRun, true);
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
    await data("import", "my data.csv");
    const again = await data("import", "my data.csv");
    assert.deepEqual([again.code, again.out], [2, ""]);
    assert.match(again.err, /is there already; .* --out, or say --replace/);
    assert.equal((await data("import", "my data.csv", "--replace")).code, 0);
  });
});

Deno.test("data show tells of an unfinished block, and repair removes it", async () => {
  await withFolder(async (data, folder) => {
    await Deno.mkdir(folder);
    const path = `${folder}/a.candles`;
    const header = { symbol: null, stepMs: 60_000, source: null };
    const file = await ColumnarAppender.open(path, header);
    await file.append(walk(40).packed(0, 30));
    await file.append(walk(40).packed(30, 10));
    file.close();
    await Deno.truncate(path, (await Deno.stat(path)).size - 3);
    const shown = await data("show", "a");
    assert.match(shown.out, /Candles +30\n/);
    assert.match(shown.err, /bytes of a\.candles are an unfinished block/);
    const repaired = await data("repair", "a", "--json");
    assert.equal(JSON.parse(repaired.out).rows, 30);
    assert.equal((await data("show", "a")).err, "");
    assert.match((await data("repair", "a")).out, /is whole: 30 candles/);
  });
});

Deno.test("data download fills a file, goes on with it, and refuses one of another market", async () => {
  await withFolder(async (data, folder) => {
    await using server = await startFakeBinance({
      firstAt: T0,
      nowAt: T0 + 100 * 60_000,
      hasCandle: () => true,
    });
    const args = (symbol: string) => [
      "download",
      ...["--exchange", "binance", "--symbol", symbol, "--timeframe", "1m"],
      ...["--base-url", server.url, "--out", "b"],
    ];
    const noFrom = await data(...args("BTC/USDT"));
    assert.match(noFrom.err, /^--from is missing/);
    const first = await data(
      ...args("BTC/USDT"),
      "--from",
      "2023-12-31",
      "--json",
    );
    assert.equal(first.code, 0, first.err);
    assert.equal(JSON.parse(first.out).added, 100);
    assert.match(first.err, /later than asked for: binance has or gives none/);
    server.market.nowAt += 5 * 60_000;
    const second = await data(...args("BTC/USDT"), "--json");
    assert.equal(JSON.parse(second.out).added, 5);
    assert.equal((await loadCandleFile(`${folder}/b.candles`)).length, 105);
    const other = await data(...args("ETH/USDT"));
    assert.equal(other.code, 2);
    assert.match(other.err, /b\.candles holds BTC\/USDT .* not ETH\/USDT 1m/);
  });
});

const MISTAKES: readonly [readonly string[], RegExp][] = [
  [[], /^Name a command: import, list/],
  [["imprt"], /Did you mean "import"\?/],
  [["import"], /^The file to import is missing/],
  [["import", "a", "b"], /^"b" is one word too many/],
  [["import", "none.csv"], /none\.csv does not exist/],
  [["import", "my data.csv", "--keep", "both"], /neither first nor last/],
  [["import", "my data.csv", "--timeframe", "2h"], /no timeframe; choose 1m/],
  [["import", "my data.csv", "--symbol", "a b"], /is no market/],
  [["import", "my data.csv", "--out", "a.csv"], /ends like a CSV file/],
  [["import", "my data.csv", "--simbol", "x"], /Did you mean "--symbol"\?/],
  [["show", "../secret"], /is no name of the candle folder/],
  [["show", "none"], /none\.candles does not exist/],
  [["resample", "x"], /^--to is missing/],
  [["export", "x"], /^--csv is missing/],
  [["repair", "x.csv"], /is no \.candles file/],
  [["repair", "none"], /does not exist/],
  [["download"], /--exchange is missing.*\n--symbol is missing/],
  [
    [
      "download",
      "--exchange=x",
      "--symbol=A/B",
      "--timeframe=1m",
      "--from=1.2.3",
    ],
    /^--from "1\.2\.3" is no date/,
  ],
];
for (const [args, sentence] of MISTAKES) {
  Deno.test(`data ${args.join(" ")} is answered with a sentence and code 2`, async () => {
    await withFolder(async (data) => {
      const { code, err, out } = await data(...args);
      assert.match(err, sentence);
      assert.deepEqual([code, out], [2, ""]);
    });
  });
}
