import assert from "node:assert/strict";

/** What `deno task backtest --json` prints, as far as tests compare it. */
export interface BacktestFigures {
  candles: number;
  trades: number;
  netPnl: string;
  tradesHash: string;
}

/** Runs the backtest command on a file with a template, as a user would. */
export async function runBacktestTask(
  options: {
    file: string;
    template: string;
    timeframe: string;
    /** Further settings by dotted path. */
    set?: Readonly<Record<string, string | number | boolean>>;
  },
): Promise<BacktestFigures> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "--quiet",
      "backtest",
      "--candles",
      options.file,
      "--template",
      options.template,
      "--set",
      `timeframe=${options.timeframe}`,
      ...Object.entries(options.set ?? {}).flatMap(([key, value]) => [
        "--set",
        `${key}=${value}`,
      ]),
      "--seed",
      "1",
      "--json",
    ],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
