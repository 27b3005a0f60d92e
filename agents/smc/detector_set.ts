import type { PatternEvent } from "../../lib/contracts/pattern.ts";
import type { DetectorConfig } from "../../lib/contracts/strategies.ts";
import { packCandles, type PackedCandles } from "../market/candle_batch.ts";
import {
  CandleSeries,
  type CandleSeriesSnapshot,
  SERIES_CAPACITY,
} from "../market/candle_series.ts";
import {
  FairValueGapDetector,
  type FairValueGapSnapshot,
} from "./fair_value_gaps.ts";
import { LiquidityDetector, type LiquiditySnapshot } from "./liquidity.ts";
import { OrderBlockDetector, type OrderBlockSnapshot } from "./order_blocks.ts";
import { StructureDetector, type StructureSnapshot } from "./structure.ts";
import { SwingDetector, type SwingSnapshot } from "./swings.ts";

/** State of a {@link DetectorSet}; structured-cloneable. */
export interface DetectorSetSnapshot {
  series: CandleSeriesSnapshot;
  gaps: FairValueGapSnapshot;
  swings: SwingSnapshot;
  structure: StructureSnapshot;
  blocks: OrderBlockSnapshot;
  liquidity: LiquiditySnapshot;
}

/**
 * All causal detectors over one candle series, in a fixed order: gaps, swings,
 * structure, order blocks, liquidity. Later ones read what earlier ones found
 * on the same candle. Events are appended in that order and never change.
 */
export class DetectorSet {
  readonly series = new CandleSeries();
  readonly gaps: FairValueGapDetector;
  readonly swings: SwingDetector;
  readonly structure: StructureDetector;
  readonly blocks: OrderBlockDetector;
  readonly liquidity: LiquidityDetector;
  /** Events of the newest candle. The array is reused: copy what must last. */
  readonly events: PatternEvent[] = [];

  constructor(config: DetectorConfig) {
    const series = this.series;
    const maxZoneAgeCandles = config.maxZoneAgeCandles;
    this.gaps = new FairValueGapDetector({ series, maxZoneAgeCandles });
    this.swings = new SwingDetector({
      series,
      swingLength: config.swingLength,
    });
    const swings = this.swings;
    this.structure = new StructureDetector({ series, swings });
    this.blocks = new OrderBlockDetector({
      series,
      structure: this.structure,
      gaps: this.gaps,
      maxZoneAgeCandles,
    });
    this.liquidity = new LiquidityDetector({
      series,
      swings,
      toleranceAtr: config.liquidityToleranceAtr,
      maxZoneAgeCandles,
    });
  }

  /** Takes candle `index` of a batch; its events are in {@link events} until the next call. */
  step(batch: PackedCandles, index: number): readonly PatternEvent[] {
    const events = this.events;
    events.length = 0;
    this.series.append(batch, index);
    this.gaps.step(events);
    this.swings.step(events);
    this.structure.step(events);
    this.blocks.step(events);
    this.liquidity.step(events);
    return events;
  }

  snapshot(): DetectorSetSnapshot {
    return {
      series: this.series.snapshot(),
      gaps: this.gaps.snapshot(),
      swings: this.swings.snapshot(),
      structure: this.structure.snapshot(),
      blocks: this.blocks.snapshot(),
      liquidity: this.liquidity.snapshot(),
    };
  }

  /** Goes on from a snapshot that was taken with the same configuration. */
  restore(snapshot: DetectorSetSnapshot): void {
    this.events.length = 0;
    this.series.restore(snapshot.series);
    this.gaps.restore(snapshot.gaps);
    this.swings.restore(snapshot.swings);
    this.structure.restore(snapshot.structure);
    this.blocks.restore(snapshot.blocks);
    this.liquidity.restore(snapshot.liquidity);
  }
}

/**
 * Runs the candles that a snapshot kept through detectors with other settings
 * and returns what they find. Older candles are gone, so the result is that of
 * a stream that began with the oldest kept candle.
 */
export function replayKeptCandles(
  detectors: DetectorSet,
  snapshot: DetectorSetSnapshot,
): PatternEvent[] {
  const kept = new CandleSeries();
  kept.restore(snapshot.series);
  const candles = kept.candlesAfter(-1, SERIES_CAPACITY);
  const found: PatternEvent[] = [];
  if (candles.length === 0) return found;
  const batch = packCandles(candles);
  for (let index = 0; index < batch.count; index++) {
    found.push(...detectors.step(batch, index));
  }
  return found;
}
