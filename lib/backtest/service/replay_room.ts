import type { AgentConfig } from "../../contracts/agent_config.ts";
import type {
  BacktestRequest,
  BacktestView,
} from "../../contracts/backtest.ts";
import { unpackCandle } from "../../contracts/candle.ts";
import type { ReplayView } from "../../contracts/replay.ts";
import { AppError } from "../../core/errors.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import type { AgentBehavior } from "../engine.ts";
import type { CandlePage } from "../port.ts";
import {
  REPLAY_CANDLES,
  REPLAY_CHART_CANDLES,
  SERIES_CANDLES,
  SERIES_KEPT,
  TAPES_KEPT,
} from "./limits.ts";
import { NewestKept } from "./newest_kept.ts";
import { recordTape, type Tape } from "./tape.ts";

/** Steps with an event, and closed trades, of one answer. */
const STEPS_PER_ANSWER = 50;
const TRADES_PER_ANSWER = 200;

/** What a room works with. */
export interface ReplayRoomOptions {
  behavior: AgentBehavior;
  loadCandles(request: BacktestRequest): Promise<CandleSeries>;
}

/** Candles of runs and runs step by step, made when somebody looks and kept for a while. */
export class ReplayRoom {
  readonly #options: ReplayRoomOptions;
  readonly #series = new NewestKept<CandleSeries>(SERIES_KEPT);
  readonly #tapes = new NewestKept<Tape>(TAPES_KEPT);

  constructor(options: ReplayRoomOptions) {
    this.#options = options;
  }

  /** A part of the candles of a run. */
  async candles(
    view: BacktestView,
    { fromSeq, limit }: { fromSeq: number; limit: number },
  ): Promise<CandlePage> {
    const series = await this.#seriesOf(view);
    const count = Math.max(0, Math.min(limit, series.length - fromSeq));
    const packed = count === 0 ? null : series.packed(fromSeq, count);
    return {
      total: series.length,
      candles: Array.from(
        { length: count },
        (_, index) => unpackCandle(packed!, index, fromSeq),
      ),
    };
  }

  /**
   * A run as it stood at a candle; a place beyond its end is its last candle.
   *
   * @throws {AppError} BACKTEST_STATE_CONFLICT if the run is too long to be stepped through.
   */
  async at(
    view: BacktestView,
    place: { seq: number; afterSeq: number; config: AgentConfig },
  ): Promise<ReplayView> {
    const tape = await this.#tapes.get(
      view.id,
      () => this.#record(view, place.config),
    );
    const seq = Math.min(place.seq, tape.total - 1);
    return {
      seq,
      total: tape.total,
      chart: tape.chartAt(seq),
      equity: tape.equityBetween(seq - REPLAY_CHART_CANDLES, seq),
      trades: tape.tradesUpTo(seq, TRADES_PER_ANSWER),
      step: tape.stepAt(seq),
      steps: tape.eventsBetween(place.afterSeq, seq, STEPS_PER_ANSWER),
      ...tape.neighbours(seq),
      ...tape.bookAt(seq),
    };
  }

  /** Lets go of what is kept of a run. */
  forget(id: string): void {
    this.#series.forget(id);
    this.#tapes.forget(id);
  }

  async #record(view: BacktestView, config: AgentConfig): Promise<Tape> {
    assertShorter(view, REPLAY_CANDLES, "stepped through");
    if (config.type !== "pattern_detector") {
      throw new AppError(
        "BACKTEST_STATE_CONFLICT",
        "Only runs of a pattern detector can be stepped through; the votes of models are not kept",
        { status: 409 },
      );
    }
    const candles = await this.#seriesOf(view);
    return await recordTape({
      candles,
      config,
      behavior: this.#options.behavior,
    });
  }

  #seriesOf(view: BacktestView): Promise<CandleSeries> {
    const { id, request } = view;
    assertShorter(view, SERIES_CANDLES, "charted");
    return this.#series.get(id, async () => {
      try {
        return await this.#options.loadCandles(request);
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        throw new AppError(
          "BACKTEST_STATE_CONFLICT",
          `The candles of this run cannot be read any more: ${error.message}`,
          { status: 409, cause: error },
        );
      }
    });
  }
}

/** Known from the result, before anything is read. */
function assertShorter(
  { summary }: BacktestView,
  limit: number,
  what: string,
): void {
  const candles = summary?.candles ?? 0;
  if (candles <= limit) return;
  throw new AppError(
    "BACKTEST_STATE_CONFLICT",
    `The run has ${candles} candles, more than the ${limit} that can be ${what}; run a shorter range`,
    { status: 409 },
  );
}
