import assert from "node:assert/strict";
import { EXIT, runBacktestCommand } from "../../../lib/backtest/command.ts";
import {
  KEYS,
  refusal,
  run,
  runFixture,
  TEMPLATES,
  withFile,
} from "./command_runner.ts";
import { behavior, FIXTURE } from "./setup.ts";

const ODD_FILES: readonly [what: string, rows: string[], expected: RegExp][] = [
  ["without a candle", [], /has a header but no candle/],
  ["with one candle", ["0,1,1,1,1,0"], /^Candles +1, 1970-01-01 00:00/m],
  [
    "with flat prices",
    Array.from({ length: 400 }, (_, seq) => `${seq * 900_000},5,5,5,5,0`),
    /^Trades +0$/m,
  ],
  [
    "with a gap of a year",
    Array.from(
      { length: 400 },
      (_, seq) =>
        `${seq * 900_000 + (seq > 200 ? 3.2e10 : 0)},5,${6 + seq % 5},4,5,0`,
    ),
    /1 gap, longest 8889\.\d\d h/,
  ],
  ["with a time twice", ["0,1,1,1,1,0", "0,1,1,1,1,0"], /line 3.*duplicate/],
  ["out of order", ["900000,1,1,1,1,0", "0,1,1,1,1,0"], /line 3.*is earlier/],
  ["with NaN", ["0,1,NaN,1,1,0"], /column high: "NaN" is not a finite/],
  ["with a negative price", ["0,-1,1,-2,1,0"], /column open: "-1"/],
];

for (const [what, rows, expected] of ODD_FILES) {
  Deno.test(`runBacktestCommand() gives a result or a sentence for a file ${what}`, async () => {
    const header = "timestamp_ms,open,high,low,close,volume";
    await withFile([header, ...rows, ""].join("\n"), async (path) => {
      const args = ["--candles", path, "--template", "smc-test"];
      const { code, out, err } = await run(...args, "--random-entries", "1");
      assert.match(`${out}${err}`, expected);
      assert.equal(code, out === "" ? EXIT.usage : EXIT.ok);
    });
  });
}

Deno.test("runBacktestCommand() says an empty file is empty", async () => {
  await withFile("", async (path) => {
    const { code, err } = await run(
      ...["--candles", path, "--template", "smc-test"],
    );
    assert.equal(code, EXIT.usage);
    assert.match(err, /is empty/);
  });
});

Deno.test("runBacktestCommand() names all mistakes of a command line at once", async () => {
  const err = await refusal(
    ...["--sweep", "x", "--walk-forward", "99", "--from", "yesterday"],
    ...["--objective", "luck", "--monte-carlo", "many", "--set", "nothing=1"],
    ...["--cost", "takerFeeBp=-1", "--report", "/none/x.html"],
    ...["--simulated", "0"],
  );
  for (
    const sentence of [
      /--sweep "x" names no values; write KEY=a,b,c/,
      /--walk-forward "99" is not valid; write a whole number from 2 to 50/,
      /--from "yesterday" is not a time/,
      /--objective "luck" is not known; choose from sharpe/,
      /--monte-carlo "many" is not valid/,
      /--set nothing: there is no such key/,
      /--set costs\.takerFeeBp: -1 is not valid; Enter a number from 0 to 100/,
      /--report \/none\/x\.html: the folder \/none does not exist/,
      /--candles and --simulated exclude each other/,
    ]
  ) assert.match(err, sentence);
});

Deno.test("runBacktestCommand() shows comparisons, the check and honest words", async () => {
  const { code, out } = await runFixture("--random-entries", "2");
  assert.equal(code, EXIT.ok);
  assert.match(out, /^Costs +fees 2 and 5 bp, slippage 2 bp, latency 0 ms/m);
  assert.match(out, /^Buy and hold +[+-]\d+\.\d\d %, largest drawdown/m);
  assert.match(out, /^Random entries +[+-].* % in the middle of 2 runs/m);
  assert.match(out, /^Look-ahead check +4 reruns .* agree$/m);
  assert.match(out, /^(Made|Lost) [\d,.]+ USDT \(/m);
});

Deno.test("runBacktestCommand() sweeps, walks forward, and says what it chose", async () => {
  const sweep = ["--sweep", "strategies.fvg.minGapAtr=0.3..0.7/0.2"];
  const quick = ["--no-check", "--random-entries", "0", "--monte-carlo", "0"];
  const { out: swept } = await runFixture(...sweep, ...quick);
  assert.match(swept, /^Sets tried +3, by sharpe; best first$/m);
  assert.match(swept, /^ {2}1\. +strategies\.fvg\.minGapAtr=0\.\d: /m);
  assert.match(swept, /^Look-ahead check +left out/m);
  const walk = [...sweep, "--walk-forward", "2", "--objective", "netPnl"];
  const { out: walked } = await runFixture(...walk, ...quick);
  assert.match(walked, /^Folds +2, chosen by netPnl on the part before each$/m);
  // The line of JSON has the same keys, of the tests together.
  const { out: line } = await runFixture(...walk, "--json");
  assert.deepEqual(Object.keys(JSON.parse(line)), KEYS);
});

Deno.test("runBacktestCommand() cuts to a range, changes costs and runs over simulated candles", async () => {
  const range = ["--from", "2025-01-02", "--to", "2025-01-03"];
  const { out } = await runFixture(...range, "--json");
  assert.equal(JSON.parse(out).candles, 2 * 96);
  const free = ["--cost", "takerFeeBp=0", "--cost", "makerFeeBp=0"];
  const { out: cheap } = await runFixture(...free, "--json");
  assert.equal(JSON.parse(cheap).feesPaid, "0");
  const simulated = ["--template", "smc-test", "--simulated", "500", "--json"];
  const [{ out: a }, { out: b }] = await Promise.all([
    run(...simulated, "--seed", "4"),
    run(...simulated, "--seed", "4"),
  ]);
  assert.equal(JSON.parse(a).candles, 500);
  assert.equal(JSON.parse(a).tradesHash, JSON.parse(b).tradesHash);
});

Deno.test("runBacktestCommand() writes the report as a page, as JSON and as a session", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = ["--report", `${folder}/r.html`, "--report-json"];
    const rest = [`${folder}/r.json`, "--record", `${folder}/r.session`];
    const { code, out } = await runFixture(
      ...[...files, ...rest, "--json", "--random-entries", "1"],
    );
    assert.equal(code, EXIT.ok);
    const report = JSON.parse(await Deno.readTextFile(`${folder}/r.json`));
    assert.equal(report.summary.tradesHash, JSON.parse(out).tradesHash);
    assert.equal(report.baselines.randomEntry.runs, 1);
    assert.match(
      await Deno.readTextFile(`${folder}/r.html`),
      /^<!doctype html/i,
    );
    const { size } = await Deno.stat(`${folder}/r.session`);
    assert(size > 1_000, `${size} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("runBacktestCommand() says that it was canceled, with exit code 130", async () => {
  let err = "";
  const code = await runBacktestCommand(
    ["--candles", FIXTURE, "--template", "smc-test"],
    {
      templates: TEMPLATES,
      behaviorOf: () => behavior,
      signal: AbortSignal.abort(new Error("Canceled")),
      out: () => assert.fail("nothing is printed"),
      err: (text) => err += text,
    },
  );
  assert.equal(code, EXIT.canceled);
  assert.match(err, /^The backtest was canceled; nothing was written\.$/m);
});
