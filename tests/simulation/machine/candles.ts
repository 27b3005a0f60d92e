import type { Candle } from "../../../lib/contracts/candle.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../lib/exchange/candle_series.ts";
import { createSimulatedMarket } from "../../../lib/exchange/simulated/market.ts";
import { START_AT } from "../limits.ts";

/** One replayable file of the simulation: held in memory, made from a seed. */
export interface MemoryFile {
  file: string;
  series: CandleSeries;
}

/** A market is made in large blocks, which many small worlds can share: it is a pure function of its seed. */
const made = new Map<string, MemoryFile>();

/** Files that are kept. */
const MADE_MAX = 16;

/** Makes candles with trends and reversals enough that every template trades on them. */
export function createMemoryFile(
  file: string,
  options: { seed: number; candles: number },
): MemoryFile {
  const key = `${file} ${options.seed} ${options.candles}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  if (made.size >= MADE_MAX) made.clear();
  const market = createSimulatedMarket({
    seed: options.seed,
    symbol: "BTC/USDT",
    timeframe: "1m",
    genesisAt: START_AT,
  });
  const candles: Candle[] = Array.from(
    { length: options.candles },
    (_, seq) => market.candle(seq),
  );
  const created = { file, series: seriesFromCandles(candles) };
  made.set(key, created);
  return created;
}
