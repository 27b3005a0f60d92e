/**
 * One agent's account at a desk: the deterministic core that the desk worker and
 * the inline backtest share. It has no clock and no randomness; the same candles,
 * decisions and commands give the same trades, and after a crash the journal
 * gives back the same state.
 *
 * @module
 */
import {
  orderIdOf,
  toFill,
  withSlippage,
} from "../../agents/execution/matching.ts";
import { checkIntent } from "../../agents/risk/controls.ts";
import {
  evaluateLimits,
  mustFlatten,
  tradingStanding,
} from "../../agents/risk/limits.ts";
import type { AccountView } from "../contracts/account.ts";
import type { Candle } from "../contracts/candle.ts";
import type { DeskAccountConfig } from "../contracts/desk.ts";
import type { AgentDecided, DeskStepped } from "../contracts/links.ts";
import type { DeskEvent, OpenOrder, OrderIntent } from "../contracts/order.ts";
import { assert, assertNever } from "../core/assert.ts";
import { decimal, toDecimalText } from "../core/decimal.ts";
import { Book } from "./book.ts";
import { EventLog, type StandingFacts } from "./event_log.ts";
import { ACTIONS_PER_DECISION_MAX, MARK_EVERY_CANDLES } from "./limits.ts";
import {
  bracketOf,
  closeOrderOf,
  entryOrderOf,
  reservedMargin,
} from "./orders.ts";
import { Outbox, type ReportContent } from "./outbox.ts";
import {
  type BookRecord,
  isBookRecord,
  type JournalEntry,
  type JournalSink,
} from "./records.ts";
import { equityText, toAccountView } from "./view.ts";

const NO_EVENTS: readonly DeskEvent[] = Object.freeze([]);

/** What an account is opened with. */
export interface DeskAccountOptions {
  config: DeskAccountConfig;
  /** Where records go before anything follows from them; without one nothing is kept (backtest). */
  sink?: JournalSink;
}

/** See the module's description. */
export class DeskAccount {
  readonly #book: Book;
  readonly #sink: JournalSink | null;
  readonly #outbox = new Outbox();
  #events: EventLog;
  /** Records of the transaction under way, not yet written. */
  #unwritten: JournalEntry[] = [];
  #isStepping = false;
  #hasFilled = false;
  /** Whether the limits must be checked at the next candle whatever the equity. */
  #mustCheckLimits = true;
  #decidedSeq: number;
  #lastStepped: DeskStepped | null = null;

  private constructor(options: DeskAccountOptions) {
    this.#book = new Book(options.config);
    this.#sink = options.sink ?? null;
    this.#events = new EventLog(this.#standing());
    this.#decidedSeq = this.#book.seq;
  }

  /** Opens a new account and journals its configuration. */
  static open(options: DeskAccountOptions): DeskAccount {
    const account = new DeskAccount(options);
    account.#record({ type: "ACCOUNT", config: options.config });
    account.#commit();
    return account;
  }

  /**
   * Rebuilds an account from the complete transactions of its journal; the first
   * entry is its ACCOUNT record. It goes on with the candle after `seq`.
   *
   * @throws {DefectError} If the records contradict each other.
   */
  static recover(
    entries: Iterable<JournalEntry>,
    sink: JournalSink,
  ): DeskAccount {
    let account: DeskAccount | null = null;
    let lastMark: JournalEntry["mark"];
    for (const entry of entries) {
      if (account === null) {
        assert(
          entry.record.type === "ACCOUNT",
          `A journal must begin with ACCOUNT, was ${entry.record.type}`,
        );
        account = new DeskAccount({ config: entry.record.config, sink });
      }
      account.#fold(entry);
      lastMark = entry.mark ?? lastMark;
    }
    assert(
      account !== null && lastMark !== undefined,
      "A journal must hold at least one whole transaction",
    );
    account.#book.finish(lastMark);
    // Everything before the last candle was decided, or it would not have been reached.
    account.#decidedSeq = lastMark.seq - 1;
    return account;
  }

