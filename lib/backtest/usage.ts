import { OBJECTIVES } from "../contracts/backtest.ts";

/** What `deno task backtest --help` prints before the templates. */
export const BACKTEST_USAGE =
  `Runs one agent over a file of candles, with costs, in simulated trading.

Usage: deno task backtest --candles FILE --template NAME [options]

Candles
  --candles FILE      candles as .candles, or as CSV or CSV.gz: timestamp_ms,open,high,low,close,volume
  --hedge FILE        candles of the second market, for the strategy pairs
  --simulated N       N candles of the simulated market instead of a file
  --from TIME         first candle to use, for instance 2019-03-01 or 2019-03-01T12:00Z
  --to TIME           last candle to use; a day means its end

Agent
  --template NAME     ready-made configuration; a wrong name lists all
  --set KEY=VALUE     changes one value of it, as often as needed: --set risk.leverage=5
  --cost KEY=VALUE    changes a cost: makerFeeBp, takerFeeBp, slippageBp, latencyMs, fundingBpPer8h
  --seed N            seed of the simulated venue and market, 0 to 2147483647

Studies
  --sweep KEY=VALUES  runs every combination: strategies.fvg.minGapAtr=0.3,0.5
                      or detector.swingLength=3..9/2; as often as needed, up to 2,000 sets
  --objective NAME    what the best set has most of: ${OBJECTIVES.join(", ")}
  --walk-forward N    chooses the set on the part before each of N test parts, trades it there
  --monte-carlo N     orders in which the trades are drawn anew (default 1000, 0 leaves it out)
  --random-entries N  runs with entries by lot to compare with (default 20, 0 leaves it out)
  --no-check          leaves out the reruns that show whether the agent looks ahead

Output
  --json              one line of JSON instead of the table: the figures of the run, of the
                      best set or of all tests together; no check and no comparison unless
                      a report is written
  --report FILE       the whole report as one HTML page
  --report-json FILE  the whole report as JSON, with every set and fold
  --record FILE       the agent's session, for deno task replay; of one run, so not of a study
  --help              this text

The task may write files so that reports are put where you name them; it writes nothing else but
the ONNX runtime, which the first run of a decision engine fetches.
Ctrl-C ends a run at once and leaves nothing behind.

Exit codes: 0 done, 1 unexpected failure, 2 wrong usage or wrong candles, 130 canceled.
Past results say nothing about the future.
`;
