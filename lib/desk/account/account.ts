/**
 * One agent's account at a desk: the core that desk worker and inline backtest
 * share. No clock, no randomness: the same candles, decisions and commands give
 * the same trades, and after a crash the journal gives back the same state.
 *
 * @module
 */
import type { AccountView } from "../../contracts/account.ts";
import type { Candle } from "../../contracts/candle.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type {
  AgentActed,
  AgentDecided,
  DeskStepped,
} from "../../contracts/links.ts";
import type { DeskAction } from "../../contracts/order.ts";
import { assert, assertNever } from "../../core/assert.ts";
import type { VenuePorts, VenueSide } from "../venue/port.ts";
import type { Book } from "./book.ts";
import { AccountLog, foldEvents, recoverLog } from "./account_log.ts";
import type { EventLog } from "./event_log.ts";
import type { LeverOrders, StopInForce } from "./lever_orders.ts";
import { CandleDesk, type OrderDesk } from "./order_desk.ts";
import { JOURNAL_FORMAT } from "../journal/format.ts";
import { REMEMBERED_STEPS } from "../limits.ts";
import type { Outage } from "./outage.ts";
import type { Outbox, ReportContent } from "../outbox.ts";
import type { JournalEntry, JournalSink } from "../journal/records.ts";
import type { SubmitContext } from "./submission.ts";
import { tellStep } from "./stepped.ts";
import { showAccount } from "./shown_account.ts";
import { isAtVenue } from "./terms.ts";
import { openVenueOrders, type VenueOrders } from "./venue/venue_orders.ts";

/** What an account is opened with. */
export interface DeskAccountOptions {
  config: DeskAccountConfig;
  /** Where records go before anything follows from them; without one nothing is kept (backtest). */
  sink?: JournalSink;
  /** Needed by an account whose orders go to a venue. */
  ports?: VenuePorts;
  /** In force before anything is done. */
  stop?: StopInForce | null;
}

/** See the module's description. */
export class DeskAccount {
  readonly #log: AccountLog;
  readonly #venue: VenueOrders | null;
  readonly #orders: OrderDesk;
  #decidedSeq: number;
  #lastStepped: DeskStepped | null = null;

  private constructor(log: AccountLog, ports: VenuePorts | undefined) {
    this.#log = log;
    this.#venue = isAtVenue(log.book.config)
      ? openVenueOrders(log, ports)
      : null;
    this.#orders = this.#venue ?? new CandleDesk(log);
    this.#decidedSeq = log.book.seq;
  }

  /** Opens a new account and journals its configuration. */
  static open(options: DeskAccountOptions): DeskAccount {
    const { config, sink, ports, stop } = options;
    const log = AccountLog.open(config, { sink: sink ?? null });
    log.stop = stop ?? null;
    log.record({
      type: "ACCOUNT",
      format: JOURNAL_FORMAT,
      config,
      state: null,
    });
    log.commit();
    const account = new DeskAccount(log, ports);
    account.#venue?.begin();
    return account;
  }

  /**
   * Rebuilds an account from the whole transactions of its journal, from the
   * beginning of any segment on; it goes on with the candle after `seq`. Trades
   * beyond the owner's `storedTrades` are reported again. The journal is the
   * truth, also where it holds less than the owner: see docs of `openAccount`.
   *
   * @throws {DefectError} If the records contradict each other.
   */
  static recover(
    entries: Iterable<JournalEntry>,
    sink: JournalSink,
    { storedTrades = Infinity, ports, stop = null }:
      & Pick<DeskAccountOptions, "ports" | "stop">
      & { storedTrades?: number } = {},
  ): DeskAccount {
    const { log, lastMark } = recoverLog(entries, { sink, storedTrades });
    log.stop = stop;
    const account = new DeskAccount(log, ports);
    // All candles before the last were decided, or the last would not have come.
    account.#decidedSeq = lastMark.at === null
      ? lastMark.seq
      : lastMark.seq - 1;
    account.#venue?.begin();
    return account;
  }

  /** Last processed candle; `startSeq − 1` before the first. */
  get seq(): number {
    return this.#log.book.seq;
  }

  /** Last candle whose decision was taken in. */
  get decidedSeq(): number {
    return this.#decidedSeq;
  }

  get config(): DeskAccountConfig {
    return this.#log.book.config;
  }

  /** Numbered reports, for an owner in another isolate. */
  get outbox(): Outbox {
    return this.#log.outbox;
  }

  /** Steps that memory can tell again: those after its `floorSeq`. */
  get steps(): Pick<EventLog, "floorSeq" | "forgetUntil"> {
    return this.#log.events;
  }

  /**
   * Processes one closed candle: fills, protection, expiry, valuation, limits.
   * Use `toMessage` (stepped.ts) before the answer is cloned.
   *
   * @throws {DefectError} If `candle` is not the one after the last.
   */
  step(candle: Candle): DeskStepped {
    const log = this.#log;
    const due = log.book.seq + 1;
    if (candle.seq !== due) {
      assert(false, `Candle ${due} is due, was ${candle.seq}`);
    }
    log.isStepping = true;
    this.#orders.step(candle);
    log.isStepping = false;
    return this.#lastStepped = tellStep(log);
  }

