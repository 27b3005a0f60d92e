import type { AgentConfig, AgentType } from "../../contracts/agent_config.ts";
import type {
  BacktestRequest,
  BacktestView,
} from "../../contracts/backtest.ts";
import { unpackCandle } from "../../contracts/candle.ts";
import type { ModelRecord } from "../../contracts/model_record.ts";
import type { ReplayView } from "../../contracts/replay.ts";
import { AppError } from "../../core/errors.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import type { AgentBehavior } from "../engine.ts";
import { withRecordedModels } from "../model_record.ts";
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
  /** The behaviour of an agent type that can be run by itself, or null. */
  behaviorOf(type: AgentType): AgentBehavior | null;
  loadCandles(request: BacktestRequest): Promise<CandleSeries>;
}

/** A place in a run, and what the run was made with. */
interface ReplayPlace {
  seq: number;
  afterSeq: number;
  config: AgentConfig;
  /** What the models of the run said, or null where that was not kept. */
  modelRecord: () => Promise<ModelRecord | null>;
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
    place: ReplayPlace,
  ): Promise<ReplayView> {
    const tape = await this.#tapes.get(
      view.id,
      () => this.#record(view, place),
    );
    const seq = Math.min(place.seq, tape.total - 1);
    const look = tape.lookAt(seq);
    return {
      seq,
      total: tape.total,
      ...look,
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

  async #record(view: BacktestView, place: ReplayPlace): Promise<Tape> {
    assertShorter(view, REPLAY_CANDLES, "stepped through");
    const { config } = place;
    const behavior = await this.#behaviorFor(place);
    const candles = await this.#seriesOf(view);
    return await recordTape({ candles, config, behavior });
  }

  /** An engine decides by the votes of the run itself; models are asked no second time. */
  async #behaviorFor(
    { config: { type }, modelRecord }: ReplayPlace,
  ): Promise<AgentBehavior> {
    const behavior = this.#options.behaviorOf(type);
    if (behavior === null) {
      throw notStepped(`An agent of type ${type} has no run of its own`);
    }
    if (type !== "decision_engine") return behavior;
    const record = await modelRecord();
    if (record !== null) return withRecordedModels(behavior, record);
    throw notStepped(
      "The votes of the models of this run were not kept: it is of an older version, or has more votes than are kept. Run it again, or a shorter range",
    );
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

function notStepped(sentence: string): AppError {
  return new AppError("BACKTEST_STATE_CONFLICT", sentence, { status: 409 });
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
