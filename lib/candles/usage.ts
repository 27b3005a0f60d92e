/** What `deno task data --help` says. */
export const DATA_USAGE =
  `Candle files: import, download, gap report, resampling.

Usage: deno task data COMMAND [options]

  import FILE       reads CSV of the usual dialects (plain or .gz) into the candle folder
    --symbol S        market, for instance BTC/USDT
    --timeframe T     what the candles should be; refused if they are something else
    --out NAME        name of the new file (default: that of FILE)
    --keep first|last which of two different candles of one time counts (default: refuse)
    --replace         in place of a file of the same name
    --dry-run         only the report
  list              files of the candle folder
  show NAME         gap report of a file
  resample NAME --to T [--out NAME] [--replace]
                    candles of a longer timeframe in a new file
  export NAME --csv candles as CSV on standard output
  download --exchange E --symbol S --timeframe T --from DATE
                    history of an exchange; the same command goes on where it ended
    --to DATE         candles that open before then (default: now)
    --out NAME        name of the file (default: EXCHANGE-SYMBOL-TIMEFRAME.candles)
    --base-url URL    another origin for the exchange's addresses: https or loopback
  repair NAME       cuts a damaged file off before its damage

  --json            one line of JSON instead of text
  --help            this text

Timeframes: 1m 5m 15m 30m 1h 4h 1d. Dates: 2024-01-31, 2024-01-31T12:00Z, UTC.
The candle folder is CANDLES_DIR, or candles in DATA_DIR (default: ./data/candles).
Exit codes: 0 done, 1 failed or interrupted, 2 wrong usage or wrong candles.
`;
