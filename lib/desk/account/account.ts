/**
 * One agent's account at a desk: the deterministic core that the desk worker and
 * the inline backtest share. It has no clock and no randomness; the same candles,
 * decisions and commands give the same trades, and after a crash the journal
 * gives back the same state.
 *
 * @module
 */
import { orderIdOf } from "../../../agents/execution/matching.ts";
import type { AccountView } from "../../contracts/account.ts";
import type { Candle } from "../../contracts/candle.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type { AgentDecided, DeskStepped } from "../../contracts/links.ts";
import type { DeskAction } from "../../contracts/order.ts";
import { assert, assertNever } from "../../core/assert.ts";
import { AccountLog, foldEvents } from "./account_log.ts";
import { processCandle } from "./candle_step.ts";
import { cancelEntries, closeAtOpen, closeNow } from "./order_actions.ts";
import { type LeverOrders, leverOrders } from "./lever_orders.ts";
import { JOURNAL_FORMAT } from "../journal/format.ts";
import { REMEMBERED_STEPS } from "../limits.ts";
import type { Outage } from "./outage.ts";
import type { Outbox, ReportContent } from "../outbox.ts";
import type {
  BookMark,
  JournalEntry,
  JournalSink,
} from "../journal/records.ts";
import { moveStop } from "./stop_moves.ts";
import { submitIntent } from "./submission.ts";
import { tellStep } from "./stepped.ts";
import { showAccount } from "./shown_account.ts";

/** What an account is opened with. */
export interface DeskAccountOptions {
  config: DeskAccountConfig;
  /** Where records go before anything follows from them; without one nothing is kept (backtest). */
  sink?: JournalSink;
}

/** See the module's description. */
export class DeskAccount {
  readonly #log: AccountLog;
  #decidedSeq: number;
  #lastStepped: DeskStepped | null = null;

  private constructor(log: AccountLog) {
    this.#log = log;
    this.#decidedSeq = log.book.seq;
  }

