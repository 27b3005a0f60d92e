/**
 * Folds the journal of an account at a venue with arithmetic of its own: orders
 * fill in parts, fees may be taken in the base currency, and a position may be
 * entered by several fills.
 */
// @ts-types="@types/big.js"
import Big from "big.js";
import type { JournalLine } from "./journal_reader.ts";
import type { FoldedLedger, FoldedTrade } from "./ledger.ts";

/** A fill of the journal as the venue should know it. */
export interface FoldedFill {
  /** Id of the venue's trade; one trade may be booked as two fills. */
  tradeId: string;
  clientOrderId: string;
  side: "buy" | "sell";
  price: string;
  quantity: Big;
}

/** What a journal of an account at a venue adds up to. */
export interface FoldedVenueLedger extends FoldedLedger {
  symbol: string;
  market: "spot" | "swap";
  /** Three letters of the installation, five of the agent. */
  idPrefix: string;
  fillsByTrade: ReadonlyMap<string, FoldedFill>;
  /** Client order ids that the journal knows. */
  clientIds: ReadonlySet<string>;
  /** Client order ids of the entries of each intent that left the desk. */
  entries: ReadonlyMap<string, readonly string[]>;
  capital: string;
  /** Signed; negative for a short position. */
  position: Big;
  /** Written off because it was too small to be sold. */
  dust: Big;
}

interface Trip {
  intentId: string;
  isLong: boolean;
  open: Big;
  cost: Big;
  entered: Big;
  enteredValue: Big;
  exited: Big;
  exitedValue: Big;
  gain: Big;
  fees: Big;
  funding: Big;
  entrySeq: number;
}

/** Whether a journal is of an account at a venue. */
export function isAtVenue(lines: readonly JournalLine[]): boolean {
  return executionOf(lines)?.kind === "venue";
}

/** Whether a journal is of an account whose fills come of quotes, on paper or real. */
export function isOnQuotes(lines: readonly JournalLine[]): boolean {
  return ["venue", "quotes"].includes(executionOf(lines)?.kind);
}

function executionOf([first]: readonly JournalLine[]) {
  return first?.record.config?.execution;
}

/** Folds all lines, which must be there from the first one on. */
export function foldVenueLedger(
  lines: readonly JournalLine[],
): FoldedVenueLedger {
  const fold = new VenueFold(lines[0]!.record.config);
  for (const line of lines) fold.take(line);
  return fold.finish();
}

class VenueFold {
  readonly #config: JournalLine;
  readonly #orders = new Map<string, JournalLine & { clientId: string }>();
  readonly #clientIds = new Set<string>();
  readonly #sent = new Set<string>();
  readonly #intents = new Set<string>();
  readonly #entries = new Map<string, string[]>();
  readonly #fillIds = new Set<string>();
  readonly #fillsByTrade = new Map<string, FoldedFill>();
  readonly #trades: FoldedTrade[] = [];
  readonly #duplicated: string[] = [];
  readonly #lost: string[] = [];
  #cash: Big;
  #trip: Trip | null = null;
  #dust = new Big(0);

  constructor(config: JournalLine) {
    this.#config = config;
    this.#cash = new Big(config.risk.initialCapital);
  }

  take({ record, mark }: JournalLine): void {
    if (record.type === "INTENT") this.#takeIntent(record.intent);
    else if (record.type === "ORDER") this.#takeOrder(record);
    else if (record.type === "ADOPT") this.#takeAdopted(record);
    else if (record.type === "SENDING") this.#takeSending(record.orderId);
    else if (record.type === "FILL") this.#takeFill(record.fill);
    else if (record.type === "FUNDING") this.#takeFunding(record.amount);
    else if (record.type === "WRITE_OFF") this.#takeWriteOff(record);
    if (mark !== undefined) this.#checkMark(mark);
  }

  finish(): FoldedVenueLedger {
    const { execution, symbol, risk } = this.#config;
    const trip = this.#trip;
    return {
      symbol,
      market: execution.market,
      idPrefix: execution.namespace + execution.agentKey,
      orders: this.#sent.size,
      fills: this.#fillIds.size,
      tradesBefore: 0,
      trades: this.#trades,
      cash: this.#cash.toFixed(),
      duplicated: this.#duplicated,
      lost: this.#lost,
      fillsByTrade: this.#fillsByTrade,
      clientIds: this.#clientIds,
      entries: this.#entries,
      capital: risk.initialCapital,
      position: trip === null ? new Big(0) : trip.open.times(
        trip.isLong ? 1 : -1,
      ),
      dust: this.#dust,
    };
  }

