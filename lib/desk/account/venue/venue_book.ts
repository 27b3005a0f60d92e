/**
 * The part of a book that deals with a venue: working orders, ids, and what must
 * survive a restart. It changes by records alone, so a fold of the journal is
 * the state.
 *
 * @module
 */
import type { DeskEvent, Fill, OpenOrder } from "../../../contracts/order.ts";
import type { EpochMs } from "../../../contracts/primitives.ts";
import type { MarketRules } from "../../../contracts/venue.ts";
import { assert } from "../../../core/assert.ts";
import { decimal, toDecimalText } from "../../../core/decimal.ts";
import type { VenueRecord } from "../../journal/records.ts";
import {
  ENDED_ORDERS_MAX,
  OPEN_ID_BLOCKS_MAX,
  ORDER_MOMENTS_MAX,
  ORDER_TRADES_MAX,
  REMEMBERED_FUNDING,
} from "../../limits.ts";
import { parseClientOrderId } from "../../venue/client_order_id.ts";
import { RecentIds } from "../recent_ids.ts";
import {
  type Closing,
  EMPTY_VENUE_STATE,
  type EndedOrder,
  type IdBlock,
  type OrderEnd,
  type PlacedOrder,
  type SentEntry,
  type VenueState,
} from "./venue_state.ts";

/** Records that change this part alone, or it first. */
export type VenueBookRecord = Exclude<VenueRecord, { type: "WRITE_OFF" }>;

const HOUR_MS = 3_600_000;

/** See the module's description. */
export class VenueBook {
  rules: MarketRules | null;
  closing: Closing | null;
  epoch: number;
  nextId: number;
  idsTo: number;
  #openBlocks: readonly IdBlock[];
  readonly #working: PlacedOrder[];
  readonly #ended: EndedOrder[];
  readonly #funding = new RecentIds<true>(REMEMBERED_FUNDING);
  #sentEntries: readonly SentEntry[];
  #canceledAts: readonly EpochMs[];
  #filledAts: readonly EpochMs[];

  constructor(state: VenueState = EMPTY_VENUE_STATE) {
    this.rules = state.rules;
    this.closing = state.closing;
    this.epoch = state.epoch;
    this.nextId = state.nextId;
    this.idsTo = state.idsTo;
    this.#openBlocks = state.openBlocks;
    this.#working = state.working.map((order) => ({ ...order }));
    this.#ended = state.ended.map((order) => ({ ...order }));
    for (const id of state.fundingIds) this.#funding.set(id, true);
    this.#sentEntries = state.sentEntries;
    this.#canceledAts = state.canceledAts;
    this.#filledAts = state.filledAts;
  }

  /** The state that {@link VenueBook} is made of again. */
  toState(): VenueState {
    return {
      rules: this.rules,
      working: this.#working.map((order) => ({ ...order })),
      ended: this.#ended.map((order) => ({ ...order })),
      epoch: this.epoch,
      nextId: this.nextId,
      idsTo: this.idsTo,
      openBlocks: this.#openBlocks,
      closing: this.closing,
      fundingIds: this.#funding.entries().map(([id]) => id),
      sentEntries: this.#sentEntries,
      canceledAts: this.#canceledAts,
      filledAts: this.#filledAts,
    };
  }

  /** Orders that are not over, oldest first. */
  get working(): readonly PlacedOrder[] {
    return this.#working;
  }

  get openBlocks(): readonly IdBlock[] {
    return this.#openBlocks;
  }

  get sentEntries(): readonly SentEntry[] {
    return this.#sentEntries;
  }

