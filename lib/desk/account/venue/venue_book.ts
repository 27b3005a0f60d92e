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
import { ENDED_ORDERS_MAX, ORDER_TRADES_MAX } from "../../limits.ts";
import { BookedFunding } from "./booked_funding.ts";
import { OrderMoments } from "./order_moments.ts";
import { canceledEvent, endedOrder, placedOrder } from "./placed_order.ts";
import { ReservedIds } from "./reserved_ids.ts";
import {
  type Closing,
  EMPTY_VENUE_STATE,
  type EndedOrder,
  type OrderEnd,
  type PlacedOrder,
  type VenueState,
} from "./venue_state.ts";

/** Records that change this part alone, or it first. */
export type VenueBookRecord = Exclude<VenueRecord, { type: "WRITE_OFF" }>;

/** See the module's description. */
export class VenueBook {
  rules: MarketRules | null;
  closing: Closing | null;
  readonly ids: ReservedIds;
  readonly moments: OrderMoments;
  readonly funding: BookedFunding;
  readonly #working: PlacedOrder[];
  readonly #ended: EndedOrder[];

  constructor(state: VenueState = EMPTY_VENUE_STATE) {
    this.rules = state.rules;
    this.closing = state.closing;
    this.ids = new ReservedIds(state);
    this.moments = new OrderMoments(state);
    this.funding = new BookedFunding(state);
    this.#working = state.working.map((order) => ({ ...order }));
    this.#ended = state.ended.map((order) => ({ ...order }));
  }

  /** The state that {@link VenueBook} is made of again. */
  toState(): VenueState {
    return {
      rules: this.rules,
      working: this.#working.map((order) => ({ ...order })),
      ended: this.#ended.map((order) => ({ ...order })),
      ...this.ids.toState(),
      closing: this.closing,
      ...this.funding.toState(),
      ...this.moments.toState(),
    };
  }

  /** Orders that are not over, oldest first. */
  get working(): readonly PlacedOrder[] {
    return this.#working;
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
    this.ids.use(clientOrderId);
    this.#working.push(placedOrder(order, clientOrderId));
  }

  /** Applies one record. Returns what it means to the agent. */
  apply(record: VenueBookRecord, toldSeq: number): DeskEvent[] {
    switch (record.type) {
      case "IDS":
        this.ids.reserve(record);
        return [];
      case "IDS_ASKED":
        this.ids.openBlocks = [];
        return [];
      case "RULES":
        this.rules = record.rules;
        return [];
      case "SENDING":
        return this.#sending(record.orderId, record.at);
      case "VENUE":
        return this.#learn(record, toldSeq);
      case "CANCELING":
        this.#get(record.orderId).cancel = {
          reason: record.reason,
          ...(record.cause === undefined ? {} : { cause: record.cause }),
          ...(record.isMove === true ? { isMove: true } : {}),
        };
        return [];
      case "ADOPT":
        return this.#adopt(record);
      case "STOP":
        return [];
      case "CLOSING":
        this.closing = { role: record.role, reason: record.reason };
        return [];
      case "CLOSING_ENDED":
        this.closing = null;
        return [];
    }
  }

  /** Books a fill of an order; it leaves the working ones when its fills make its quantity. */
  fill(fill: Fill, toldSeq: number): DeskEvent[] {
    this.funding.filled(fill.at);
    const traded = decimal(fill.tradedQuantity ?? fill.quantity);
    const placed = this.find(fill.orderId);
    if (placed === null) {
      this.#fillEnded(fill);
      return [];
    }
    if (Number(placed.filled) === 0) {
      this.moments.filled(fill.at);
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
    why: Parameters<typeof canceledEvent>[1],
  ): DeskEvent[] {
    const placed = this.#get(orderId);
    this.#end(placed, "canceled");
    return [canceledEvent(placed, why)];
  }

  #sending(orderId: string, at: EpochMs): DeskEvent[] {
    const placed = this.#get(orderId);
    placed.phase = "sending";
    placed.sentAt = at;
    this.moments.sent(placed.order, at);
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
        return [
          canceledEvent(placed, {
            reason: detail,
            toldSeq,
            cause: record.cause ??
              (outcome === "absent" ? "unknown_outcome" : "invalid"),
          }),
        ];
      case "over":
        placed.overFilled = record.filled;
        placed.overReason = detail;
        if (record.cause !== undefined) placed.overCause = record.cause;
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
      this.moments.canceled(at);
    }
    const reason = cancel?.reason ?? overReason ?? "The venue ended it";
    const cause = cancel?.cause ?? placed.overCause;
    return [canceledEvent(placed, { reason, toldSeq, cause })];
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
    this.#ended.push(endedOrder(placed, end));
    if (this.#ended.length > ENDED_ORDERS_MAX) this.#ended.shift();
  }

  #get(orderId: string): PlacedOrder {
    const placed = this.find(orderId);
    assert(placed !== null, `Order ${orderId} does not work`);
    return placed;
  }
}
