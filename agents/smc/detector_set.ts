import type { PatternEvent } from "../../lib/contracts/pattern.ts";
import type { DetectorConfig } from "../../lib/contracts/strategies.ts";
import { packCandles, type PackedCandles } from "../market/candle_batch.ts";
import {
  CandleSeries,
  type CandleSeriesSnapshot,
  SERIES_CAPACITY,
} from "../market/candle_series.ts";
import {
  DealingRangeDetector,
  type DealingRangeSnapshot,
} from "./dealing_range.ts";
import { EqualLevelDetector, type EqualLevelSnapshot } from "./equal_levels.ts";
import {
  FairValueGapDetector,
  type FairValueGapSnapshot,
} from "./fair_value_gaps.ts";
import { LiquidityDetector, type LiquiditySnapshot } from "./liquidity.ts";
import { OrderBlockDetector, type OrderBlockSnapshot } from "./order_blocks.ts";
import { PatternLog, type PatternLogSnapshot } from "./pattern_log.ts";
import {
  PreviousLevelDetector,
  type PreviousLevelSnapshot,
} from "./previous_levels.ts";
import {
  ReferenceLevels,
  type ReferenceLevelsSnapshot,
} from "./reference_levels.ts";
import { SessionDetector, type SessionSnapshot } from "./sessions.ts";
import { StructureDetector, type StructureSnapshot } from "./structure.ts";
import { SwingDetector, type SwingSnapshot } from "./swings.ts";

/** State of a {@link DetectorSet}; structured-cloneable. */
export interface DetectorSetSnapshot {
  series: CandleSeriesSnapshot;
  log: PatternLogSnapshot;
  gaps: FairValueGapSnapshot;
  swings: SwingSnapshot;
  structure: StructureSnapshot;
  internalSwings: SwingSnapshot;
  internalStructure: StructureSnapshot;
  blocks: OrderBlockSnapshot;
  liquidity: LiquiditySnapshot;
  equalLevels: EqualLevelSnapshot;
  previousDay: PreviousLevelSnapshot;
  previousWeek: PreviousLevelSnapshot;
  sessions: SessionSnapshot;
  levels: ReferenceLevelsSnapshot;
  range: DealingRangeSnapshot;
}

/** The smaller structure inside the swings. */
export interface InternalStructure {
  swings: SwingDetector;
  structure: StructureDetector;
}

/**
 * All causal detectors over one candle series, in a fixed order: periods and
 * sessions, gaps, swings and structure of both scales, order blocks, liquidity,
 * range. Later ones read what earlier ones found on the same candle. Events are
 * appended to one log in that order and never change.
 */
export class DetectorSet {
  readonly series = new CandleSeries();
  readonly log = new PatternLog();
  readonly gaps: FairValueGapDetector;
  readonly swings: SwingDetector;
  readonly structure: StructureDetector;
  readonly internal: InternalStructure;
  readonly blocks: OrderBlockDetector;
  readonly liquidity: LiquidityDetector;
  readonly equalLevels: EqualLevelDetector;
  readonly previousDay: PreviousLevelDetector;
  readonly previousWeek: PreviousLevelDetector;
  readonly sessions: SessionDetector;
  readonly levels: ReferenceLevels;
  readonly range: DealingRangeDetector;

  constructor(config: DetectorConfig) {
    const shared = { series: this.series, log: this.log };
    const { maxZoneAgeCandles, swingLength } = config;
    const toleranceAtr = config.liquidityToleranceAtr;
    this.previousDay = new PreviousLevelDetector({ ...shared, period: "1d" });
    this.previousWeek = new PreviousLevelDetector({ ...shared, period: "1w" });
    this.sessions = new SessionDetector(shared);
    this.levels = new ReferenceLevels({
      ...shared,
      day: this.previousDay,
      week: this.previousWeek,
      sessions: this.sessions,
    });
    this.gaps = new FairValueGapDetector({ ...shared, maxZoneAgeCandles });
    const swings = new SwingDetector({
      ...shared,
      scale: "swing",
      swingLength,
    });
    this.swings = swings;
    this.structure = new StructureDetector({ ...shared, swings, outer: null });
    this.internal = this.#createInternal(config);
    this.blocks = new OrderBlockDetector({
      ...shared,
      structure: this.structure,
      gaps: this.gaps,
      maxZoneAgeCandles,
    });
    this.liquidity = new LiquidityDetector({
      ...shared,
      swings,
      toleranceAtr,
      maxZoneAgeCandles,
    });
    this.equalLevels = new EqualLevelDetector({
      ...shared,
      swings: this.internal.swings,
      toleranceAtr,
    });
    this.range = new DealingRangeDetector({ ...shared, swings });
  }

