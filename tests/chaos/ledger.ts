/** Folds a journal's orders and fills into trades with arithmetic of its own. */
// @ts-types="@types/big.js"
import Big from "big.js";
import type { JournalLine } from "./journal_reader.ts";
import {
  differencesOf,
  type LedgerState,
  type OpenTrip,
  readState,
} from "./ledger_state.ts";

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
  /** Those that the lines tell of, as are the fills. */
  orders: number;
  fills: number;
  /** Trades of earlier segments, which are no longer kept. */
  tradesBefore: number;
  /** Trades after them. */
  trades: FoldedTrade[];
  cash: string;
  /** Effects that must not be there, or are there twice. */
  duplicated: string[];
  /** Effects without their cause, or sums that do not hold. */
  lost: string[];
}

/** Books are kept to eight places, rounded half to even; a fill has the price of the market as it was. */
const PLACES = 8;
const HALF_EVEN = 2;

function toBooked(price: Big): string {
  return price.round(PLACES, HALF_EVEN).toFixed();
}

/**
 * Folds all lines of one account that are kept. Where they do not begin with the
 * account they go on from the state that they begin with; the state at each
 * later beginning must be what the lines before it add up to.
 */
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
  /** Resting orders by id, in the order they were placed. */
  readonly #resting = new Map<string, JournalLine>();
  #cash = new Big(0);
  #trip: OpenTrip | null = null;
  #tradesBefore = 0;
  #ordersBefore = 0;
  #hasBegun = false;

  take(line: JournalLine): void {
    const { record } = line;
    if (record.type === "ACCOUNT") this.#takeAccount(line);
    else if (record.type === "INTENT") this.#takeIntent(record.intent);
    else if (record.type === "ORDER") this.#takeOrder(record.order);
    else if (record.type === "FILL") this.#takeFill(record.fill);
    else if (record.type === "FUNDING") this.#takeFunding(line);
    else if (record.type === "CANCEL") this.#takeCancel(record.orderId);
    if (line.mark !== undefined) this.#checkMark(line.mark);
  }

  finish(): FoldedLedger {
    return {
      orders: this.#orders.size - this.#ordersBefore,
      fills: this.#filled.size,
      tradesBefore: this.#tradesBefore,
      trades: this.#trades,
      cash: this.#cash.toFixed(),
      duplicated: this.#duplicated,
      lost: this.#lost,
    };
  }

  #takeAccount({ seq, record }: JournalLine): void {
    const state = record.state ?? null;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (state === null) {
      if (!isFirst) this.#duplicated.push(`candle ${seq}: it begins anew`);
      this.#cash = new Big(record.config.risk.initialCapital);
      return;
    }
    const stated = readState(state);
    if (isFirst) return this.#startFrom(stated);
    for (const difference of differencesOf(stated, this.#state())) {
      this.#lost.push(
        `candle ${seq}: segment ${state.segment} begins with ${difference}`,
      );
    }
  }

  #startFrom({ cash, trades, trip, orders, intents }: LedgerState): void {
    this.#cash = cash;
    this.#tradesBefore = trades;
    this.#trip = trip;
    for (const id of intents) this.#intents.add(id);
    for (const order of orders) {
      this.#orders.set(order.orderId, order);
      this.#resting.set(order.orderId, order);
      if (order.role === "entry") this.#entries.add(order.intentId);
    }
    if (trip !== null) this.#entries.add(trip.intentId);
    this.#ordersBefore = orders.length;
  }

  #state(): LedgerState {
    return {
      cash: this.#cash,
      trades: this.#tradesBefore + this.#trades.length,
      trip: this.#trip,
      orders: [...this.#resting.values()],
      intents: [...this.#intents],
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
    this.#resting.set(order.orderId, order);
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
    this.#resting.delete(orderId);
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
    this.#resting.delete(fill.orderId);
    this.#book(fill);
  }

  #takeFunding({ seq, record }: JournalLine): void {
    this.#cash = this.#cash.minus(record.amount);
    if (this.#trip === null) {
      this.#lost.push(`candle ${seq}: funding without a position`);
      return;
    }
    const funding = this.#trip.funding.plus(record.amount);
    this.#trip = { ...this.#trip, funding };
  }

  #book(fill: JournalLine): void {
    const fee = new Big(fill.fee).plus(fill.hedge?.fee ?? 0);
    this.#cash = this.#cash.minus(fee);
    if (this.#trip === null) {
      if (fill.role !== "entry") {
        this.#duplicated.push(`fill ${fill.fillId} closes no position`);
      }
      this.#trip = {
        intentId: fill.intentId,
        isLong: fill.side === "buy",
        quantity: fill.quantity,
        entryPrice: new Big(fill.price),
        hedge: fill.hedge === undefined ? null : {
          quantity: fill.hedge.quantity,
          cost: new Big(fill.hedge.price).times(fill.hedge.quantity),
        },
        entrySeq: fill.seq,
        fees: fee,
        funding: new Big(0),
      };
      return;
    }
    const { intentId, isLong, quantity, entryPrice, entrySeq } = this.#trip;
    const { fees, funding, hedge } = this.#trip;
    if (fill.role === "entry" || intentId !== fill.intentId) {
      this.#duplicated.push(`fill ${fill.fillId} opens a second position`);
    }
    if ((hedge?.quantity ?? null) !== (fill.hedge?.quantity ?? null)) {
      this.#lost.push(`fill ${fill.fillId} leaves a leg of its pair`);
    }
    const first = new Big(fill.price).minus(entryPrice).times(fill.quantity);
    const second = hedge === null || fill.hedge === undefined
      ? new Big(0)
      : new Big(fill.hedge.price).times(hedge.quantity).minus(hedge.cost);
    const gain = first.minus(second).times(isLong ? 1 : -1)
      .round(PLACES, HALF_EVEN);
    const allFees = fees.plus(fee);
    this.#cash = this.#cash.plus(gain);
    this.#trades.push({
      intentId,
      direction: isLong ? "long" : "short",
      quantity,
      entryPrice: toBooked(entryPrice),
      exitPrice: toBooked(new Big(fill.price)),
      entrySeq,
      exitSeq: fill.seq,
      fees: allFees.toFixed(),
      netPnl: gain.minus(allFees).minus(funding).toFixed(),
    });
    this.#trip = null;
  }

  #checkMark(mark: JournalLine): void {
    if (!this.#cash.eq(mark.cash)) {
      this.#lost.push(
        `candle ${mark.seq}: the journal says cash ${mark.cash}, its fills add up to ${this.#cash.toFixed()}`,
      );
    }
    const trades = this.#tradesBefore + this.#trades.length;
    if (mark.trades !== trades) {
      this.#lost.push(
        `candle ${mark.seq}: the journal says ${mark.trades} trades, its fills make ${trades}`,
      );
    }
  }
}
