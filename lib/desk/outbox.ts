import type { EquityPoint } from "../contracts/account.ts";
import type { Trade } from "../contracts/order.ts";
import { assert } from "../core/assert.ts";
import {
  PENDING_POINTS_MAX,
  PENDING_TRADES_MAX,
  REPORT_POINTS_MAX,
  REPORT_TRADES_MAX,
  REPORTS_UNACKNOWLEDGED_MAX,
} from "./limits.ts";
import {
  acknowledgedTrades,
  type OutboxState,
} from "./account/account_state.ts";
import type { LinkRecord } from "./journal/records.ts";

/** What a report must carry to the store. */
export interface ReportContent {
  trades: Trade[];
  equity: EquityPoint[];
}

/** A numbered report that was sent and is not yet acknowledged. */
export interface IssuedReport extends ReportContent {
  sequence: number;
  /** Trades of the account up to and with this report. */
  tradesInAll: number;
}

type ReportRecord = Extract<LinkRecord, { type: "REPORT" }>;

/**
 * What the owner has to store: trades and equity points in order, cut into
 * numbered reports. Numbers and cuts are journaled before a report is sent, so
 * that after a crash the same report goes out under the same number and a
 * consumer that drops known numbers loses nothing and stores nothing twice.
 */
export class Outbox {
  #trades: Trade[] = [];
  #points: EquityPoint[] = [];
  #unacknowledged: IssuedReport[] = [];
  /** How many of `#unacknowledged` were sent by this incarnation. */
  #sent = 0;
  /** During a replay: acknowledged reports with trades that the owner does not have. */
  #missing: IssuedReport[] = [];
  /** During a replay: trades that the owner has. */
  #storedTrades = Infinity;
  #sequence = 0;
  #acknowledged = 0;
  #tradesIssued = 0;
  #reportedFrom = 0;

  /** Number of the latest report; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Whether so many trades wait that the account must not make more. */
  get isFull(): boolean {
    return this.#trades.length >= PENDING_TRADES_MAX;
  }

  /** Whether a further report may be issued now. */
  get canIssue(): boolean {
    return this.#unacknowledged.length < REPORTS_UNACKNOWLEDGED_MAX;
  }

  /** Whether trades or equity points wait for a report. */
  get hasContent(): boolean {
    return this.#trades.length > 0 || this.#points.length > 0;
  }

  /** Issued and not yet acknowledged, oldest first. */
  get unacknowledged(): readonly IssuedReport[] {
    return this.#unacknowledged;
  }

  /**
   * Before the replay of a journal whose owner has stored `storedTrades` trades:
   * a report with trades beyond them counts as not acknowledged, whatever the
   * journal says, because the owner has lost it (a store from an older backup).
   * What is kept for it is bounded by the journal that it is read from.
   */
  startReplay(storedTrades: number): void {
    this.#storedTrades = storedTrades;
  }

  /** After the replay: what the owner does not have comes before what it never heard of. */
  endReplay(): void {
    this.#storedTrades = Infinity;
    this.#unacknowledged = [...this.#missing, ...this.#unacknowledged];
    this.#missing = [];
  }

  /** The reports that are to be sent now, oldest first; each is given once. More follow as the owner acknowledges. */
  takeSendable(): IssuedReport[] {
    const sendable = this.#unacknowledged.slice(
      this.#sent,
      REPORTS_UNACKNOWLEDGED_MAX,
    );
    this.#sent += sendable.length;
    return sendable;
  }

  /** Trades before the first one that can be reported again; 0 with the whole journal at hand. */
  get reportedFrom(): number {
    return this.#reportedFrom;
  }

  /** Goes on from a state that {@link Outbox.toState} wrote. */
  restore(state: OutboxState): void {
    this.#sequence = state.sequence;
    this.#acknowledged = state.acknowledged;
    this.#tradesIssued = state.tradesIssued;
    this.#unacknowledged = state.unacknowledged.map((report) => ({
      ...report,
      trades: [...report.trades],
      equity: [...report.equity],
    }));
    this.#trades = [...state.trades];
    this.#points = [...state.points];
    this.#reportedFrom = acknowledgedTrades(state);
  }

  toState(): OutboxState {
    return {
      sequence: this.#sequence,
      acknowledged: this.#acknowledged,
      tradesIssued: this.#tradesIssued,
      unacknowledged: this.#unacknowledged,
      trades: this.#trades,
      points: this.#points,
    };
  }

  /** Trades that the owner has not acknowledged. */
  get waitingTrades(): number {
    return this.#unacknowledged.reduce(
      (sum, { trades }) => sum + trades.length,
      this.#trades.length,
    );
  }

  addTrade(trade: Trade): void {
    this.#trades.push(trade);
  }

  addPoint(point: EquityPoint): void {
    this.#points.push(point);
    if (this.#points.length > PENDING_POINTS_MAX) {
      this.#points = this.#points.filter((_, index) => index % 2 === 1);
    }
  }

  /** Takes everything that waits, for an owner in the same isolate who needs no numbers. */
  drain(): ReportContent {
    const content = { trades: this.#trades, equity: this.#points };
    this.#trades = [];
    this.#points = [];
    return content;
  }

  /** The record that issues the next report; journal it, then {@link Outbox.apply} it. */
  nextRecord(): ReportRecord {
    return {
      type: "REPORT",
      sequence: this.#sequence + 1,
      trades: Math.min(this.#trades.length, REPORT_TRADES_MAX),
      points: Math.min(this.#points.length, REPORT_POINTS_MAX),
      acknowledged: this.#acknowledged,
    };
  }

  /** Cuts a report as its record says, live and in recovery alike. */
  apply(record: ReportRecord): IssuedReport {
    assert(
      record.trades <= this.#trades.length &&
        record.points <= this.#points.length,
      `Report ${record.sequence} holds more than waits: ${record.trades} trades of ${this.#trades.length}, ${record.points} points of ${this.#points.length}`,
    );
    this.#tradesIssued += record.trades;
    const report: IssuedReport = {
      sequence: record.sequence,
      tradesInAll: this.#tradesIssued,
      trades: this.#trades.splice(0, record.trades),
      equity: this.#points.splice(0, record.points),
    };
    this.#sequence = record.sequence;
    this.#unacknowledged.push(report);
    this.acknowledge(record.acknowledged);
    return report;
  }

  /**
   * Reports up to `sequence` are stored. Returns whether that says anything worth
   * keeping: a crash before the next report would send their trades again. A
   * number above our own means that the owner stored more than a power cut left
   * of the journal: ours goes on above it.
   */
  acknowledge(sequence: number): boolean {
    const isNews = sequence > this.#acknowledged;
    this.#acknowledged = Math.max(this.#acknowledged, sequence);
    this.#sequence = Math.max(this.#sequence, sequence);
    const stored = this.#unacknowledged.filter((report) =>
      report.sequence <= sequence
    );
    this.#unacknowledged = this.#unacknowledged.slice(stored.length);
    this.#sent = Math.max(0, this.#sent - stored.length);
    const withTrades = stored.filter(({ trades }) => trades.length > 0);
    for (const report of withTrades) {
      if (report.tradesInAll > this.#storedTrades) this.#missing.push(report);
    }
    return isNews && withTrades.length > 0;
  }
}
