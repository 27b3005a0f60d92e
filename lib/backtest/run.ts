import type { AgentConfig } from "../contracts/agent_config.ts";
import type {
  BacktestSummary,
  ReportPoint,
} from "../contracts/backtest_report.ts";
import { type Candle, CANDLE_WIDTH, unpackHedge } from "../contracts/candle.ts";
import type {
  AgentDecided,
  CandleBatch,
  DeskStepped,
} from "../contracts/links.ts";
import type { DeskEvent, Trade } from "../contracts/order.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { DefectError } from "../core/assert.ts";
import {
  decimal,
  type DecimalText,
  roundTo,
  toDecimalText,
} from "../core/decimal.ts";
import { AppError } from "../core/errors.ts";
import { DeskAccount } from "../desk/account/account.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { toHedgeRows } from "../exchange/joined_series.ts";
import { DecisionTrail } from "./decision_trail.ts";
import type { BacktestOptions } from "./engine.ts";
import { EquityCurve } from "./equity_curve.ts";
import { RUN_TRADES_MAX } from "./limits.ts";
import {
  dailyReturns,
  type DayEquity,
  dayOf,
  MONEY_PLACES,
  netResult,
  profitFactor,
  returnPct,
  sharpeRatio,
  sortinoRatio,
  winRatePct,
} from "./metrics/mod.ts";
import { AgentDriver } from "./agent_driver.ts";
import { openDesk } from "./run_setup.ts";

const DAY_MS = 86_400_000;

/** Summary without what only a clock can tell. */
export type TimelessSummary = Omit<
  BacktestSummary,
  "seconds" | "candlesPerSecond"
>;

/** Everything that a finished run knows. Amounts in quote currency. */
export interface FinishedRun {
  summary: TimelessSummary;
  /** All closed trades in order of their exits. */
  trades: readonly Trade[];
  /** Equity at the last candle of each day; days with unknown equity left out. */
  days: readonly DayEquity[];
  /** See {@link EquityCurve}. */
  equity: readonly ReportPoint[];
  /** Candles at whose close a position was open. */
  exposedCandles: number;
  /** Paid (positive) or received. */
  fundingPaid: DecimalText;
  /** Equity at the end; null while it is unknown. */
  finalEquity: DecimalText | null;
  firstAt: EpochMs | null;
  lastAt: EpochMs | null;
  /** What held trading back at the end, in one sentence, or null. */
  endState: string | null;
  /** Hashes of the decisions, where they were asked for. */
  trail: readonly number[];
}

/** One run: the desk, the agent, and what is collected on the way. */
export class Run {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** First candle that counts; those before it only warm the agent up. */
  readonly #countsFromSeq: number;
  readonly #candles: CandleSeries;
  readonly #config: AgentConfig;
  readonly #closesAtEnd: boolean;
  readonly #desk: DeskAccount;
  readonly #agent: AgentDriver;
  readonly #onEvent: ((event: DeskEvent) => void) | undefined;
  readonly #trail: DecisionTrail | null;
  readonly #curve: EquityCurve;
  readonly #days: DayEquity[] = [];
  readonly #trades: Trade[] = [];
  /** Reused for every candle: nobody keeps it. */
  readonly #candle: Candle;
  #last: DeskStepped | null = null;
  #lastAt: EpochMs | null = null;
  #dayEndAt: EpochMs = -Infinity;
  #exposedCandles = 0;
  #endState: string | null = null;

