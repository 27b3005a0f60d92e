/**
 * The book of one account: what its records add up to. The running account and a
 * recovery change it by the same `apply`, so a fold of the journal is the state.
 *
 * @module
 */
import {
  applyFill,
  applyFunding,
  type Ledger,
  openLedger,
} from "../../../agents/portfolio/ledger.ts";
import {
  fromLedgerState,
  toLedgerState,
} from "../../../agents/portfolio/ledger_state.ts";
import { Valuation } from "../../../agents/portfolio/valuation.ts";
import {
  NO_CAUSES,
  rearmCauses,
  type TradingCauses,
  type TradingStanding,
  tradingStanding,
} from "../../../agents/risk/limits.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type {
  DeskEvent,
  Fill,
  OpenOrder,
  OrderIntent,
} from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { assert, assertNever } from "../../core/assert.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  ZERO,
} from "../../core/decimal.ts";
import { PaperGateway } from "../../exchange/paper/gateway.ts";
import { REMEMBERED_COMMANDS } from "../limits.ts";
import type { BookMark, BookRecord } from "../journal/records.ts";
import type { BookState } from "./account_state.ts";
import { toDeniedEvent } from "./denied_event.ts";
import { IntentMemory } from "./intent_memory.ts";
import { RecentIds } from "./recent_ids.ts";
import { type AccountTerms, termsOf } from "./terms.ts";
import { type LiveIntent, toTrade } from "./trade.ts";
import { chainTradesHash, EMPTY_TRADES_HASH } from "./trades_hash.ts";

/** State of one account. */
export class Book {
  config: DeskAccountConfig;
  ledger: Ledger;
  valuation: Valuation;
  readonly gateway = new PaperGateway();
  causes: TradingCauses = NO_CAUSES;
  standing: TradingStanding = tradingStanding(NO_CAUSES);
  /** Losing trades in a row since the last re-arming. */
  lossStreak = 0;
  tradesHash = EMPTY_TRADES_HASH;
  /** Last processed candle; `startSeq − 1` before the first. */
  seq: number;
  at: EpochMs | null = null;
  /** What follows from the configuration. */
  terms: AccountTerms;
  readonly #intents = new Map<string, LiveIntent>();
  readonly #memory = new IntentMemory();
  readonly #knownCommands = new RecentIds<true>(REMEMBERED_COMMANDS);

  constructor(config: DeskAccountConfig) {
    this.config = config;
    this.ledger = openLedger(config.risk.initialCapital);
    this.valuation = new Valuation(this.ledger);
    this.seq = config.startSeq - 1;
    this.terms = termsOf(config);
  }

  /** Goes on from a state that {@link Book.toState} wrote, with the mark that came with it. */
  static restore(
    config: DeskAccountConfig,
    { state, mark }: { state: BookState; mark: BookMark },
  ): Book {
    const book = new Book(config);
    book.ledger = fromLedgerState(state.ledger);
    for (const order of state.orders) book.gateway.place(order);
    for (const live of state.intents) {
      book.#intents.set(live.intent.intentId, { ...live });
    }
    book.#memory.restore(state.knownIntents, state.intentTimes);
    for (const id of state.knownCommands) book.#knownCommands.set(id, true);
    book.causes = state.causes;
    book.standing = tradingStanding(state.causes);
    book.lossStreak = state.lossStreak;
    book.tradesHash = state.tradesHash;
    book.finish(mark);
    return book;
  }

  /** The state that the records so far add up to, besides configuration and mark. */
  toState(): BookState {
    return {
      ledger: toLedgerState(this.ledger),
      orders: this.gateway.openOrders(),
      intents: [...this.#intents.values()],
      knownIntents: this.#memory.entries(),
      intentTimes: this.#memory.times,
      knownCommands: this.#knownCommands.entries().map(([id]) => id),
      causes: this.causes,
      lossStreak: this.lossStreak,
      tradesHash: this.tradesHash,
    };
  }

  /** Deciding candle of an intent that came before, or null. */
  knownIntentSeq(intentId: string): number | null {
    return this.#memory.seqOf(intentId);
  }

  isKnownCommand(commandId: string): boolean {
    return this.#knownCommands.get(commandId) !== null;
  }

  /** The intent behind an order or the position. */
  liveIntent(intentId: string): LiveIntent | null {
    return this.#intents.get(intentId) ?? null;
  }

  /** Intents within the last minute of market time. */
  intentsLastMinute(): number {
    return this.#memory.times.length;
  }

  /**
   * Applies one fact and returns what it means to the agent and the owner.
   *
   * @throws {DefectError} If the fact contradicts the book.
   */
  apply(record: BookRecord, toldSeq: number): DeskEvent[] {
    switch (record.type) {
      case "ACCOUNT":
      case "MARK":
        return [];
      case "CONFIG":
        return this.#configure(record.config);
      case "INTENT":
        return this.#remember(record.intent);
      case "ORDER":
        return this.#accept(record, toldSeq);
      case "DENIED":
        if (record.code !== "INTENT_DUPLICATE") {
          this.#intents.delete(record.intentId);
        }
        return [toDeniedEvent(record, toldSeq)];
      case "MOVE_DENIED":
        return [toDeniedEvent(record, toldSeq)];
      case "FILL":
        return this.#fill(record.fill, toldSeq);
      case "FUNDING":
        return this.#fund(decimal(record.amount));
      case "CANCEL":
        return this.#cancel(record, toldSeq);
      case "STATE":
        return this.#setCauses(record.causes, record.reason, toldSeq);
      case "ENTRIES":
        this.config = { ...this.config, entriesAllowed: record.allowed };
        return [];
      case "REARM":
        if (record.commandId !== null) {
          this.#knownCommands.set(record.commandId, true);
        }
        this.lossStreak = 0;
        return this.#setCauses(
          rearmCauses(this.causes),
          record.reason,
          toldSeq,
        );
      default:
        return assertNever(record, "journal record");
    }
  }