  /**
   * Takes in what the agent decided: runs the controls, places what they let
   * through, and tells it in the next step. It does so once for each candle.
   *
   * @throws {DefectError} If the candle was not processed yet.
   */
  decide(decided: AgentDecided): void {
    const { seq } = decided;
    if (seq > this.seq) {
      assert(false, `Candle ${seq} was decided before it was processed`);
    }
    if (decided.seq <= this.#decidedSeq) return;
    this.#decidedSeq = decided.seq;
    if (decided.actions.length > 0) this.act(decided);
  }

  /** Carries out what the agent wants now, between two candles, too. An intent that came before is known by its id. */
  act({ seq, actions }: AgentActed | AgentDecided): void {
    const shared = { decidedSeq: seq, freshIds: new Set<string>() };
    actions.forEach((action, index) => this.#act(action, { ...shared, index }));
  }

  /** The agent says that candles up to `seq` are decided: no further decision on them will come. */
  skipDecisions(seq: number): void {
    this.#decidedSeq = Math.max(this.#decidedSeq, Math.min(seq, this.seq));
  }

  /** Why the account takes no new risk for now; the owner sees it as halted meanwhile. */
  get outage(): Outage | null {
    return this.#log.outage;
  }

  set outage(outage: Outage | null) {
    this.#log.outage = outage;
  }

  /** Null on candles. */
  get venue(): VenueSide | null {
    return this.#venue;
  }

  /** Whether nothing is left that a quiesced account must not have. */
  get isQuiesced(): boolean {
    return this.#venue?.isQuiesced ?? true;
  }

  /** What an emergency stop does to the account, as one transaction. */
  pullLever(pull: (orders: LeverOrders) => void): void {
    pull(this.#orders.levers());
    this.#orders.commit();
  }

  /** The account as it is now. */
  view(): AccountView {
    return showAccount(this.#log);
  }

  /** Trades and equity points since the last call, for an owner in the same isolate. */
  drainReport(): ReportContent {
    return this.#log.outbox.drain();
  }

  /** For those who look at the books and change nothing. */
  read<T>(look: (book: Book) => T): T {
    return look(this.#log.book);
  }

  /** What was told in a step up to `seq`, to tell it again. */
  steppedAt(seq: number): DeskStepped {
    if (this.#lastStepped?.seq === seq) return this.#lastStepped;
    return { type: "stepped", ...this.#log.events.told(seq) };
  }

  /** Reads forgotten steps back from the entries of the journal. */
  recallSteps(entries: Iterable<JournalEntry>): void {
    const events = foldEvents(entries);
    events.capacity = REMEMBERED_STEPS;
    this.#log.events = events;
  }

  /** What the next segment of the journal begins with. */
  toSegmentStart(options: Parameters<AccountLog["toSegmentStart"]>[0]) {
    return this.#log.toSegmentStart(options);
  }

  /**
   * Withdraws every entry and lets no new one in. `close` also closes the position
   * at the last close; `keep` leaves it protected. See {@link DeskAccount.isQuiesced}.
   */
  quiesce(options: { positions: "close" | "keep"; reason: string }): void {
    const { positions, reason } = options;
    this.#allowEntries(false, reason);
    if (positions === "close") this.#orders.closeNow(reason);
    this.#orders.commit();
  }

  /** Lets entries in or not. Resting entries are withdrawn when they are no longer allowed. */
  setEntries(options: { allowed: boolean; reason: string }): void {
    this.#allowEntries(options.allowed, options.reason);
    this.#orders.commit();
  }

  /**
   * Clears a latched drawdown or breaker: the present equity is the new peak, the
   * losing streak starts anew. The same command once more changes nothing.
   */
  rearm(command: { commandId: string; reason: string }): void {
    const log = this.#log;
    if (log.book.isKnownCommand(command.commandId)) return;
    log.record({ type: "REARM", ...command });
    log.book.valuation.resetPeak();
    log.mustCheckLimits = true;
    log.commit();
  }

  /** New limits; they hold from now on and are checked at the next candle. Capital and start stay. */
  updateConfig(config: DeskAccountConfig): void {
    const log = this.#log;
    log.record({ type: "CONFIG", config });
    if (!config.entriesAllowed) {
      this.#orders.withdrawEntries("Entries are not allowed");
    }
    log.mustCheckLimits = true;
    this.#orders.commit();
  }

  #act(action: DeskAction, context: SubmitContext): void {
    switch (action.kind) {
      case "submit":
        return this.#orders.submit(action.intent, context);
      case "cancel":
        return this.#orders.cancelEntry(action.intentId, action.reason);
      case "close":
        return this.#orders.close(action.reason);
      case "moveStop":
        return this.#orders.moveStop(action, context);
      case "part":
        return this.#orders.sendPart(action, context);
      case "reprice":
        return this.#orders.reprice(action, context);
      default:
        return assertNever(action, "desk action");
    }
  }

  #allowEntries(allowed: boolean, reason: string): void {
    const log = this.#log;
    if (log.book.config.entriesAllowed !== allowed) {
      log.record({ type: "ENTRIES", allowed, reason });
    }
    if (!allowed) this.#orders.withdrawEntries(reason);
  }
}
