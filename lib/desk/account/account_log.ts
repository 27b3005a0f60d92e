import { assert } from "../../core/assert.ts";
import { JOURNAL_FORMAT } from "../journal/format.ts";
import { toBooked, toDecimalText } from "../../core/decimal.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import { Book } from "./book.ts";
import { EventLog, type StandingFacts } from "./event_log.ts";
import type { StopInForce } from "./lever_orders.ts";
import type { Outage } from "./outage.ts";
import { Outbox } from "../outbox.ts";
import {
  type BookMark,
  type BookRecord,
  isBookRecord,
  type JournalEntry,
  type JournalSink,
} from "../journal/records.ts";

/** Where the records of a log go, and how much it remembers. */
export interface LogOptions {
  /** Null where nothing is kept. */
  sink: JournalSink | null;
  /** Steps with events that are kept in memory; default `REMEMBERED_STEPS`. */
  capacity?: number;
}

/**
 * The book with its records: every change goes through {@link AccountLog.record},
 * is written before anything follows from it, and is remembered as events for
 * the agent and as trades for the owner.
 */
export class AccountLog {
  readonly book: Book;
  readonly outbox = new Outbox();
  events: EventLog;
  /** Whether records belong to the candle that is being processed, not to what follows it. */
  isStepping = false;
  /** Whether something was filled in the transaction under way. */
  hasFilled = false;
  /** Whether the limits must be checked at the next candle whatever the equity. */
  mustCheckLimits = true;
  /** Why the account takes no new risk, or null; not part of the books. */
  outage: Outage | null = null;
  /** The emergency stop in force, or null; not part of the books. */
  stop: StopInForce | null = null;
  readonly #sink: JournalSink | null;
  /** Records of the transaction under way, not yet written. */
  #unwritten: JournalEntry[] = [];

  private constructor(
    { book, events, sink }: {
      book: Book;
      events: EventLog;
      sink: JournalSink | null;
    },
  ) {
    this.book = book;
    this.events = events;
    this.#sink = sink;
  }

  /** The log of a new account, before its first record. */
  static open(
    config: DeskAccountConfig,
    { sink, capacity }: LogOptions,
  ): AccountLog {
    const book = new Book(config);
    const events = new EventLog(standingOf(book), capacity);
    return new AccountLog({ book, events, sink });
  }

  /**
   * The log as the first entry of a segment has it; {@link AccountLog.fold} the
   * entries from that one on.
   *
   * @throws {DefectError} If the entry does not begin a segment.
   */
  static startFrom(
    { record, mark }: JournalEntry,
    options: LogOptions,
  ): AccountLog {
    assert(
      record.type === "ACCOUNT",
      `A journal must begin with ACCOUNT, was ${record.type}`,
    );
    const { config, state } = record;
    if (state === null) return AccountLog.open(config, options);
    assert(mark !== undefined, "A segment must begin with a mark");
    const { sink, capacity } = options;
    const book = Book.restore(config, { state: state.book, mark });
    const events = EventLog.after(mark.seq, {
      standing: standingOf(book),
      untold: state.untold,
      ...(capacity === undefined ? {} : { capacity }),
    });
    const log = new AccountLog({ book, events, sink });
    log.outbox.restore(state.outbox);
    return log;
  }

  /** What the next segment of the journal begins with: all that the records so far add up to. */
  toSegmentStart(
    { segment, newestEpoch }: { segment: number; newestEpoch: number },
  ): JournalEntry {
    assert(!this.hasRecords, "A segment must not end within a transaction");
    const { book, outbox, events } = this;
    const { seq, config } = book;
    return {
      seq,
      toldSeq: seq + 1,
      record: {
        type: "ACCOUNT",
        format: JOURNAL_FORMAT,
        config,
        state: {
          segment,
          newestEpoch,
          book: book.toState(),
          outbox: outbox.toState(),
          untold: events.own(seq + 1),
        },
      },
      mark: book.toMark(),
    };
  }

  /** Whether the records are kept at all. */
  get isJournaled(): boolean {
    return this.#sink !== null;
  }

