import type { DeskAction, DeskEvent } from "../../lib/contracts/order.ts";
import type { StrategiesConfig } from "../../lib/contracts/strategies.ts";
import { TradeResults } from "../sizing/trade_results.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { EntryBook, type EntryGate } from "./entry_book.ts";
import type { SkippedSetup } from "./entry_state.ts";
import { PositionBook } from "./position_book.ts";
import { createStrategies } from "./registry.ts";
import type { Setup } from "./setup.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { type TraderSnapshot, upgradeEntryBook } from "./trader_state.ts";

/** What bounds the decision on one candle. */
export interface TradingGate extends EntryGate {
  strategies: StrategiesConfig;
  /** Whether the desk has a position. It is managed whatever `closedBecause` says. */
  hasPosition: boolean;
}

const NO_ACTIONS: readonly DeskAction[] = [];

/**
 * What an agent trades: its strategies, the entries they wait for, and the open
 * position. It decides on the newest candle after the detectors have seen it
 * and the desk's events were applied.
 */
export class Trader {
  readonly #strategies: readonly Strategy[] = createStrategies();
  readonly #position = new PositionBook();
  readonly #results = new TradeResults();
  readonly #actions: DeskAction[] = [];
  readonly #entries = new EntryBook({
    strategies: this.#strategies,
    results: this.#results,
    actions: this.#actions,
  });
  #context: StrategyContext | null = null;
  /** Strategies that are on and have indicators, as the context has it. */
  #stepping: readonly Strategy[] = [];

  /** Setups that the newest candle made. The array is reused. */
  get proposed(): readonly Setup[] {
    return this.#entries.proposed;
  }

  /** Candles after its own in which a setup that was just proposed may be filled. */
  waitCandles(setup: Setup): number {
    const strategy = this.#strategies.find(({ key }) =>
      key === setup.strategy
    )!;
    return strategy.waitCandles(this.#context!);
  }

  /** Setups that the newest candle gave up for their size or costs. The array is reused. */
  get skipped(): readonly SkippedSetup[] {
    return this.#entries.skipped;
  }

  /** Takes an event of the desk. */
  apply(event: DeskEvent): void {
    this.#position.apply(event, this.#entries.apply(event));
    this.#results.apply(event);
  }

  /** Decides on the newest candle of the detectors: the position first, then withdrawals, then at most one entry. */
  decide(detectors: DetectorSet, gate: TradingGate): readonly DeskAction[] {
    const actions = this.#actions;
    // Setting a length costs more than asking for it, and most candles have none.
    if (actions.length > 0) actions.length = 0;
    const context = this.#contextOf(detectors, gate.strategies);
    for (let index = 0; index < this.#stepping.length; index++) {
      this.#stepping[index]!.step!(context);
    }
    if (this.#position.held !== null) {
      this.#position.step(detectors.series, gate.hasPosition);
      this.#manage(context);
    }
    this.#entries.decide(context, gate);
    return actions.length === 0 ? NO_ACTIONS : actions.slice();
  }

  #contextOf(
    detectors: DetectorSet,
    strategies: StrategiesConfig,
  ): StrategyContext {
    const known = this.#context;
    if (known?.detectors === detectors && known.strategies === strategies) {
      return known;
    }
    this.#stepping = this.#strategies.filter(({ key, step }) =>
      strategies[key].enabled && step !== undefined
    );
    return this.#context = { detectors, strategies };
  }

  #manage(context: StrategyContext): void {
    const { held } = this.#position;
    if (held === null) return;
    const strategy = this.#strategies.find(({ key }) => key === held.strategy)!;
    if (!context.strategies[strategy.key].enabled) strategy.step?.(context);
    const wanted = strategy.manage(held, context);
    if (wanted === null) return;
    this.#actions.push(
      wanted.kind === "close" ? wanted : { ...wanted, intentId: held.intentId },
    );
  }

  snapshot(): TraderSnapshot {
    const strategies: TraderSnapshot["strategies"] = {};
    for (const strategy of this.#strategies) {
      strategies[strategy.key] = strategy.snapshot();
    }
    return {
      entries: this.#entries.snapshot(),
      position: this.#position.snapshot(),
      results: this.#results.snapshot(),
      strategies,
    };
  }

  /** Goes on from a snapshot of this or an earlier build. */
  restore(snapshot: Parameters<typeof upgradeEntryBook>[0]): void {
    const { entries, position, results, strategies } = upgradeEntryBook(
      snapshot,
    );
    this.#entries.restore(entries);
    this.#position.restore(position);
    this.#results.restore(results);
    for (const strategy of this.#strategies) {
      const state = strategies[strategy.key];
      if (state !== undefined) strategy.restore(state);
    }
  }
}
