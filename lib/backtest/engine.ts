/**
 * The inline backtest: the agent's own behaviour and the desk's own core,
 * joined in one isolate exactly as contracts/links.ts says. So a backtest and
 * the live path over the same candles agree trade by trade.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Behavior, BehaviorInstance } from "../../actors/behavior.ts";
import type { AgentWorkerConfig } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import { type Candle, unpackCandle } from "../contracts/candle.ts";
import {
  type AgentDecided,
  type CandleBatch,
  type DeskStepped,
  LINKS,
} from "../contracts/links.ts";
import type { DeskEvent } from "../contracts/order.ts";
import { assert, DefectError } from "../core/assert.ts";
import { decimal, roundTo, toDecimalText } from "../core/decimal.ts";
import { DeskAccount } from "../desk/account/account.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
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
import type { BacktestSummary } from "../contracts/backtest_report.ts";

/** A behaviour that can be run over candles. */
export type AgentBehavior = Behavior<AgentWorkerConfig>;

/** What a backtest is made from. */
export interface BacktestOptions {
  candles: CandleSeries;
  config: AgentConfig;
  /** The behaviour of `config.type`. */
  behavior: AgentBehavior;
  /** Seed of the simulated venue; the configuration's own where none is given. */
  seed?: number;
  /** Called a few times a second with the candles done so far. */
  onProgress?: (progress: { candles: number; total: number }) => void;
  /** Called with everything the desk says happened, in order: fills, closed trades, halts. */
  onEvent?: (event: DeskEvent) => void;
  /** Ends the run early: it rejects with the signal's reason. */
  signal?: AbortSignal;
}

const AGENT_ID = "backtest";

/** Candles of one batch to the behaviour. Its size changes nothing but the time it takes. */
const BATCH_CANDLES = 1_024;

/** Longest time without a turn of the event loop. */
const TURN_MS = 50;

/**
 * Runs one agent over all candles of a series.
 *
 * @throws The reason of `signal` when it is aborted.
 */
export async function runBacktest(
  options: BacktestOptions,
): Promise<BacktestSummary> {
  const { candles, onProgress, signal } = options;
  const total = candles.length;
  const startedMs = performance.now();
  const run = new Run(options);
  let turnMs = startedMs;
  for (let fromSeq = 0; fromSeq < total; fromSeq += BATCH_CANDLES) {
    signal?.throwIfAborted();
    run.takeBatch(fromSeq, Math.min(BATCH_CANDLES, total - fromSeq));
    if (performance.now() - turnMs < TURN_MS) continue;
    onProgress?.({ candles: Math.min(total, fromSeq + BATCH_CANDLES), total });
    // deno-lint-ignore no-await-in-loop -- the loop must let an abort or a heartbeat through
    await new Promise((resolve) => void setImmediate(resolve));
    turnMs = performance.now();
  }
  onProgress?.({ candles: total, total });
  const seconds = (performance.now() - startedMs) / 1_000;
  return { ...run.finish(), seconds, candlesPerSecond: total / seconds };
}

/** One run: the desk, the agent, and what is collected on the way. */
class Run {
  readonly #candles: CandleSeries;
  readonly #config: AgentConfig;
  readonly #desk: DeskAccount;
  readonly #agent: BehaviorInstance<AgentWorkerConfig, unknown>;
  readonly #onEvent: ((event: DeskEvent) => void) | undefined;
  readonly #days: DayEquity[] = [];
  readonly #results: string[] = [];

  constructor({ candles, config, behavior, seed, onEvent }: BacktestOptions) {
    this.#candles = candles;
    this.#config = config;
    this.#onEvent = onEvent;
    this.#desk = DeskAccount.open({
      config: {
        agentId: AGENT_ID,
        symbol: config.symbol,
        startSeq: 0,
        pacing: "lockstep",
        risk: config.risk,
        safety: config.safety,
        seed: seed ?? config.seed,
        entriesAllowed: true,
      },
    });
    this.#agent = behavior.start({
      actorId: AGENT_ID,
      config: { agentId: AGENT_ID, config, startSeq: 0, tradeFromSeq: 0 },
      snapshot: null,
    });
    this.#agent.linkOpened(LINKS.feed, null);
    this.#agent.linkOpened(LINKS.desk, null);
  }

  /** Candles to the agent, then for each one: the desk's step, the decision, the desk's answer to it. */
  takeBatch(fromSeq: number, count: number): void {
    const packed = this.#candles.packed(fromSeq, count);
    const batch: CandleBatch = { type: "candles", fromSeq, count, packed };
    const early = this.#agent.receive(LINKS.feed, batch);
    assert(early.length === 0, "An agent must not decide before its desk");
    for (let index = 0; index < count; index++) {
      this.#step(unpackCandle(packed, index, fromSeq));
    }
    // The desk keeps trades and equity points for an owner; nobody else reads them here.
    this.#desk.drainReport();
  }

  finish(): Omit<BacktestSummary, "seconds" | "candlesPerSecond"> {
    const view = this.#desk.view();
    const { initialCapital } = this.#config.risk;
    const netPnl = netResult(view.equity, initialCapital);
    const fees = roundTo(decimal(view.feesPaid), MONEY_PLACES);
    const returns = dailyReturns(this.#days, Number(initialCapital));
    return {
      candles: this.#candles.length,
      trades: view.trades,
      netPnl,
      returnPct: returnPct(netPnl, initialCapital),
      maxDrawdownPct: view.maxDrawdownPct,
      sharpe: returns === null ? null : sharpeRatio(returns),
      sortino: returns === null ? null : sortinoRatio(returns),
      profitFactor: profitFactor(this.#results),
      winRatePct: winRatePct(this.#results),
      feesPaid: toDecimalText(fees),
      tradesHash: view.tradesHash,
    };
  }

  #step(candle: Candle): void {
    const { seq } = candle;
    const stepped = this.#desk.step(candle);
    for (const event of stepped.events) {
      if (event.type === "PositionClosed") {
        this.#results.push(event.trade.netPnl);
      }
      this.#onEvent?.(event);
    }
    this.#noteDay(candle, stepped);
    const outputs = this.#agent.receive(LINKS.desk, stepped);
    let decided: AgentDecided | null = null;
    for (const output of outputs) {
      if (output.to === "link" && output.link === LINKS.desk) {
        decided = output.message as AgentDecided;
      }
    }
    // No assert(): its sentence would be made for every candle.
    if (decided?.seq !== seq) {
      throw new DefectError(`Candle ${seq} must be decided before the next`);
    }
    this.#desk.decide(decided);
  }

  /** The exact equity is computed when it is read, so it is read once a day. */
  #noteDay({ seq, openAt }: Candle, stepped: DeskStepped): void {
    const isLast = seq + 1 === this.#candles.length;
    const day = dayOf(openAt);
    if (!isLast && dayOf(this.#candles.openAt(seq + 1)) === day) return;
    if (stepped.equity !== null) {
      this.#days.push({ day, equity: Number(stepped.equity) });
    }
  }
}