  /** Opens a new account and journals its configuration. */
  static open({ config, sink }: DeskAccountOptions): DeskAccount {
    const log = AccountLog.open(config, { sink: sink ?? null });
    log.record({
      type: "ACCOUNT",
      format: JOURNAL_FORMAT,
      config,
      state: null,
    });
    log.commit();
    return new DeskAccount(log);
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
    { storedTrades = Infinity }: { storedTrades?: number } = {},
  ): DeskAccount {
    let log: AccountLog | null = null;
    let lastMark: BookMark | null = null;
    for (const entry of entries) {
      if (log === null) {
        log = AccountLog.startFrom(entry, { sink });
        log.outbox.startReplay(storedTrades);
      }
      log.fold(entry);
      lastMark = entry.mark ?? lastMark;
    }
    assert(
      log !== null && lastMark !== null,
      "A journal must hold at least one whole transaction",
    );
    log.book.finish(lastMark);
    log.outbox.endReplay();
    const account = new DeskAccount(log);
    // All candles before the last were decided, or the last would not have come.
    account.#decidedSeq = lastMark.at === null
      ? lastMark.seq
      : lastMark.seq - 1;
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

  /** The newest step that can no longer be told again from memory; −1 where all can. */
  get forgottenSeq(): number {
    return this.#log.events.floorSeq;
  }

  /**
   * Processes one closed candle: fills, protection, expiry, valuation, limits.
   * Use `toMessage` (stepped.ts) before the answer is cloned.
   *
   * @throws {DefectError} If `candle` is not the one after the last.
   */
  step(candle: Candle): DeskStepped {
    const log = this.#log;
    if (candle.seq !== log.book.seq + 1) {
      assert(false, `Candle ${log.book.seq + 1} is due, was ${candle.seq}`);
    }
    log.isStepping = true;
    processCandle(log, candle);
    log.isStepping = false;
    return this.#lastStepped = tellStep(log);
  }

  /**
   * Takes in what the agent decided: runs the controls, places what they let
   * through. What came of it is told in the next step. A decision that was taken
   * in before is ignored.
   *
   * @throws {DefectError} If the candle was not processed yet.
   */
  decide(decided: AgentDecided): void {
    if (decided.seq > this.seq) {
      assert(
        false,
        `Candle ${decided.seq} was decided at candle ${this.seq}, before it was processed`,
      );
    }
    if (decided.seq <= this.#decidedSeq) return;
    this.#decidedSeq = decided.seq;
    if (decided.actions.length === 0) return;
    const freshIds = new Set<string>();
    decided.actions.forEach((action, index) =>
      this.#act(action, { decidedSeq: decided.seq, index, freshIds })
    );
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

  /** What an emergency stop does to the account, as one transaction. */
  pullLever(pull: (orders: LeverOrders) => void): void {
    pull(leverOrders(this.#log));
    this.#log.commit();
  }

  /** The account as it is now. */
  view(): AccountView {
    return showAccount(this.#log);
  }

  /** Trades and equity points since the last call, for an owner in the same isolate; `forgets` steps where no agent would start from before them. */
  drainReport({ forgets = false } = {}): ReportContent {
    if (forgets) this.#log.events.forgetUntil(this.seq);
    return this.#log.outbox.drain();
  }

  /** About the equity at the last close, for a curve; null while it is unknown. */
  get equityEstimate(): number | null {
    return this.#log.book.valuation.equityEstimate;
  }

  /** What was told in a step up to `seq`, to tell it again. */
  steppedAt(seq: number): DeskStepped {
    if (this.#lastStepped?.seq === seq) return this.#lastStepped;
    return { type: "stepped", ...this.#log.events.told(seq) };
  }

  /** Reads forgotten steps back from the entries of the journal. */
  recallSteps(entries: Iterable<JournalEntry>): void {
    const events = foldEvents(entries);
    // From here on as always: what was recalled is told before much more comes.
    events.capacity = REMEMBERED_STEPS;
    this.#log.events = events;
  }

  /** What the next segment of the journal begins with. */
  toSegmentStart(
    options: { segment: number; newestEpoch: number },
  ): JournalEntry {
    return this.#log.toSegmentStart(options);
  }

  /**
   * Withdraws every entry and lets no new one in. `close` also closes the
   * position at the last close; `keep` leaves it with its protection.
   */
  quiesce(options: { positions: "close" | "keep"; reason: string }): void {
    const { positions, reason } = options;
    this.#allowEntries(false, reason);
    if (positions === "close") closeNow(this.#log, reason);
    this.#log.commit();
  }

  /** Lets entries in or not. Resting entries are withdrawn when they are no longer allowed. */
  setEntries(options: { allowed: boolean; reason: string }): void {
    this.#allowEntries(options.allowed, options.reason);
    this.#log.commit();
  }

  /**
   * Clears a latched drawdown or breaker: the present equity is the new peak, the
   * losing streak starts anew. Repeated, the same command changes nothing: it
   * would forgive losses that nobody has looked at.
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
    if (!config.entriesAllowed) cancelEntries(log, "Entries are not allowed");
    log.mustCheckLimits = true;
    log.commit();
  }

  #act(
    action: DeskAction,
    context: { decidedSeq: number; index: number; freshIds: Set<string> },
  ): void {
    switch (action.kind) {
      case "submit":
        return submitIntent(this.#log, action.intent, context);
      case "cancel":
        return this.#cancelEntry(action.intentId, action.reason);
      case "close":
        closeAtOpen(this.#log);
        return this.#log.commit();
      case "moveStop":
        return moveStop(this.#log, action, context);
      default:
        return assertNever(action, "desk action");
    }
  }

  #cancelEntry(intentId: string, reason: string): void {
    const log = this.#log;
    const orderId = orderIdOf(intentId, "entry");
    // Filled, expired or denied meanwhile: the agent is told of that already.
    if (!log.book.gateway.has(orderId)) return;
    log.record({ type: "CANCEL", orderId, reason });
    log.commit();
  }

  #allowEntries(allowed: boolean, reason: string): void {
    const log = this.#log;
    if (log.book.config.entriesAllowed !== allowed) {
      log.record({ type: "ENTRIES", allowed, reason });
    }
    if (!allowed) cancelEntries(log, reason);
  }
}
