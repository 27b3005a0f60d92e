/**
 * The book of one account: what its records add up to. The running account and a
 * recovery change it by the same `apply`, so a fold of the journal is the state.
 *
 * @module
 */
import {
  applyFill,
  applyFunding,
  type ClosedRoundTrip,
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
import type { DeskEvent, Fill } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { assert } from "../../core/assert.ts";
import { decimal, ZERO } from "../../core/decimal.ts";
import { PaperGateway } from "../../exchange/paper/gateway.ts";
import { REMEMBERED_COMMANDS } from "../limits.ts";
import {
  type BookMark,
  type BookRecord,
  isPartRecord,
} from "../journal/records.ts";
import { withFactsOf } from "./account_config.ts";
import type { BookState } from "./account_state.ts";
import { toDeniedEvent } from "./denied_event.ts";
import { IntentMemory } from "./intent_memory.ts";
import {
  applyPart,
  entryAccepted,
  entryFilled,
  tripClosed,
  withReplaced,
} from "./parts/book_parts.ts";
import { RecentIds } from "./recent_ids.ts";
import { type AccountTerms, isAtVenue, termsOf } from "./terms.ts";
import { LiveIntents } from "./live_intents.ts";
import { NO_SLIPPAGE, type SlippageSum } from "./slippage.ts";
import { setCauses } from "./standing.ts";
import { type LiveIntent, toTrade } from "./trade.ts";
import { chainTradesHash, EMPTY_TRADES_HASH } from "./trades_hash.ts";
import { applyAtVenue, tidyAtVenue } from "./venue/book_at_venue.ts";
import { canceledEvent } from "./venue/placed_order.ts";
import { VenueBook } from "./venue/venue_book.ts";
import { EMPTY_VENUE_STATE, type VenueState } from "./venue/venue_state.ts";

/** State of one account. */
export class Book {
  config: DeskAccountConfig;
  ledger: Ledger;
  valuation: Valuation;
  readonly gateway = new PaperGateway();
  /** Of an account whose orders go to a venue, else null. */
  readonly venue: VenueBook | null;
  intents = new LiveIntents();
  causes: TradingCauses = NO_CAUSES;
  standing: TradingStanding = tradingStanding(NO_CAUSES);
  /** Losing trades in a row since the last re-arming. */
  lossStreak = 0;
  tradesHash = EMPTY_TRADES_HASH;
  slippage: SlippageSum = NO_SLIPPAGE;
  /** Last processed candle; `startSeq − 1` before the first. */
  seq: number;
  at: EpochMs | null = null;
  /** What follows from the configuration. */
  terms: AccountTerms;
  readonly #memory = new IntentMemory();
  readonly #knownCommands = new RecentIds<true>(REMEMBERED_COMMANDS);

  constructor(
    config: DeskAccountConfig,
    venue: VenueState = EMPTY_VENUE_STATE,
  ) {
    this.config = config;
    this.venue = isAtVenue(config) ? new VenueBook(venue) : null;
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
    const book = new Book(config, state.venue ?? EMPTY_VENUE_STATE);
    book.ledger = fromLedgerState(state.ledger);
    for (const order of state.orders) book.gateway.place(order);
    book.intents = new LiveIntents(state.intents);
    book.#memory.restore(state.knownIntents, state.intentTimes);
    for (const id of state.knownCommands) book.#knownCommands.set(id, true);
    book.causes = state.causes;
    book.standing = tradingStanding(state.causes);
    book.lossStreak = state.lossStreak;
    book.tradesHash = state.tradesHash;
    book.slippage = state.slippage ?? NO_SLIPPAGE;
    book.finish(mark);
    return book;
  }

  /** The state that the records so far add up to, besides configuration and mark. */
  toState(): BookState {
    return {
      ledger: toLedgerState(this.ledger),
      orders: this.gateway.openOrders(),
      intents: this.intents.all(),
      knownIntents: this.#memory.entries(),
      intentTimes: this.#memory.times,
      knownCommands: this.#knownCommands.entries().map(([id]) => id),
      causes: this.causes,
      lossStreak: this.lossStreak,
      tradesHash: this.tradesHash,
      venue: this.venue?.toState() ?? null,
      ...(this.slippage.fills === 0 ? {} : { slippage: this.slippage }),
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
    return this.intents.get(intentId);
  }

  /** Intents within the minute of market time before the newest, or before a given moment. */
  intentsLastMinute(until: EpochMs | null = null): number {
    return this.#memory.countUntil(until);
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
        this.config = withFactsOf(this.config, record.config);
        this.terms = termsOf(record.config);
        return [];
      case "INTENT":
        this.intents.add(record.intent);
        this.#memory.add(record.intent, this.at ?? 0);
        return [];
      case "ORDER":
        return this.#accept(record, toldSeq);
      case "DENIED":
        this.intents.denied(record);
        return [toDeniedEvent(record, toldSeq)];
      case "MOVE_DENIED":
        return [toDeniedEvent(record, toldSeq)];
      case "FILL":
        return this.#fill(record.fill, toldSeq);
      case "FUNDING":
        this.rebase(applyFunding(this.ledger, decimal(record.amount)));
        this.venue?.funding.booked(record);
        return [];
      case "CANCEL":
        return this.#cancel(record, toldSeq);
      case "STATE":
        return setCauses(this, record, toldSeq);
      case "ENTRIES":
        this.config = { ...this.config, entriesAllowed: record.allowed };
        return [];
      case "REARM":
        if (record.commandId !== null) {
          this.#knownCommands.set(record.commandId, true);
        }
        this.lossStreak = 0;
        return setCauses(this, {
          causes: rearmCauses(this.causes),
          reason: record.reason,
        }, toldSeq);
      default:
        return isPartRecord(record)
          ? applyPart(this, record, toldSeq)
          : applyAtVenue(this, record, toldSeq);
    }
  }

  /** Another order counts for the order rate. */
  countOrder(): void {
    this.#memory.count(this.at ?? 0);
  }

  /** Takes over a ledger that fills or funding have changed. */
  rebase(ledger: Ledger): void {
    this.ledger = ledger;
    this.valuation.rebase(ledger);
  }

  /** The position went back to flat. */
  closeTrip(closed: ClosedRoundTrip, toldSeq: number): DeskEvent {
    const live = this.intents.get(closed.intentId);
    const trade = toTrade(closed, live);
    tripClosed(this, live!);
    this.tradesHash = chainTradesHash(this.tradesHash, trade);
    this.lossStreak = closed.netPnl.lt(ZERO) ? this.lossStreak + 1 : 0;
    return { type: "PositionClosed", seq: toldSeq, trade };
  }

  /** Called when the last record of a transaction was applied. */
  endTransaction(): void {
    tidyAtVenue(this);
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
    this.endTransaction();
  }

  /** Ends a fold with the last mark. */
  finish(mark: BookMark): void {
    this.takeMark(mark);
    this.valuation = Valuation.restore(this.ledger, mark);
  }

  #accept(
    record: Extract<BookRecord, { type: "ORDER" }>,
    toldSeq: number,
  ): DeskEvent[] {
    const { order, clientOrderId } = record;
    this.intents.accept(record);
    if (order.role === "entry") entryAccepted(this, record);
    if (this.venue === null) this.gateway.place(order);
    else {
      assert(clientOrderId !== undefined, `${order.orderId} has no client id`);
      this.venue.place(order, clientOrderId);
    }
    return [{ type: "OrderAccepted", seq: toldSeq, order }];
  }

  #cancel(
    { orderId, reason, cause }: Extract<BookRecord, { type: "CANCEL" }>,
    toldSeq: number,
  ): DeskEvent[] {
    const { venue } = this;
    const why = { reason, cause, toldSeq };
    if (venue !== null) {
      return withReplaced(this, venue.withdraw(orderId, why));
    }
    const order = this.gateway.remove(orderId);
    assert(order !== null, `Order ${orderId} does not rest`);
    return withReplaced(this, [canceledEvent({ order }, why)]);
  }

  #fill(fill: Fill, toldSeq: number): DeskEvent[] {
    this.gateway.remove(fill.orderId);
    const { ledger, closed } = applyFill(this.ledger, fill);
    if (ledger === this.ledger) return [];
    this.rebase(ledger);
    const events: DeskEvent[] = [{ type: "OrderFilled", seq: toldSeq, fill }];
    if (fill.role === "entry") entryFilled(this, fill);
    if (this.venue !== null) {
      events.push(...withReplaced(this, this.venue.fill(fill, toldSeq)));
    }
    if (closed !== null) events.push(this.closeTrip(closed, toldSeq));
    return events;
  }
}
