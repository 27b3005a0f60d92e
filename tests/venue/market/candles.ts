import { unpackCandle } from "../../../lib/contracts/candle.ts";
import {
  createSimulatedMarket,
  type SimulatedMarket,
} from "../../../lib/exchange/simulated/market.ts";
import { HISTORY_MINUTES } from "../limits.ts";
import type { MarketSpec } from "./specs.ts";

const MINUTE_MS = 60_000;

/** A candle with prices as numbers; times in epoch milliseconds. */
export interface VenueCandle {
  openAt: number;
  closeAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Length of Binance's intervals that are whole minutes. */
export const INTERVAL_MS: Readonly<Record<string, number>> = {
  "1m": MINUTE_MS,
  "3m": 3 * MINUTE_MS,
  "5m": 5 * MINUTE_MS,
  "15m": 15 * MINUTE_MS,
  "30m": 30 * MINUTE_MS,
  "1h": 60 * MINUTE_MS,
  "2h": 120 * MINUTE_MS,
  "4h": 240 * MINUTE_MS,
  "6h": 360 * MINUTE_MS,
  "8h": 480 * MINUTE_MS,
  "12h": 720 * MINUTE_MS,
  "1d": 1_440 * MINUTE_MS,
};

/** What a candle of the test's own is made of; what is left out comes from the close. */
export interface OwnCandle {
  open: number;
  high: number;
  low: number;
  close: number;
  volume?: number;
}

/** Invented minutes of a symbol, `HISTORY_MINUTES` of them before `firstLiveAt`. Both halves of the venue share them. */
export function inventMinutes(
  options: { seed: number; symbol: string; firstLiveAt: number },
): SimulatedMarket {
  const liveAt = Math.floor(options.firstLiveAt / MINUTE_MS) * MINUTE_MS;
  return createSimulatedMarket({
    seed: options.seed,
    symbol: options.symbol,
    timeframe: "1m",
    genesisAt: liveAt - HISTORY_MINUTES * MINUTE_MS,
  });
}

/**
 * Minute candles of one symbol: invented history, then what the clock or a test
 * adds, one after another. Longer candles are made of them.
 */
export class CandleSeries {
  readonly #simulated: SimulatedMarket;
  readonly #own = new Map<number, OwnCandle>();
  readonly #decimals: number;
  /** Closed minutes. */
  #count = HISTORY_MINUTES;

  constructor(spec: MarketSpec, invented: SimulatedMarket) {
    this.#decimals = spec.priceDecimals;
    this.#simulated = invented;
  }

  get count(): number {
    return this.#count;
  }

  /** The minute with this number, counted from the beginning of the history. */
  minute(seq: number): VenueCandle {
    const openAt = this.#simulated.openAt(seq);
    const own = this.#own.get(seq);
    const candle = own ?? this.#simulated.candle(seq);
    return this.#rounded({ openAt, closeAt: openAt + MINUTE_MS - 1 }, candle);
  }

  /** Closes the next minute, with prices of the test's own or invented ones. */
  closeNext(own?: OwnCandle): VenueCandle {
    if (own !== undefined) this.#own.set(this.#count, own);
    return this.minute(this.#count++);
  }

  /** Closed candles of an interval that opened within [fromAt, toAt], oldest first; the newest `limit` if no beginning is named. */
  list(
    query: {
      intervalMs: number;
      limit: number;
      fromAt: number | null;
      toAt: number | null;
    },
  ): VenueCandle[] {
    const { intervalMs, limit } = query;
    const genesisAt = this.#simulated.openAt(0);
    const firstAt = Math.ceil(genesisAt / intervalMs) * intervalMs;
    const lastAt =
      Math.floor(this.#simulated.openAt(this.#count) / intervalMs) *
        intervalMs - intervalMs;
    const until = Math.min(query.toAt ?? lastAt, lastAt);
    const newestAt = Math.floor(until / intervalMs) * intervalMs;
    const from = query.fromAt === null
      ? newestAt - (limit - 1) * intervalMs
      : Math.ceil(query.fromAt / intervalMs) * intervalMs;
    const candles: VenueCandle[] = [];
    let openAt = Math.max(from, firstAt);
    for (; openAt <= newestAt && candles.length < limit;) {
      candles.push(this.candleAt(openAt, intervalMs)!);
      openAt += intervalMs;
    }
    return candles;
  }

  /** The candle that opened at a time, as far as its minutes are closed; null if none is. */
  candleAt(openAt: number, intervalMs: number): VenueCandle | null {
    const first = Math.round((openAt - this.#simulated.openAt(0)) / MINUTE_MS);
    const end = Math.min(first + intervalMs / MINUTE_MS, this.#count);
    if (first < 0 || end <= first) return null;
    const packed = this.#simulated.packed(first, end - first);
    const candle = this.minute(first);
    for (let seq = first + 1; seq < end; seq++) {
      const next = this.#own.get(seq) ?? unpackCandle(packed, seq - first, 0);
      candle.high = Math.max(candle.high, next.high);
      candle.low = Math.min(candle.low, next.low);
      candle.close = next.close;
      candle.volume += next.volume ?? 0;
    }
    return this.#rounded(
      { openAt, closeAt: openAt + intervalMs - 1 },
      candle,
    );
  }

  #rounded(
    times: { openAt: number; closeAt: number },
    candle: OwnCandle,
  ): VenueCandle {
    const price = (value: number) => Number(value.toFixed(this.#decimals));
    return {
      ...times,
      open: price(candle.open),
      high: price(candle.high),
      low: price(candle.low),
      close: price(candle.close),
      volume: candle.volume ?? 0,
    };
  }
}