  /** Whether the transaction under way has records. */
  get hasRecords(): boolean {
    return this.#unwritten.length > 0;
  }

  /** Applies a fact and keeps it for the journal. */
  record(record: BookRecord): void {
    const { seq } = this.book;
    const toldSeq = this.isStepping ? seq : seq + 1;
    this.#unwritten.push({ seq, toldSeq, record });
    this.#apply(record, toldSeq);
  }

  /** The controls have given their verdict over an order. */
  judged(): void {
    this.#sink?.verdict?.();
  }

  /** Writes the records so far, with the transaction still open. */
  write(): void {
    if (this.#unwritten.length === 0) return;
    this.#sink?.append(this.#unwritten);
    this.#unwritten = [];
  }

  /** Ends a transaction: marks its last record, writes, and samples the equity curve after a fill or on demand. */
  commit(isSample = false): void {
    const { seq, at, valuation } = this.book;
    const equity = isSample || this.hasFilled ? valuation.equity() : null;
    const text = equity === null ? null : toDecimalText(toBooked(equity));
    this.hasFilled = false;
    if (text !== null && at !== null) {
      this.outbox.addPoint({ seq, at, equity: text });
    }
    const last = this.#unwritten.at(-1);
    if (last === undefined) return;
    this.book.endTransaction();
    if (this.#sink !== null) {
      last.mark = this.book.toMark();
      if (text !== null) last.mark.equity = text;
    }
    this.write();
  }

  /**
   * Applies one entry of a journal. The beginning of a later segment changes
   * nothing: it says what the records so far add up to.
   *
   * @throws {DefectError} If the entries contradict each other.
   */
  fold({ record, toldSeq, mark }: JournalEntry): void {
    if (record.type === "REPORT") this.outbox.apply(record);
    if (record.type === "ACKNOWLEDGED") {
      this.outbox.acknowledge(record.sequence);
    }
    if (isBookRecord(record)) this.#apply(record, toldSeq);
    if (mark === undefined) return;
    const { ledger } = this.book;
    this.book.takeMark(mark);
    if (mark.equity !== undefined && mark.at !== null) {
      this.outbox.addPoint({
        seq: mark.seq,
        at: mark.at,
        equity: mark.equity,
      });
    }
    assert(
      mark.cash === ledger.cashText && mark.trades === ledger.trades,
      `The journal's cash after candle ${mark.seq} is ${mark.cash} with ${mark.trades} trades, its fills add up to ${ledger.cashText} with ${ledger.trades}`,
    );
  }

  #apply(record: BookRecord, toldSeq: number): void {
    const events = this.book.apply(record, toldSeq);
    if (events.length === 0) return;
    const standing = standingOf(this.book);
    for (const event of events) {
      this.events.add(toldSeq, event, standing);
      if (event.type === "PositionClosed") this.outbox.addTrade(event.trade);
    }
  }
}

/**
 * Folds the entries of a journal into the log that goes on with them.
 *
 * @throws {DefectError} If the entries contradict each other, or hold no whole transaction.
 */
export function recoverLog(
  entries: Iterable<JournalEntry>,
  { sink, storedTrades }: { sink: JournalSink; storedTrades: number },
): { log: AccountLog; lastMark: BookMark } {
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
  return { log, lastMark };
}

/**
 * Folds entries into events alone, without forgetting any: for an agent that asks
 * for steps that memory has lost.
 *
 * @throws {DefectError} If the entries contradict each other, or there are none.
 */
export function foldEvents(entries: Iterable<JournalEntry>): EventLog {
  let log: AccountLog | null = null;
  for (const entry of entries) {
    log ??= AccountLog.startFrom(entry, { sink: null, capacity: Infinity });
    log.fold(entry);
  }
  assert(log !== null, "A journal must hold at least one entry");
  return log.events;
}

function standingOf(book: Book): StandingFacts {
  const { position, cashText } = book.ledger;
  return {
    equity: position === null ? cashText : null,
    hasPosition: position !== null,
    tradingState: book.standing.state,
  };
}
