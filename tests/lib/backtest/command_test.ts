import assert from "node:assert/strict";
import { EXIT } from "../../../lib/backtest/command.ts";
import { KEYS, refusal, run, runFixture, withFile } from "./command_runner.ts";
import { FIXTURE } from "./setup.ts";

Deno.test("runBacktestCommand() prints one line of JSON with exactly the promised keys", async () => {
  const { code, out, err } = await runFixture("--json");
  assert.equal(code, EXIT.ok);
  assert.equal(err, "");
  assert.equal(out.indexOf("\n"), out.length - 1);
  const result = JSON.parse(out);
  assert.deepEqual(Object.keys(result), KEYS);
  assert.equal(result.candles, 3_000);
});

Deno.test("runBacktestCommand() prints an aligned table with honest words", async () => {
  const { code, out } = await runFixture();
  assert.equal(code, EXIT.ok);
  assert.match(out, /simulated, costs included; past results say nothing/);
  assert.match(out, /^Candles +3,000, 2025-01-01 00:00 to .* UTC, no gaps$/m);
  assert.match(
    out,
    /^Net result +[+-]?\d+\.\d\d USDT \(.* % of 10000 USDT\)$/m,
  );
  const labels = out.split("\n").filter((line) => /^\S.*\s{2,}\S/.test(line));
  const columns = labels.map((line) => /\s{2,}(?=\S)/.exec(line)!)
    .map((match) => match.index + match[0].length);
  assert.equal(new Set(columns).size, 1, out);
});

Deno.test("runBacktestCommand() explains itself with --help", async () => {
  const { code, out, err } = await run("--help");
  assert.equal(code, EXIT.ok);
  assert.equal(err, "");
  for (const part of ["--candles FILE", "--set KEY=VALUE", "smc-test"]) {
    assert(out.includes(part), part);
  }
});

Deno.test("runBacktestCommand() changes the configuration by dotted keys", async () => {
  const plain = JSON.parse((await runFixture("--json")).out);
  const { code, out } = await runFixture(
    "--json",
    "--set",
    "risk.initialCapital=5000",
    "--set",
    "strategies.orderBlock.enabled=false",
    "--set",
    "strategies.fvg.enabled=false",
  );
  assert.equal(code, EXIT.ok);
  const changed = JSON.parse(out);
  assert.equal(changed.trades, 0);
  assert(plain.trades > 0);
});

const SET_MISTAKES: readonly [string, RegExp][] = [
  ["risk.leverage", /--set "risk\.leverage" has no value; write key=value/],
  [
    "risk.leverage=500",
    /--set risk\.leverage: 500 is not valid; Enter a whole number from 1 to 100/,
  ],
  ["risk.leverage=many", /--set risk\.leverage: "many" is not valid; Enter/],
  ["risk.leverage=", /--set risk\.leverage: "" is not valid; Enter/],
  [
    "risk.levrage=5",
    /--set risk\.levrage: there is no such key; choose from risk\.initialCapital, risk\.leverage/,
  ],
  ["leverage=5", /there is no such key; choose from name, symbol, timeframe/],
  ["risk=5", /--set risk: is a group; set one of risk\.initialCapital/],
  ["risk.leverage.x=5", /risk\.leverage is a value and has no keys/],
  ["strategies.fvg.enabled=maybe", /--set strategies\.fvg\.enabled: "maybe"/],
  ["feed.kind=replay", /the candles come from --candles/],
  ["mode=live", /a backtest is always simulated/],
  ["timeframe=2h", /--set timeframe: "2h" is not valid; Choose a timeframe/],
  ["timeframe=1h", /the candles of the file are 15m apart/],
  ["constructor=1", /--set constructor: there is no such key/],
  ["__proto__.x=1", /--set __proto__\.x: there is no such key/],
];

for (const [assignment, sentence] of SET_MISTAKES) {
  Deno.test(`runBacktestCommand() refuses --set ${assignment} with a sentence`, async () => {
    const err = await refusal("--set", assignment);
    assert.match(err, sentence);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
  });
}

Deno.test("runBacktestCommand() names all wrong values at once", async () => {
  const err = await refusal(
    "--set",
    "risk.leverage=0",
    "--set",
    "safety.maxOpenOrders=x",
    "--set",
    "nothing=1",
  );
  assert.equal(err.trimEnd().split("\n").length, 3, err);
});

Deno.test("runBacktestCommand() refuses wrong usage with exit code 2", async () => {
  const cases: readonly [string[], RegExp][] = [
    [[], /--candles is missing[^]*--template is missing/],
    [["--candles", FIXTURE], /--template is missing/],
    [["--nonsense"], /Unknown option '--nonsense'; see --help/],
    [["--candles", FIXTURE, "--template", "x"], /no such template[^]*smc-test/],
    [
      ["--candles", FIXTURE, "--template", "smc-test", "--seed", "1.5"],
      /--seed "1\.5" is not a seed/,
    ],
    [
      ["--candles", FIXTURE, "--template", "smc-test", "--seed", "4294967296"],
      /--set seed: 4294967296 is not valid/,
    ],
    [
      ["--candles", FIXTURE, "--template", "risk-test"],
      /type risk_manager cannot be tested by itself/,
    ],
    [
      ["--candles", "/none/x.csv", "--template", "smc-test"],
      /The candle file x\.csv does not exist/,
    ],
  ];
  for (const [args, sentence] of cases) {
    // deno-lint-ignore no-await-in-loop -- cases in order
    const { code, out, err } = await run(...args);
    assert.equal(code, EXIT.usage, args.join(" "));
    assert.equal(out, "");
    assert.match(err, sentence);
  }
});

Deno.test("runBacktestCommand() refuses a bad row with file, line and column", async () => {
  const text = "timestamp_ms,open,high,low,close,volume\n0,1,1,1,oops,0\n";
  await withFile(text, async (path) => {
    const { code, err } = await run(
      "--candles",
      path,
      "--template",
      "smc-test",
    );
    assert.equal(code, EXIT.usage);
    assert.match(err, /\.csv, line 2, column close: "oops" is not a finite/);
  });
});

Deno.test("runBacktestCommand() follows the candles' own timeframe and says so", async () => {
  const rows = [0, 1, 2, 3].map((hour) => `${hour * 3_600_000},1,1,1,1,0`);
  const text = `timestamp_ms,open,high,low,close,volume\n${rows.join("\n")}\n`;
  await withFile(text, async (path) => {
    const { code, out, err } = await run(
      "--candles",
      path,
      "--template",
      "smc-test",
    );
    assert.equal(code, EXIT.ok);
    assert.match(
      err,
      /The candles are 1h, the template says 15m: running with 1h/,
    );
    assert.match(out, /^Market +BTC\/USDT 1h$/m);
  });
});
