import type { OverlayView } from "../lib/contracts/chart.ts";
import type { PatternEvent } from "../lib/contracts/pattern.ts";
import { Ring } from "../lib/core/ring.ts";
import { describePattern, isNotable } from "./agent_report.ts";
import type { CandleSeries } from "./market/candle_series.ts";
import {
  type PackedEvents,
  packEvents,
  unpackEvents,
} from "./smc/event_codec.ts";
import { buildOverlay } from "./smc/overlay.ts";

/** Pattern events that an agent remembers for its chart. */
export const PATTERNS_LIMIT = 2000;

/** Candles that an agent shows on its chart. */
export const CHART_CANDLES_LIMIT = 600;

/** The recent pattern events of an agent. */
export class PatternMemory {
  readonly #ring = new Ring<PatternEvent>(PATTERNS_LIMIT);

  add(event: PatternEvent): void {
    this.#ring.push(event);
  }

  /** The newest break, block or gap in words, or null. */
  describeLast(): string | null {
    for (let index = this.#ring.size - 1; index >= 0; index--) {
      const event = this.#ring.at(index)!;
      if (isNotable(event)) return describePattern(event);
    }
    return null;
  }

  /** What the chart shows of the remembered events. */
  overlay(series: CandleSeries, maxZoneAgeCandles: number): OverlayView {
    return buildOverlay(this.#ring.toArray(), {
      fromSeq: series.lastSeq - CHART_CANDLES_LIMIT + 1,
      lastSeq: series.lastSeq,
      maxZoneAgeCandles,
      openAtOf: (seq) => series.candle(seq)?.openAt ?? null,
    });
  }

  snapshot(): PackedEvents {
    return packEvents(this.#ring.toArray());
  }

  restore(snapshot: PackedEvents): void {
    this.#ring.clear();
    for (const event of unpackEvents(snapshot)) this.#ring.push(event);
  }
}
