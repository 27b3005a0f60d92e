/** Folds a journal's orders and fills into trades with arithmetic of its own. */
// @ts-types="@types/big.js"
import Big from "big.js";
import type { JournalLine } from "./journal_reader.ts";

/** A round trip as the fills tell it. */
export interface FoldedTrade {
  intentId: string;
  direction: "long" | "short";
  quantity: string;
  entryPrice: string;
  exitPrice: string;
  entrySeq: number;
  exitSeq: number;
  fees: string;
  netPnl: string;
}

/** What a journal adds up to. */
export interface FoldedLedger {
  orders: number;
  fills: number;
  trades: FoldedTrade[];
  cash: string;
  /** Effects that must not be there, or are there twice. */
  duplicated: string[];
  /** Effects without their cause, or sums that do not hold. */
  lost: string[];
}

interface OpenTrip {
  fill: JournalLine;
  fees: Big;
}

/** Books are kept to eight places, rounded half to even; a fill has the price of the market as it was. */
const PLACES = 8;
const HALF_EVEN = 2;

function toBooked(price: string): string {
  return new Big(price).round(PLACES, HALF_EVEN).toFixed();
}

/** Folds all lines of one account. */
export function foldLedger(lines: readonly JournalLine[]): FoldedLedger {
  const fold = new LedgerFold();
  for (const line of lines) fold.take(line);
  return fold.finish();
}

class LedgerFold {
  readonly #orders = new Map<string, JournalLine>();
  readonly #entries = new Set<string>();
  readonly #intents = new Set<string>();
  readonly #filled = new Set<string>();
  readonly #fillIds = new Set<string>();
  readonly #canceled = new Set<string>();
  readonly #trades: FoldedTrade[] = [];
  readonly #duplicated: string[] = [];
  readonly #lost: string[] = [];
  #cash = new Big(0);
  #trip: OpenTrip | null = null;

  take(line: JournalLine): void {
    const { record } = line;
    if (record.type === "ACCOUNT") {
      this.#cash = new Big(record.config.risk.initialCapital);
    } else if (record.type === "INTENT") this.#takeIntent(record.intent);
    else if (record.type === "ORDER") this.#takeOrder(record.order);
    else if (record.type === "FILL") this.#takeFill(record.fill);
    else if (record.type === "CANCEL") this.#takeCancel(record.orderId);
    if (line.mark !== undefined) this.#checkMark(line.mark);
  }

  finish(): FoldedLedger {
    return {
      orders: this.#orders.size,
      fills: this.#filled.size,
      trades: this.#trades,
      cash: this.#cash.toFixed(),
      duplicated: this.#duplicated,
      lost: this.#lost,
    };
  }

  #takeIntent({ intentId }: JournalLine): void {
    if (this.#intents.has(intentId)) {
      this.#duplicated.push(`intent ${intentId} is journaled twice`);
    }
    this.#intents.add(intentId);
  }

  #takeOrder(order: JournalLine): void {
    if (this.#orders.has(order.orderId)) {
      this.#duplicated.push(`order ${order.orderId} is placed twice`);
    }
    this.#orders.set(order.orderId, order);
    if (order.role !== "entry") return;
    if (this.#entries.has(order.intentId)) {
      this.#duplicated.push(`intent ${order.intentId} has two entry orders`);
    }
    if (!this.#intents.has(order.intentId)) {
      this.#lost.push(`entry order ${order.orderId} has no intent`);
    }
    this.#entries.add(order.intentId);
  }

  #takeCancel(orderId: string): void {
    if (!this.#orders.has(orderId)) {
      this.#lost.push(`canceled order ${orderId} was never placed`);
    }
    this.#canceled.add(orderId);
  }

  #takeFill(fill: JournalLine): void {
    const order = this.#orders.get(fill.orderId);
    if (order === undefined) {
      this.#lost.push(`fill ${fill.fillId} has no order`);
    } else if (order.side !== fill.side || order.quantity !== fill.quantity) {
      this.#lost.push(`fill ${fill.fillId} differs from its order`);
    }
    if (this.#filled.has(fill.orderId) || this.#fillIds.has(fill.fillId)) {
      this.#duplicated.push(`order ${fill.orderId} is filled twice`);
    }
    if (this.#canceled.has(fill.orderId)) {
      this.#duplicated.push(`order ${fill.orderId} is filled after its end`);
    }
    this.#filled.add(fill.orderId);
    this.#fillIds.add(fill.fillId);
    this.#book(fill);
  }

  #book(fill: JournalLine): void {
    const fee = new Big(fill.fee);
    this.#cash = this.#cash.minus(fee);
    if (this.#trip === null) {
      if (fill.role !== "entry") {
        this.#duplicated.push(`fill ${fill.fillId} closes no position`);
      }
      this.#trip = { fill, fees: fee };
      return;
    }
    const { fill: entry, fees } = this.#trip;
    if (fill.role === "entry" || entry.intentId !== fill.intentId) {
      this.#duplicated.push(`fill ${fill.fillId} opens a second position`);
    }
    const isLong = entry.side === "buy";
    const move = new Big(fill.price).minus(entry.price).times(isLong ? 1 : -1);
    const gain = move.times(fill.quantity).round(PLACES, HALF_EVEN);
    const allFees = fees.plus(fee);
    this.#cash = this.#cash.plus(gain);
    this.#trades.push({
      intentId: entry.intentId,
      direction: isLong ? "long" : "short",
      quantity: entry.quantity,
      entryPrice: toBooked(entry.price),
      exitPrice: toBooked(fill.price),
      entrySeq: entry.seq,
      exitSeq: fill.seq,
      fees: allFees.toFixed(),
      netPnl: gain.minus(allFees).toFixed(),
    });
    this.#trip = null;
  }

  #checkMark(mark: JournalLine): void {
    if (!this.#cash.eq(mark.cash)) {
      this.#lost.push(
        `candle ${mark.seq}: the journal says cash ${mark.cash}, its fills add up to ${this.#cash.toFixed()}`,
      );
    }
    if (mark.trades !== this.#trades.length) {
      this.#lost.push(
        `candle ${mark.seq}: the journal says ${mark.trades} trades, its fills make ${this.#trades.length}`,
      );
    }
  }
}