  #takeIntent({ intentId }: JournalLine): void {
    if (this.#intents.has(intentId)) {
      this.#duplicated.push(`intent ${intentId} is journaled twice`);
    }
    this.#intents.add(intentId);
  }

  #takeOrder({ order, clientOrderId }: JournalLine): void {
    if (this.#orders.has(order.orderId)) {
      this.#duplicated.push(`order ${order.orderId} is placed twice`);
    }
    if (this.#clientIds.has(clientOrderId)) {
      this.#duplicated.push(`client id ${clientOrderId} is used twice`);
    }
    this.#know(order, clientOrderId);
    if (order.role === "entry" && !this.#intents.has(order.intentId)) {
      this.#lost.push(`entry order ${order.orderId} has no intent`);
    }
  }

  #takeAdopted({ order, clientOrderId, intent }: JournalLine): void {
    if (intent !== null) this.#intents.add(intent.intentId);
    this.#know(order, clientOrderId);
  }

  #know(order: JournalLine, clientId: string): void {
    this.#orders.set(order.orderId, { ...order, clientId });
    this.#clientIds.add(clientId);
  }

  #takeSending(orderId: string): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) {
      return void this.#lost.push(`order ${orderId} is sent without a record`);
    }
    if (this.#sent.has(orderId)) {
      this.#duplicated.push(`order ${orderId} is sent twice`);
    }
    this.#sent.add(orderId);
    if (order.role !== "entry") return;
    const sent = this.#entries.get(order.intentId) ?? [];
    this.#entries.set(order.intentId, [...sent, order.clientId]);
  }

  #takeFill(fill: JournalLine): void {
    const order = this.#orders.get(fill.orderId);
    if (order === undefined || order.side !== fill.side) {
      this.#lost.push(`fill ${fill.fillId} has no order of its side`);
      return;
    }
    if (this.#fillIds.has(fill.fillId)) {
      this.#duplicated.push(`fill ${fill.fillId} is booked twice`);
    }
    this.#fillIds.add(fill.fillId);
    const tradeId = fill.fillId.replace(/-beyond$/, "");
    const known = this.#fillsByTrade.get(tradeId);
    const traded = new Big(fill.tradedQuantity ?? fill.quantity);
    this.#fillsByTrade.set(tradeId, {
      tradeId,
      clientOrderId: order.clientId,
      side: fill.side,
      price: fill.price,
      quantity: traded.plus(known?.quantity ?? 0),
    });
    this.#book(fill);
  }

  #book(fill: JournalLine): void {
    const quantity = new Big(fill.quantity);
    const value = quantity.times(fill.price);
    const isLong = fill.side === "buy";
    this.#cash = this.#cash.minus(fill.fee);
    this.#trip ??= {
      intentId: fill.intentId,
      isLong,
      open: new Big(0),
      cost: new Big(0),
      entered: new Big(0),
      enteredValue: new Big(0),
      exited: new Big(0),
      exitedValue: new Big(0),
      gain: new Big(0),
      fees: new Big(0),
      funding: new Big(0),
      entrySeq: fill.seq,
    };
    const trip = this.#trip;
    trip.fees = trip.fees.plus(fill.fee);
    if (trip.isLong === isLong) {
      trip.open = trip.open.plus(quantity);
      trip.cost = trip.cost.plus(value);
      trip.entered = trip.entered.plus(quantity);
      trip.enteredValue = trip.enteredValue.plus(value);
      return;
    }
    this.#reduce({ quantity, value, seq: fill.seq });
  }

  #reduce(
    { quantity, value, seq }: { quantity: Big; value: Big; seq: number },
  ): void {
    const trip = this.#trip!;
    if (quantity.gt(trip.open)) {
      this.#lost.push(`candle ${seq}: one fill turns the position round`);
    }
    const cost = trip.cost.times(quantity).div(trip.open);
    const gain = value.minus(cost).times(trip.isLong ? 1 : -1);
    trip.open = trip.open.minus(quantity);
    trip.cost = trip.cost.minus(cost);
    trip.exited = trip.exited.plus(quantity);
    trip.exitedValue = trip.exitedValue.plus(value);
    trip.gain = trip.gain.plus(gain);
    this.#cash = this.#cash.plus(gain);
    if (trip.open.eq(0)) this.#close(seq);
  }

  #close(seq: number): void {
    const trip = this.#trip!;
    this.#trades.push({
      intentId: trip.intentId,
      direction: trip.isLong ? "long" : "short",
      quantity: trip.entered.toFixed(),
      entryPrice: trip.enteredValue.div(trip.entered).toFixed(),
      exitPrice: trip.exitedValue.div(trip.exited).toFixed(),
      entrySeq: trip.entrySeq,
      exitSeq: seq,
      fees: trip.fees.toFixed(),
      netPnl: trip.gain.minus(trip.fees).minus(trip.funding).toFixed(),
    });
    this.#trip = null;
  }

  #takeFunding(amount: string): void {
    this.#cash = this.#cash.minus(amount);
    if (this.#trip !== null) {
      this.#trip.funding = this.#trip.funding.plus(amount);
    }
  }

  /** What is too small to be sold counts as lost: what it was entered for. */
  #takeWriteOff({ quantity, price, seq }: JournalLine): void {
    const trip = this.#trip;
    if (trip === null || !trip.open.eq(quantity)) {
      this.#lost.push(`candle ${seq}: ${quantity} is written off, not held`);
      return;
    }
    this.#dust = this.#dust.plus(quantity);
    const { cost } = trip;
    trip.gain = trip.gain.minus(cost);
    this.#cash = this.#cash.minus(cost);
    if (trip.exited.eq(0)) {
      trip.exited = trip.open;
      trip.exitedValue = trip.open.times(price);
    }
    this.#close(seq);
  }

  #checkMark(mark: JournalLine): void {
    if (!isNear(this.#cash, mark.cash)) {
      this.#lost.push(
        `candle ${mark.seq}: the journal says cash ${mark.cash}, its fills add up to ${this.#cash.toFixed()}`,
      );
      // One difference is told once.
      this.#cash = new Big(mark.cash);
    }
    if (mark.trades !== this.#trades.length) {
      this.#lost.push(
        `candle ${mark.seq}: the journal says ${mark.trades} trades, its fills make ${this.#trades.length}`,
      );
    }
  }
}

/** Equal but for the rounding of many fills to eight places. */
export function isNear(left: Big | string, right: Big | string): boolean {
  return new Big(left).minus(right).abs().lt("0.000001");
}
