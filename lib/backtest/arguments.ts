import { parseArgs } from "node:util";

/** What `deno task backtest` was asked for. */
export interface BacktestArguments {
  help: boolean;
  candles: string;
  template: string;
  set: readonly string[];
  seed: number | null;
  json: boolean;
}

export const BACKTEST_USAGE =
  `Runs one agent over a file of candles, with costs, in simulated trading.

Usage: deno task backtest --candles FILE --template NAME [options]

  --candles FILE      candles as CSV or CSV.gz: timestamp_ms,open,high,low,close,volume
  --template NAME     ready-made configuration; a wrong name lists all
  --set KEY=VALUE     changes one value of it, as often as needed: --set risk.leverage=5
  --seed N            seed of the simulated venue, 0 to 2147483647
  --json              one line of JSON instead of the table
  --help              this text

Exit codes: 0 done, 1 unexpected failure, 2 wrong usage or wrong candles.
Past results say nothing about the future.
`;

const OPTIONS = {
  candles: { type: "string" },
  template: { type: "string" },
  set: { type: "string", multiple: true },
  seed: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the command line: the arguments, or a sentence for each mistake. */
export function readArguments(
  args: readonly string[],
): { ok: true; value: BacktestArguments } | {
  ok: false;
  problems: readonly string[];
} {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (error) {
    // The first sentence says what is wrong; those after it are about parseArgs.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    return { ok: false, problems: [`${sentence}; see --help`] };
  }
  const problems: string[] = [];
  const help = values.help ?? false;
  if (!help && !values.candles) {
    problems.push("--candles is missing; name a .csv or .csv.gz file");
  }
  if (!help && !values.template) {
    problems.push("--template is missing; name a ready-made configuration");
  }
  const seed = values.seed === undefined ? null : Number(values.seed);
  if (seed !== null && !/^\d{1,10}$/.test(values.seed!)) {
    problems.push(
      `--seed ${
        JSON.stringify(values.seed)
      } is not a seed; write a whole number from 0 to 2147483647`,
    );
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      help,
      candles: values.candles ?? "",
      template: values.template ?? "",
      set: values.set ?? [],
      seed,
      json: values.json ?? false,
    },
  };
}