  constructor(options: BacktestOptions) {
    const { candles, config, onEvent } = options;
    this.fromSeq = options.fromSeq ?? 0;
    this.toSeq = options.toSeq ?? candles.length;
    this.#countsFromSeq = Math.max(this.fromSeq, options.tradeFromSeq ?? 0);
    this.#candles = candles;
    this.#config = config;
    this.#closesAtEnd = options.closesAtEnd ?? false;
    this.#onEvent = onEvent;
    this.#trail = options.trailBlock === undefined
      ? null
      : new DecisionTrail(options.trailBlock);
    this.#curve = new EquityCurve({
      candles: this.toSeq - this.#countsFromSeq,
      initialCapital: Number(config.risk.initialCapital),
    });
    this.#candle = {
      seq: -1,
      openAt: 0,
      open: 0,
      high: 0,
      low: 0,
      close: 0,
      volume: 0,
    };
    this.#desk = openDesk(options, this.fromSeq);
    this.#agent = new AgentDriver(options, this.fromSeq);
  }

  /** Candles to the agent, then for each one: the desk's step, the decision, the desk's answer to it. */
  takeBatch(fromSeq: number, count: number): void {
    for (const candle of this.#candlesOf(fromSeq, count)) {
      const stepped = this.#stepDesk(candle);
      this.#takeDecision(candle.seq, this.#agent.decide(stepped));
    }
    this.#collect();
  }

  /** The same with an agent that asks models. */
  async takeBatchAsking(fromSeq: number, count: number): Promise<void> {
    await this.#agent.openModels();
    for (const candle of this.#candlesOf(fromSeq, count)) {
      const stepped = this.#stepDesk(candle);
      // deno-lint-ignore no-await-in-loop -- each candle needs the decision on the one before
      const decided = await this.#agent.decideAsking(stepped);
      this.#takeDecision(candle.seq, decided);
    }
    this.#collect();
  }

  /** Gives candles to the agent, then each one of them. The object is reused. */
  *#candlesOf(fromSeq: number, count: number): Generator<Candle> {
    const packed = this.#candles.packed(fromSeq, count);
    const second = this.#candles.hedge;
    const hedge = second && toHedgeRows(second.packed(fromSeq, count));
    const batch: CandleBatch = {
      type: "candles",
      fromSeq,
      count,
      packed,
      ...(hedge === null ? {} : { hedge }),
    };
    this.#agent.takeCandles(batch);
    const candle = this.#candle;
    for (let index = 0; index < count; index++) {
      const at = index * CANDLE_WIDTH;
      candle.seq = fromSeq + index;
      candle.openAt = packed[at]!;
      candle.open = packed[at + 1]!;
      candle.high = packed[at + 2]!;
      candle.low = packed[at + 3]!;
      candle.close = packed[at + 4]!;
      candle.volume = packed[at + 5]!;
      if (hedge !== null) candle.hedge = unpackHedge(hedge, index);
      yield candle;
    }
  }

  finish(): FinishedRun {
    const { initialCapital } = this.#config.risk;
    if (this.#closesAtEnd) {
      this.#desk.quiesce({ positions: "close", reason: "The test has ended" });
      this.#collect();
    }
    const view = this.#desk.view();
    this.#noteDay(
      this.#closesAtEnd ? view.equity : this.#last?.equity ?? null,
    );
    const netPnl = netResult(view.equity, initialCapital);
    const returns = dailyReturns(this.#days, Number(initialCapital));
    const results = this.#trades.map((trade) => trade.netPnl);
    const count = this.toSeq - this.#countsFromSeq;
    return {
      summary: {
        candles: count,
        trades: view.trades,
        netPnl,
        returnPct: returnPct(netPnl, initialCapital),
        maxDrawdownPct: view.maxDrawdownPct,
        sharpe: returns === null ? null : sharpeRatio(returns),
        sortino: returns === null ? null : sortinoRatio(returns),
        profitFactor: profitFactor(results),
        winRatePct: winRatePct(results),
        feesPaid: toMoney(view.feesPaid),
        tradesHash: view.tradesHash,
      },
      trades: this.#trades,
      days: this.#days,
      equity: this.#curve.points(),
      exposedCandles: this.#exposedCandles,
      fundingPaid: toMoney(view.fundingPaid ?? "0"),
      finalEquity: view.equity,
      firstAt: count > 0 ? this.#candles.openAt(this.#countsFromSeq) : null,
      lastAt: this.#lastAt,
      endState: this.#endState,
      trail: this.#trail?.ends ?? [],
    };
  }

  #stepDesk(candle: Candle): DeskStepped {
    const stepped = this.#desk.step(candle);
    if (candle.seq >= this.#countsFromSeq) this.#count(candle.openAt, stepped);
    if (stepped.events.length > 0) this.#takeEvents(stepped.events);
    return stepped;
  }

  #takeDecision(seq: number, decided: AgentDecided | null): void {
    // No assert(): its sentence would be made for every candle.
    if (decided?.seq !== seq) {
      throw new DefectError(`Candle ${seq} must be decided before the next`);
    }
    this.#trail?.add(seq - this.fromSeq, decided.actions);
    this.#desk.decide(decided);
  }

  #takeEvents(events: readonly DeskEvent[]): void {
    for (const event of events) {
      if (event.type === "TradingStateChanged") {
        const since = new Date(this.#candles.openAt(event.seq)).toISOString();
        this.#endState = event.to === "active"
          ? null
          : `${event.to} since ${
            since.slice(0, 16).replace("T", " ")
          } UTC: ${event.reason}`;
      }
      this.#onEvent?.(event);
    }
  }

  #count(openAt: EpochMs, stepped: DeskStepped): void {
    // The exact equity is computed when it is read, so it is read once a day.
    if (openAt >= this.#dayEndAt) {
      if (this.#last !== null) this.#noteDay(this.#last.equity);
      this.#dayEndAt = (dayOf(openAt) + 1) * DAY_MS;
    }
    this.#last = stepped;
    this.#lastAt = openAt;
    if (stepped.hasPosition) this.#exposedCandles++;
    const equity = this.#desk.read((book) => book.valuation.equityEstimate);
    if (equity !== null) this.#curve.add(openAt, equity);
  }

  #noteDay(equity: DecimalText | null): void {
    if (equity === null || this.#lastAt === null) return;
    this.#days.push({ day: dayOf(this.#lastAt), equity: Number(equity) });
  }

  /** The desk remembers for an owner that stores and an agent that restarts; here is neither. */
  #collect(): void {
    this.#desk.steps.forgetUntil(this.#desk.seq);
    const { trades } = this.#desk.drainReport();
    if (this.#trades.length + trades.length > RUN_TRADES_MAX) {
      throw new AppError(
        "BACKTEST_TOO_MANY_TRADES",
        `The run made more than ${RUN_TRADES_MAX} trades; choose fewer candles or a slower strategy`,
      );
    }
    for (const trade of trades) this.#trades.push(trade);
  }
}

function toMoney(amount: DecimalText): DecimalText {
  return toDecimalText(roundTo(decimal(amount), MONEY_PLACES));
}