  /** Orders withdrawn without a fill, and orders filled if only in part, within the hour before `now`. */
  countsOfHour(now: EpochMs): { cancels: number; fills: number } {
    const count = (ats: readonly EpochMs[]) =>
      ats.filter((at) => at > now - HOUR_MS).length;
    return {
      cancels: count(this.#canceledAts),
      fills: count(this.#filledAts),
    };
  }

  find(orderId: string): PlacedOrder | null {
    return this.#working.find(({ order }) => order.orderId === orderId) ?? null;
  }

  findByClientId(clientOrderId: string): PlacedOrder | null {
    return this.#working.find((placed) =>
      placed.clientOrderId === clientOrderId
    ) ?? null;
  }

  /** The order with this id that is over, or null where it is not remembered. */
  findEnded(clientOrderId: string): EndedOrder | null {
    return this.#ended.find((ended) => ended.clientOrderId === clientOrderId) ??
      null;
  }

  isFundingKnown(fundingId: string): boolean {
    return this.#funding.get(fundingId) !== null;
  }

  fundingBooked(fundingId: string): void {
    this.#funding.set(fundingId, true);
  }

  /** Whether an intent has an order that works or is remembered. */
  hasOrderOf(intentId: string): boolean {
    const isIts = ({ order }: { order: OpenOrder }) =>
      order.intentId === intentId;
    return this.#working.some(isIts) || this.#ended.some(isIts);
  }

  /** An order was journaled; nothing of it has left the desk. */
  place(order: OpenOrder, clientOrderId: string): void {
    assert(
      this.find(order.orderId) === null,
      `Order ${order.orderId} works already`,
    );
    const parsed = parseClientOrderId(clientOrderId);
    assert(parsed !== null, `${clientOrderId} is no client order id`);
    if (parsed.epoch === this.epoch && parsed.sequence >= this.nextId) {
      this.nextId = parsed.sequence + 1;
    }
    this.#working.push(placedOrder(order, clientOrderId));
  }

  /** Applies one record. Returns what it means to the agent. */
  apply(record: VenueBookRecord, toldSeq: number): DeskEvent[] {
    switch (record.type) {
      case "IDS":
        return this.#reserve(record);
      case "IDS_ASKED":
        this.#openBlocks = [];
        return [];
      case "RULES":
        this.rules = record.rules;
        return [];
      case "SENDING":
        return this.#sending(record.orderId, record.at);
      case "VENUE":
        return this.#learn(record, toldSeq);
      case "CANCELING":
        this.#get(record.orderId).cancel = { reason: record.reason };
        return [];
      case "ADOPT":
        return this.#adopt(record);
      case "STOP":
        return [];
      case "CLOSING":
        this.closing = { role: record.role, reason: record.reason };
        return [];
    }
  }

  /** Books a fill of an order; it leaves the working ones when its fills make its quantity. */
  fill(fill: Fill, toldSeq: number): DeskEvent[] {
    const traded = decimal(fill.tradedQuantity ?? fill.quantity);
    const placed = this.find(fill.orderId);
    if (placed === null) {
      this.#fillEnded(fill);
      return [];
    }
    if (Number(placed.filled) === 0) {
      this.#filledAts = remember(this.#filledAts, fill.at);
    }
    placed.filled = toDecimalText(decimal(placed.filled).plus(traded));
    placed.tradeIds = [
      ...placed.tradeIds.slice(1 - ORDER_TRADES_MAX),
      fill.fillId,
    ];
    // An order that trades is at the venue, whatever else was heard of it.
    if (placed.phase === "sending" || placed.phase === "unknown") {
      placed.phase = "open";
    }
    if (decimal(placed.filled).gte(decimal(placed.order.quantity))) {
      this.#end(placed, "filled");
      return [];
    }
    return this.#settle(placed, { toldSeq, at: fill.at });
  }

  /** Takes an order out that never left the desk. */
  withdraw(
    orderId: string,
    { reason, toldSeq }: { reason: string; toldSeq: number },
  ): DeskEvent[] {
    const placed = this.#get(orderId);
    this.#end(placed, "canceled");
    return [canceledEvent(placed, { reason, toldSeq })];
  }

  #reserve({ epoch, from, to }: IdBlock): DeskEvent[] {
    if (epoch !== this.epoch) {
      if (this.nextId < this.idsTo) {
        this.#openBlocks = [...this.#openBlocks, {
          epoch: this.epoch,
          from: this.nextId,
          to: this.idsTo,
        }].slice(-OPEN_ID_BLOCKS_MAX);
      }
      this.epoch = epoch;
      this.nextId = from;
    }
    this.idsTo = to;
    return [];
  }

  #sending(orderId: string, at: EpochMs): DeskEvent[] {
    const placed = this.#get(orderId);
    placed.phase = "sending";
    placed.sentAt = at;
    const { role, side, type, price, quantity } = placed.order;
    if (role !== "entry") return [];
    const entry: SentEntry = {
      at,
      side,
      type: type === "limit" ? "limit" : "market",
      price,
      quantity,
    };
    this.#sentEntries = [
      ...this.#sentEntries.filter((sent) => sent.at > at - 60_000),
      entry,
    ];
    return [];
  }

  #learn(
    record: Extract<VenueRecord, { type: "VENUE" }>,
    toldSeq: number,
  ): DeskEvent[] {
    const { outcome, detail, at } = record;
    const placed = this.#get(record.orderId);
    placed.venueOrderId = record.venueOrderId ?? placed.venueOrderId;
    switch (outcome) {
      case "accepted":
        if (placed.phase !== "settling") placed.phase = "open";
        return [];
      case "unknown":
        placed.phase = "unknown";
        return [];
      case "rejected":
      case "absent":
        this.#end(placed, outcome);
        return [canceledEvent(placed, { reason: detail, toldSeq })];
      case "over":
        placed.overFilled = record.filled;
        placed.overReason = detail;
        placed.phase = "settling";
        return this.#settle(placed, { toldSeq, at });
    }
  }

  /** Ends an order that is over at the venue when all its fills are here. */
  #settle(
    placed: PlacedOrder,
    { toldSeq, at }: { toldSeq: number; at: EpochMs },
  ): DeskEvent[] {
    const { overFilled, overReason, cancel } = placed;
    if (overFilled === null) return [];
    if (decimal(placed.filled).lt(decimal(overFilled))) return [];
    this.#end(placed, "canceled");
    if (Number(placed.filled) === 0) {
      this.#canceledAts = remember(this.#canceledAts, at);
    }
    const reason = cancel?.reason ?? overReason ?? "The venue ended it";
    return [canceledEvent(placed, { reason, toldSeq })];
  }

  #adopt(record: Extract<VenueRecord, { type: "ADOPT" }>): DeskEvent[] {
    const { order, clientOrderId, venueOrderId, at } = record;
    const index = this.#ended.findIndex((ended) =>
      ended.clientOrderId === clientOrderId
    );
    const [before] = index < 0 ? [] : this.#ended.splice(index, 1);
    this.#working.push({
      ...placedOrder(order, clientOrderId),
      phase: "open",
      venueOrderId,
      sentAt: at,
      filled: before?.filled ?? "0",
      tradeIds: before?.tradeIds ?? [],
    });
    return [];
  }

  #fillEnded(fill: Fill): void {
    const ended = this.#ended.find(({ order }) =>
      order.orderId === fill.orderId
    );
    if (ended === undefined) return;
    const traded = decimal(fill.tradedQuantity ?? fill.quantity);
    ended.filled = toDecimalText(decimal(ended.filled).plus(traded));
    ended.tradeIds = [
      ...ended.tradeIds.slice(1 - ORDER_TRADES_MAX),
      fill.fillId,
    ];
  }

  #end(placed: PlacedOrder, end: OrderEnd): void {
    this.#working.splice(this.#working.indexOf(placed), 1);
    const { order, clientOrderId, venueOrderId, filled, tradeIds } = placed;
    this.#ended.push({
      order,
      clientOrderId,
      venueOrderId,
      filled,
      tradeIds,
      end,
    });
    if (this.#ended.length > ENDED_ORDERS_MAX) this.#ended.shift();
  }

  #get(orderId: string): PlacedOrder {
    const placed = this.find(orderId);
    assert(placed !== null, `Order ${orderId} does not work`);
    return placed;
  }
}

function placedOrder(order: OpenOrder, clientOrderId: string): PlacedOrder {
  return {
    order,
    clientOrderId,
    phase: "queued",
    venueOrderId: null,
    filled: "0",
    sentAt: null,
    cancel: null,
    overFilled: null,
    overReason: null,
    tradeIds: [],
  };
}

function canceledEvent(
  { order }: PlacedOrder,
  { reason, toldSeq }: { reason: string; toldSeq: number },
): DeskEvent {
  const { orderId, intentId, role } = order;
  return {
    type: "OrderCanceled",
    seq: toldSeq,
    orderId,
    intentId,
    role,
    reason,
  };
}

function remember(ats: readonly EpochMs[], at: EpochMs): readonly EpochMs[] {
  return [
    ...ats.filter((before) => before > at - HOUR_MS),
    at,
  ].slice(-ORDER_MOMENTS_MAX);
}