  /** The state that no record tells, for the end of a transaction. */
  toMark(): BookMark {
    return {
      ...this.valuation.toMark(),
      seq: this.seq,
      at: this.at,
      cash: this.ledger.cashText,
      trades: this.ledger.trades,
    };
  }

  /** Takes over a mark during a fold; `finish` it before use. */
  takeMark(mark: BookMark): void {
    this.seq = mark.seq;
    this.at = mark.at;
  }

  /** Ends a fold with the last mark. */
  finish(mark: BookMark): void {
    this.takeMark(mark);
    this.valuation = Valuation.restore(this.ledger, mark);
  }

  #configure(config: DeskAccountConfig): DeskEvent[] {
    this.config = {
      ...config,
      // The capital of a running account is a fact, not a setting.
      startSeq: this.config.startSeq,
      risk: {
        ...config.risk,
        initialCapital: this.config.risk.initialCapital,
      },
    };
    this.terms = termsOf(config);
    return [];
  }

  #remember(intent: OrderIntent): DeskEvent[] {
    this.#intents.set(intent.intentId, { intent, riskAmount: null });
    this.#memory.add(intent, this.at ?? 0);
    return [];
  }

  #accept(
    record: { order: OpenOrder; riskAmount: DecimalText | null },
    toldSeq: number,
  ): DeskEvent[] {
    const { order, riskAmount } = record;
    const live = this.#intents.get(order.intentId);
    if (live !== undefined && riskAmount !== null) live.riskAmount = riskAmount;
    this.gateway.place(order);
    return [{ type: "OrderAccepted", seq: toldSeq, order }];
  }

  #cancel(
    record: { orderId: string; reason: string },
    toldSeq: number,
  ): DeskEvent[] {
    const order = this.gateway.remove(record.orderId);
    assert(order !== null, `Order ${record.orderId} does not rest`);
    if (order.role === "entry") this.#intents.delete(order.intentId);
    return [{
      type: "OrderCanceled",
      seq: toldSeq,
      orderId: order.orderId,
      intentId: order.intentId,
      role: order.role,
      reason: record.reason,
    }];
  }

  #fill(fill: Fill, toldSeq: number): DeskEvent[] {
    this.gateway.remove(fill.orderId);
    const { ledger, closed } = applyFill(this.ledger, fill);
    if (ledger === this.ledger) return [];
    this.ledger = ledger;
    this.valuation.rebase(ledger);
    const events: DeskEvent[] = [{ type: "OrderFilled", seq: toldSeq, fill }];
    if (closed === null) return events;
    const trade = toTrade(closed, this.#intents.get(closed.intentId));
    this.#intents.delete(closed.intentId);
    this.tradesHash = chainTradesHash(this.tradesHash, trade);
    this.lossStreak = closed.netPnl.lt(ZERO) ? this.lossStreak + 1 : 0;
    events.push({ type: "PositionClosed", seq: toldSeq, trade });
    return events;
  }

  #fund(amount: Decimal): DeskEvent[] {
    this.ledger = applyFunding(this.ledger, amount);
    this.valuation.rebase(this.ledger);
    return [];
  }

  #setCauses(
    causes: TradingCauses,
    reason: string,
    toldSeq: number,
  ): DeskEvent[] {
    const from = this.standing.state;
    this.causes = causes;
    this.standing = tradingStanding(causes);
    const { state, code } = this.standing;
    return from === state ? [] : [{
      type: "TradingStateChanged",
      seq: toldSeq,
      from,
      to: state,
      code,
      reason,
    }];
  }
}