  /** Last processed candle; `startSeq − 1` before the first. */
  get seq(): number {
    return this.#book.seq;
  }

  /** Last candle whose decision was taken in. */
  get decidedSeq(): number {
    return this.#decidedSeq;
  }

  get config(): DeskAccountConfig {
    return this.#book.config;
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  /** The newest step that can no longer be told again from memory. */
  get forgottenSeq(): number {
    return this.#events.floorSeq;
  }

  /**
   * Processes one closed candle: fills, protection, expiry, valuation, limits.
   *
   * @throws {DefectError} If `candle` is not the one after the last.
   */
  step(candle: Candle): DeskStepped {
    const book = this.#book;
    assert(
      candle.seq === book.seq + 1,
      `Candle ${book.seq + 1} is due, was ${candle.seq}`,
    );
    this.#isStepping = true;
    const isDayOpened = book.valuation.openDay(candle.openAt);
    book.seq = candle.seq;
    book.at = candle.openAt;
    const isUsable = isUsableCandle(candle);
    if (book.gateway.size > 0 && isUsable) this.#match(candle);
    book.valuation.mark(isUsable ? candle.close : null);
    if (isDayOpened || !isUsable || this.#needsLimitCheck()) {
      this.#checkLimits();
    }
    this.#finishStep();
    this.#isStepping = false;
    return this.#tell();
  }

  /**
   * Takes in what the agent decided: runs the controls, places what they let
   * through. What came of it is told in the next step. A decision that was taken
   * in before is ignored.
   */
  decide(decided: AgentDecided): void {
    assert(
      decided.seq <= this.#book.seq,
      `Candle ${decided.seq} was decided before it was processed; the desk is at ${this.#book.seq}`,
    );
    if (decided.seq <= this.#decidedSeq) return;
    this.#decidedSeq = decided.seq;
    if (decided.actions.length === 0) return;
    const freshIds = new Set<string>();
    decided.actions.forEach((action, index) => {
      switch (action.kind) {
        case "submit":
          return this.#submit(action.intent, {
            freshIds,
            isExcess: index >= ACTIONS_PER_DECISION_MAX,
          });
        case "cancel":
          return this.#cancelEntry(action.intentId, action.reason);
        case "close":
          return this.#closeAtMarket();
        default:
          return assertNever(action, "desk action");
      }
    });
  }

  /** Candles up to `seq` are decided for certain, says the agent: no decision on them will come. */
  skipDecisions(seq: number): void {
    this.#decidedSeq = Math.max(this.#decidedSeq, Math.min(seq, this.seq));
  }