  #createInternal(config: DetectorConfig): InternalStructure {
    const shared = { series: this.series, log: this.log };
    const swings = new SwingDetector({
      ...shared,
      scale: "internal",
      swingLength: Math.min(config.internalSwingLength, config.swingLength),
    });
    return {
      swings,
      structure: new StructureDetector({
        ...shared,
        swings,
        outer: this.structure,
      }),
    };
  }

  /** Events of the newest candle as objects, made when they are asked for. */
  get events(): readonly PatternEvent[] {
    return this.log.events(this.log.newestStart, this.log.end);
  }

  /** Takes candle `index` of a batch; what it made known is at the end of {@link log}. */
  step(batch: PackedCandles, index: number): void {
    const series = this.series;
    series.append(batch, index);
    this.log.beginCandle(series.lastSeq, series.newestAt);
    this.previousDay.step();
    this.previousWeek.step();
    this.sessions.step();
    this.levels.step();
    this.gaps.step();
    this.swings.step();
    this.structure.step();
    this.internal.swings.step();
    this.internal.structure.step();
    this.blocks.step();
    this.liquidity.step();
    this.equalLevels.step();
    this.range.step();
  }

  snapshot(): DetectorSetSnapshot {
    return {
      series: this.series.snapshot(),
      log: this.log.snapshot(),
      gaps: this.gaps.snapshot(),
      swings: this.swings.snapshot(),
      structure: this.structure.snapshot(),
      internalSwings: this.internal.swings.snapshot(),
      internalStructure: this.internal.structure.snapshot(),
      blocks: this.blocks.snapshot(),
      liquidity: this.liquidity.snapshot(),
      equalLevels: this.equalLevels.snapshot(),
      previousDay: this.previousDay.snapshot(),
      previousWeek: this.previousWeek.snapshot(),
      sessions: this.sessions.snapshot(),
      levels: this.levels.snapshot(),
      range: this.range.snapshot(),
    };
  }

  /** Goes on from a snapshot that was taken with the same configuration. */
  restore(snapshot: DetectorSetSnapshot): void {
    this.series.restore(snapshot.series);
    this.log.restore(snapshot.log);
    this.gaps.restore(snapshot.gaps);
    this.swings.restore(snapshot.swings);
    this.structure.restore(snapshot.structure);
    this.internal.swings.restore(snapshot.internalSwings);
    this.internal.structure.restore(snapshot.internalStructure);
    this.blocks.restore(snapshot.blocks);
    this.liquidity.restore(snapshot.liquidity);
    this.equalLevels.restore(snapshot.equalLevels);
    this.previousDay.restore(snapshot.previousDay);
    this.previousWeek.restore(snapshot.previousWeek);
    this.sessions.restore(snapshot.sessions);
    this.levels.restore(snapshot.levels);
    this.range.restore(snapshot.range);
  }
}

/**
 * Runs candles that a series kept through new detectors. Older candles are
 * gone, so the result is that of a stream that began with the oldest kept one.
 */
export function replayKeptCandles(
  detectors: DetectorSet,
  series: CandleSeriesSnapshot,
): void {
  const kept = new CandleSeries();
  kept.restore(series);
  const candles = kept.candlesAfter(-1, SERIES_CAPACITY);
  if (candles.length === 0) return;
  const batch = packCandles(candles);
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
  }
}
