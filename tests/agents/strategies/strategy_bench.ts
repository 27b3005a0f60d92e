import type { LiquiditySource } from "../../../lib/contracts/pattern.ts";
import {
  type StrategiesConfig,
  strategiesConfigSchema,
} from "../../../lib/contracts/strategies.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import { CODE, SOURCE } from "../../../agents/smc/pattern_codes.ts";
import type { HeldPosition } from "../../../agents/strategies/position_book.ts";
import type { Setup } from "../../../agents/strategies/setup.ts";
import type {
  Management,
  Strategy,
} from "../../../agents/strategies/strategy.ts";
import { candlesOf, type Ohlc } from "../fixtures/candles.ts";
import { DETECTOR } from "../fixtures/run_detectors.ts";

/** What a test adds to a candle. */
export interface CandleExtras {
  volume?: number;
  /** Events of detectors that the candle itself does not make. */
  events?: readonly SweptPool[];
}

/** One strategy, driven candle by candle with hand-made candles. */
export class StrategyBench {
  readonly detectors: DetectorSet;
  readonly strategies: StrategiesConfig;
  readonly #strategy: Strategy;

  constructor(
    strategy: Strategy,
    options: { config: object; swingLength?: number },
  ) {
    this.#strategy = strategy;
    this.strategies = strategiesConfigSchema.parse({
      [strategy.key]: { enabled: true, ...options.config },
    });
    this.detectors = new DetectorSet({
      ...DETECTOR,
      swingLength: options.swingLength ?? 3,
    });
  }

  get context() {
    return { detectors: this.detectors, strategies: this.strategies };
  }

  get seq(): number {
    return this.detectors.series.lastSeq;
  }

  get atr(): number {
    return this.detectors.series.atr[this.seq & 1023]!;
  }

  next(
    row: Ohlc,
    { volume = 1, events = [] }: CandleExtras = {},
  ): Setup | null {
    const candles = candlesOf([row], this.seq + 1);
    candles[0]!.volume = volume;
    this.detectors.step(packCandles(candles), 0);
    for (const event of events) tellSweep(this.detectors, event);
    this.#strategy.step?.(this.context);
    return this.#strategy.propose(this.context);
  }

  /** Runs candles and returns what the last one makes. */
  run(rows: readonly Ohlc[], extras: CandleExtras = {}): Setup | null {
    let setup: Setup | null = null;
    for (const row of rows) setup = this.next(row, extras);
    return setup;
  }

  manage(position: Partial<HeldPosition>): Management | null {
    return this.#strategy.manage({
      intentId: "1.0",
      strategy: this.#strategy.key,
      bias: 1,
      createdSeq: 0,
      entrySeq: 1,
      entryPrice: 100,
      stopPrice: 98,
      level: null,
      bestClose: 100,
      closesBehind: 0,
      ...position,
    }, this.context);
  }
}

/** A pool that the newest candle swept. */
export interface SweptPool {
  bias: 1 | -1;
  price: number;
  refSeq: number;
  members?: number;
  source?: LiquiditySource;
}

/** Has the detectors tell a sweep that they did not find. */
export function tellSweep(detectors: DetectorSet, pool: SweptPool): void {
  const { bias, price, refSeq, members = 2, source = "equal" } = pool;
  detectors.log.add(
    CODE["liquidity.swept"],
    bias,
    SOURCE[source],
    refSeq,
    0,
    price,
    members,
  );
}

/** Candles of range 1 about 100, so that the ATR is 1. */
export function calm(count: number): Ohlc[] {
  return Array.from({ length: count }, (): Ohlc => [100, 100.5, 99.5, 100]);
}