  /** The account as it is now. */
  view(): AccountView {
    return toAccountView(this.#book);
  }

  /** Trades and equity points since the last call, for an owner in the same isolate. */
  drainReport(): ReportContent {
    return this.#outbox.drain();
  }

  /** What was told in a step up to `seq`, to tell it again. */
  steppedAt(seq: number): DeskStepped {
    if (this.#lastStepped?.seq === seq) return this.#lastStepped;
    return { type: "stepped", ...this.#events.told(seq) };
  }

  /** Steps up to `seq` need not be told again. */
  forgetSteps(seq: number): void {
    this.#events.forgetUntil(Math.min(seq, this.seq));
  }

  /** Reads forgotten steps back from the journal's entries. */
  recallSteps(entries: Iterable<JournalEntry>): void {
    const book = new Book(this.#book.config);
    const events = new EventLog(standingOf(book), Infinity);
    for (const { record, toldSeq } of entries) {
      if (!isBookRecord(record)) continue;
      for (const event of book.apply(record, toldSeq)) {
        events.add(toldSeq, event, standingOf(book));
      }
    }
    this.#events = events;
  }

  /**
   * Withdraws every entry and lets no new one in. `close` also closes the
   * position at the last close; `keep` leaves it with its protection.
   */
  quiesce(options: { positions: "close" | "keep"; reason: string }): void {
    const { positions, reason } = options;
    if (this.#book.entriesAllowed) {
      this.#record({ type: "ENTRIES", allowed: false, reason });
    }
    this.#cancelEntries(reason);
    if (positions === "close") this.#closeNow(reason);
    this.#commit();
  }

  /** Lets entries in or not. Resting entries are withdrawn when they are no longer allowed. */
  setEntries(options: { allowed: boolean; reason: string }): void {
    const { allowed, reason } = options;
    if (this.#book.entriesAllowed !== allowed) {
      this.#record({ type: "ENTRIES", allowed, reason });
    }
    if (!allowed) this.#cancelEntries(reason);
    this.#commit();
  }

  /** Clears a latched drawdown or breaker: the present equity is the new peak, the losing streak starts anew. */
  rearm(reason: string): void {
    this.#record({ type: "REARM", reason });
    this.#book.valuation.resetPeak();
    this.#mustCheckLimits = true;
    this.#commit();
  }

  /** New limits; they hold from now on and are checked at the next candle. Capital and start stay. */
  updateConfig(config: DeskAccountConfig): void {
    this.#record({ type: "CONFIG", config });
    if (!config.entriesAllowed) this.#cancelEntries("The agent is paused");
    this.#mustCheckLimits = true;
    this.#commit();
  }

  // -- one candle ----------------------------------------------------------

  #match(candle: Candle): void {
    const { gateway } = this.#book;
    for (
      let match = gateway.match(candle);
      match !== null;
      match = gateway.match(candle)
    ) {
      const { order, execution } = match;
      this.#fill(order, {
        execution,
        seq: candle.seq,
        at: candle.openAt,
      });
    }
    if (!gateway.hasExpiredBy(candle.seq)) return;
    for (const order of gateway.expiredBy(candle.seq)) {
      this.#record({
        type: "CANCEL",
        orderId: order.orderId,
        reason: `Not filled until candle ${order.expireAfterSeq}`,
      });
    }
  }

  #fill(
    order: OpenOrder,
    when: Pick<Parameters<typeof toFill>[0], "execution" | "seq" | "at">,
  ): void {
    const book = this.#book;
    this.#hasFilled = true;
    this.#record({ type: "FILL", fill: toFill({ order, ...when }) });
    if (order.role !== "entry") {
      // Exits are one-cancels-other: nothing may rest that would reduce nothing.
      this.#cancelAll(`The ${order.role} was filled`);
      return;
    }
    this.#cancelEntries("Another entry was filled");
    const live = book.liveIntent(order.intentId);
    assert(live !== null, `Intent ${order.intentId} of a fill is unknown`);
    for (
      const protection of bracketOf({ entry: order, intent: live.intent }, {
        seq: when.seq,
      })
    ) {
      this.#record({ type: "ORDER", order: protection, riskAmount: null });
    }
  }

  #needsLimitCheck(): boolean {
    const { valuation, causes, config, ledger } = this.#book;
    return this.#mustCheckLimits || this.#unwritten.length > 0 ||
      causes.equityUnknown !== null ||
      (ledger.position !== null &&
        valuation.isNearLimit({
          dailyLossLimit: Number(config.risk.dailyLossLimit),
          maxDrawdownPct: config.risk.maxDrawdownPct,
        }));
  }

  #checkLimits(): void {
    const book = this.#book;
    this.#mustCheckLimits = false;
    const causes = evaluateLimits({
      causes: book.causes,
      day: book.valuation.day,
      equity: book.valuation.equity(),
      dayStart: book.valuation.dayStart,
      peakEquity: book.valuation.peakEquity(),
      lossStreak: book.lossStreak,
      risk: book.config.risk,
      safety: book.config.safety,
    });
    if (causes === book.causes) return;
    const { state, reason } = tradingStanding(causes);
    const why = reason ?? "Nothing holds trading back any more";
    this.#record({ type: "STATE", causes, reason: why });
    if (state === "active") return;
    this.#cancelEntries(why);
    if (mustFlatten(causes)) this.#closeAtOpen();
  }

  #finishStep(): void {
    const { seq } = this.#book;
    const isSample = seq % MARK_EVERY_CANDLES === 0;
    if (isSample && this.#sink !== null && this.#unwritten.length === 0) {
      this.#record({ type: "MARK" });
    }
    this.#commit(isSample || this.#hasFilled);
    this.#hasFilled = false;
  }

  #tell(): DeskStepped {
    const { seq, ledger, valuation, standing } = this.#book;
    const own = this.#events.own(seq);
    const events = own === null ? NO_EVENTS : own.events;
    const tradingState = standing.state;
    const { position, cashText } = ledger;
    if (position === null) {
      this.#lastStepped = {
        type: "stepped",
        seq,
        events,
        equity: cashText,
        hasPosition: false,
        tradingState,
      };
    } else {
      const close = valuation.close;
      this.#lastStepped = {
        type: "stepped",
        seq,
        events,
        // Computed when read: most decisions do not ask for the exact equity.
        get equity() {
          return equityText(ledger, close);
        },
        hasPosition: true,
        tradingState,
      };
    }
    return this.#lastStepped;
  }

  // -- actions -------------------------------------------------------------

  #submit(
    intent: OrderIntent,
    options: { freshIds: Set<string>; isExcess: boolean },
  ): void {
    const book = this.#book;
    const isKnownIntent = book.knowsIntent(intent.intentId);
    const isResent = isKnownIntent && !options.freshIds.has(intent.intentId) &&
      intent.seq === this.#decidedSeq;
    // Journaled before a crash: its outcome is told from the journal.
    if (isResent) return;
    options.freshIds.add(intent.intentId);
    if (!isKnownIntent) {
      this.#record({ type: "INTENT", intent });
      this.#write();
    }
    const verdict = options.isExcess
      ? {
        ok: false as const,
        error: {
          code: "ORDER_RATE_LIMIT" as const,
          detail:
            `A decision may hold ${ACTIONS_PER_DECISION_MAX} actions, this one is beyond it`,
        },
      }
      : checkIntent(this.#controlContext(intent, isKnownIntent));
    if (verdict.ok) {
      this.#record({
        type: "ORDER",
        order: entryOrderOf(intent, {
          quantity: verdict.sized.quantity,
          seq: book.seq,
        }),
        riskAmount: toDecimalText(verdict.sized.riskAmount),
      });
    } else {
      this.#record({
        type: "DENIED",
        intentId: intent.intentId,
        ...verdict.error,
      });
    }
    this.#commit();
  }

  #controlContext(intent: OrderIntent, isKnownIntent: boolean) {
    const book = this.#book;
    const { valuation, config } = book;
    return {
      intent,
      seq: book.seq,
      at: book.at,
      isKnownIntent,
      tradingState: book.standing.state,
      tradingStateReason: book.standing.reason,
      entriesAllowed: book.entriesAllowed,
      lastClose: valuation.close,
      equity: valuation.equity(),
      dayStart: valuation.dayStart,
      peakEquity: valuation.peakEquity(),
      lossStreak: book.lossStreak,
      hasPosition: book.ledger.position !== null,
      openOrders: book.gateway.size,
      ordersLastMinute: book.intentsLastMinute(),
      reservedMargin: reservedMargin(
        book.gateway.entries(),
        { leverage: config.risk.leverage, lastClose: valuation.close },
      ),
      risk: config.risk,
      safety: config.safety,
    };
  }

  #cancelEntry(intentId: string, reason: string): void {
    const orderId = orderIdOf(intentId, "entry");
    if (!this.#book.gateway.entries().some((o) => o.orderId === orderId)) {
      return;
    }
    this.#record({ type: "CANCEL", orderId, reason });
    this.#commit();
  }

  #closeAtMarket(): void {
    this.#closeAtOpen();
    this.#commit();
  }

  /** Lets a market close rest for the next open; one is enough. */
  #closeAtOpen(): OpenOrder | null {
    const { ledger, gateway, seq } = this.#book;
    if (ledger.position === null || gateway.find("close") !== null) {
      return null;
    }
    const order = closeOrderOf(ledger.position, { seq });
    this.#record({ type: "ORDER", order, riskAmount: null });
    return order;
  }

  /** Closes at the last close, or at the next open while no price is known. */
  #closeNow(reason: string): void {
    const { ledger, gateway, valuation, seq, at } = this.#book;
    if (ledger.position === null) return;
    if (valuation.close === null || at === null) {
      this.#closeAtOpen();
      return;
    }
    const resting = gateway.find("close");
    if (resting !== null) {
      this.#record({ type: "CANCEL", orderId: resting.orderId, reason });
    }
    const order = this.#closeAtOpen();
    assert(order !== null, "A position without a resting close can be closed");
    const price = withSlippage(decimal(valuation.close), order.side);
    this.#fill(order, {
      execution: { price, liquidity: "taker", atOpen: true },
      seq,
      at,
    });
    this.#mustCheckLimits = true;
  }

  #cancelEntries(reason: string): void {
    for (const { orderId } of this.#book.gateway.entries()) {
      this.#record({ type: "CANCEL", orderId, reason });
    }
  }

  #cancelAll(reason: string): void {
    for (const { orderId } of this.#book.gateway.openOrders()) {
      this.#record({ type: "CANCEL", orderId, reason });
    }
  }

  // -- records -------------------------------------------------------------

  /** Applies a fact and keeps it for the journal. */
  #record(record: BookRecord): void {
    const { seq } = this.#book;
    const toldSeq = this.#isStepping ? seq : seq + 1;
    this.#unwritten.push({ seq, toldSeq, record });
    this.#apply(record, toldSeq);
  }

  #apply(record: BookRecord, toldSeq: number): void {
    const events = this.#book.apply(record, toldSeq);
    if (events.length === 0) return;
    const standing = this.#standing();
    for (const event of events) {
      this.#events.add(toldSeq, event, standing);
      if (event.type === "PositionClosed") this.#outbox.addTrade(event.trade);
    }
  }

  #write(): void {
    if (this.#unwritten.length === 0) return;
    this.#sink?.append(this.#unwritten);
    this.#unwritten = [];
  }

  /** Ends a transaction: marks its last record, writes, and samples the equity curve. */
  #commit(isSample = this.#hasFilled): void {
    const { seq, at, valuation } = this.#book;
    const equity = isSample ? valuation.equity() : null;
    const text = equity === null ? null : toDecimalText(equity);
    if (text !== null && at !== null) {
      this.#outbox.addPoint({ seq, at, equity: text });
    }
    const last = this.#unwritten.at(-1);
    if (last === undefined) return;
    if (this.#sink !== null) {
      last.mark = this.#book.toMark();
      if (text !== null) last.mark.equity = text;
    }
    this.#write();
    if (!this.#isStepping) this.#hasFilled = false;
  }

  #fold({ record, toldSeq, mark }: JournalEntry): void {
    if (record.type === "REPORT") this.#outbox.apply(record);
    if (isBookRecord(record)) this.#apply(record, toldSeq);
    if (mark === undefined) return;
    this.#book.takeMark(mark);
    if (mark.equity !== undefined && mark.at !== null) {
      this.#outbox.addPoint({
        seq: mark.seq,
        at: mark.at,
        equity: mark.equity,
      });
    }
    assert(
      mark.cash === this.#book.ledger.cashText &&
        mark.trades === this.#book.ledger.trades,
      `The journal's cash after candle ${mark.seq} is ${mark.cash} with ${mark.trades} trades, its fills add up to ${this.#book.ledger.cashText} with ${this.#book.ledger.trades}`,
    );
  }

  #standing(): StandingFacts {
    return standingOf(this.#book);
  }
}

function standingOf(book: Book): StandingFacts {
  const { position, cashText } = book.ledger;
  return {
    equity: position === null ? cashText : null,
    hasPosition: position !== null,
    tradingState: book.standing.state,
  };
}

/** Whether the prices of a candle can be traded on; false for anything not finite, not positive or upside down. */
function isUsableCandle(candle: Candle): boolean {
  const { open, high, low, close } = candle;
  return low > 0 && high < Infinity && open >= low && open <= high &&
    close >= low && close <= high;
}
