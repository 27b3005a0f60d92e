import type { Side } from "../../../lib/contracts/primitives.ts";
import type {
  MarketKind,
  VenueOrderRequest,
  VenueOrderStatus,
} from "../../../lib/contracts/venue.ts";
import { Ledger, type LedgerFunding, type LedgerTrade } from "./ledger.ts";
import { PRICE_PLACES, QUANTITY_PLACES, RECV_WINDOW_MS } from "./limits.ts";
import { toUnits } from "./units.ts";

/** An order at the venue; prices and quantities in whole units. */
export interface ExchangeOrder {
  id: string;
  clientOrderId: string | null;
  side: Side;
  type: "market" | "limit" | "stop";
  price: number | null;
  trigger: number | null;
  quantity: number;
  filled: number;
  reduceOnly: boolean;
  isImmediate: boolean;
  group: string | null;
  status: VenueOrderStatus;
  isTriggered: boolean;
  at: number;
  /** When reads show it. */
  visibleAt: number;
}

/** A refusal that the venue itself decoded. */
export interface Refusal {
  code: string;
  detail: string;
}

/** What happens at the venue, for streams and the oracle. */
export type ExchangeNews =
  | { type: "order"; order: ExchangeOrder }
  | { type: "trade"; trade: LedgerTrade }
  | { type: "funding"; funding: LedgerFunding }
  | { type: "position" };

/** What an exchange is made with. */
export interface ExchangeOptions {
  market: MarketKind;
  /** Of spot: what the account holds besides, in units. */
  ownUnits: number;
  /** Of spot: what is bought pays its fee in itself. */
  feesInBase: boolean;
  /** Its own time, which nothing lets jump. */
  nowMs(): number;
  random(): number;
  /** So much later reads show what is new. */
  lagMs(): number;
  onNews(news: ExchangeNews): void;
}

/**
 * The simulated exchange itself: one market, spot or of perpetuals; everybody
 * else trades at the quotes. Client order ids are unique among
 * open orders only, as on real ones.
 */
export class Exchange {
  readonly ledger = new Ledger();
  readonly orders: ExchangeOrder[] = [];
  bid = 0;
  ask = 0;
  /** Part of what is left of an order that one price fills at most; 1 for all. */
  liquidity = 1;
  readonly #options: ExchangeOptions;
  #cancelAllAt: number | null = null;
  #ids = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  get openOrders(): ExchangeOrder[] {
    return this.orders.filter(({ status }) => status === "open");
  }

  /** Takes an order, or says why not. */
  submit(
    request: VenueOrderRequest,
    { timestamp }: { timestamp: number },
  ): ExchangeOrder | Refusal {
    const problem = this.timeProblem(timestamp) ?? this.#problemOf(request);
    if (problem !== null) return problem;
    const now = this.#options.nowMs();
    const order: ExchangeOrder = {
      id: `v${++this.#ids}`,
      clientOrderId: request.clientOrderId,
      side: request.side,
      type: request.type,
      price: unitsOrNull(request.price),
      trigger: unitsOrNull(request.triggerPrice),
      quantity: toUnits(request.quantity, QUANTITY_PLACES),
      filled: 0,
      reduceOnly: request.reduceOnly,
      isImmediate: request.timeInForce !== "GTC",
      group: request.ocoGroup,
      status: "open",
      isTriggered: false,
      at: now,
      visibleAt: now + this.#options.lagMs(),
    };
    this.orders.push(order);
    this.#tell(order);
    this.#match(order, { isNew: true });
    if (order.isImmediate && order.status === "open") this.#end(order);
    return order;
  }

  /** Withdraws an order that is open; nothing else changes. */
  cancel(order: ExchangeOrder): void {
    if (order.status === "open") this.#end(order);
  }

  find(
    { clientOrderId, venueOrderId }: {
      clientOrderId: string;
      venueOrderId: string | null;
    },
  ): ExchangeOrder | null {
    return this.orders.findLast((order) =>
      venueOrderId === null
        ? order.clientOrderId === clientOrderId
        : order.id === venueOrderId
    ) ?? null;
  }

  /** The switch that withdraws everything; null turns it off. */
  cancelAllAfter(ms: number | null): void {
    this.#cancelAllAt = ms === null ? null : this.#options.nowMs() + ms;
  }

  /** New best prices: triggers, fills, and the switch. */
  quote(bid: number, ask: number): void {
    this.bid = bid;
    this.ask = ask;
    for (const order of this.openOrders) this.#match(order, { isNew: false });
    const at = this.#cancelAllAt;
    if (at === null || this.#options.nowMs() < at) return;
    this.#cancelAllAt = null;
    for (const order of this.openOrders) this.#end(order);
  }

  /** Of perpetuals: books a funding payment on what is held. */
  payFunding(): void {
    const { market, nowMs, lagMs, onNews } = this.#options;
    if (market === "spot") return;
    const at = nowMs();
    const funding = this.ledger.fund({
      price: this.bid,
      at,
      visibleAt: at + lagMs(),
    });
    if (funding !== null) onNews({ type: "funding", funding });
  }

  /** Why a signed request of that time is not valid now. */
  timeProblem(timestamp: number): Refusal | null {
    const now = this.#options.nowMs();
    return timestamp > now + 1_000 || now - timestamp > RECV_WINDOW_MS
      ? { code: "-1021", detail: "Timestamp outside of the recvWindow" }
      : null;
  }

  #problemOf(request: VenueOrderRequest): Refusal | null {
    const { clientOrderId, reduceOnly, side, type, triggerPrice } = request;
    const quantity = toUnits(request.quantity, QUANTITY_PLACES);
    if (!(quantity > 0)) return { code: "-4003", detail: "Bad quantity" };
    if (this.#options.market === "spot" && side === "sell") {
      // What a sell order may take is locked for it.
      const locked = this.openOrders
        .filter((open) => open.side === "sell")
        .reduce((sum, open) => sum + open.quantity - open.filled, 0);
      const free = this.ledger.heldUnits + this.#options.ownUnits - locked;
      if (quantity > free) {
        return { code: "-2010", detail: "Account has insufficient balance" };
      }
    }
    const isTaken = this.openOrders.some((open) =>
      open.clientOrderId === clientOrderId
    );
    if (isTaken) {
      return { code: "-4116", detail: "ClientOrderId is duplicated" };
    }
    const sign = side === "buy" ? 1 : -1;
    const { position } = this.ledger;
    if (reduceOnly && position * sign >= 0) {
      return { code: "-2022", detail: "ReduceOnly Order is rejected" };
    }
    const trigger = unitsOrNull(triggerPrice);
    if (type === "stop" && trigger !== null && this.#isReached(side, trigger)) {
      return { code: "-2021", detail: "Order would immediately trigger" };
    }
    const price = unitsOrNull(request.price);
    if (Number.isNaN(price) || Number.isNaN(trigger)) {
      return { code: "-1111", detail: "Precision is over the maximum" };
    }
    const crosses = price !== null &&
      (side === "buy" ? price >= this.ask : price <= this.bid);
    return request.postOnly && crosses
      ? { code: "-5022", detail: "Post only order would take" }
      : null;
  }

  #match(order: ExchangeOrder, { isNew }: { isNew: boolean }): void {
    if (order.status !== "open") return;
    if (order.type === "stop" && !order.isTriggered) {
      if (!this.#isReached(order.side, order.trigger!)) return;
      order.isTriggered = true;
      this.#tell(order);
    }
    const taker = order.side === "buy" ? this.ask : this.bid;
    if (order.type !== "limit") return this.#fill(order, taker, "taker");
    const isThere = order.side === "buy"
      ? this.ask <= order.price!
      : this.bid >= order.price!;
    if (!isThere) return;
    if (isNew) this.#fill(order, taker, "taker");
    else this.#fill(order, order.price!, "maker");
  }

  #fill(
    order: ExchangeOrder,
    price: number,
    liquidity: LedgerTrade["liquidity"],
  ): void {
    const { nowMs, lagMs, random } = this.#options;
    const left = order.quantity - order.filled;
    const part = this.liquidity >= 1
      ? left
      : Math.max(1, Math.ceil(left * this.liquidity * random()));
    const quantity = order.reduceOnly
      ? Math.min(part, this.#reducible(order.side))
      : part;
    if (quantity === 0) return this.#end(order);
    const isBasePaid = this.#options.feesInBase && order.side === "buy";
    const at = nowMs();
    const trade: LedgerTrade = {
      id: `t${this.ledger.trades.length + 1}`,
      orderId: order.id,
      clientOrderId: order.clientOrderId,
      side: order.side,
      price,
      quantity,
      fee: isBasePaid ? 0 : Ledger.fee({ price, quantity, liquidity }),
      feeInBase: isBasePaid ? Ledger.baseFee({ quantity, liquidity }) : 0,
      liquidity,
      at,
      visibleAt: at + lagMs(),
    };
    order.filled += quantity;
    order.at = at;
    this.ledger.book(trade);
    if (order.filled === order.quantity) order.status = "filled";
    this.#options.onNews({ type: "trade", trade });
    this.#tell(order);
    this.#options.onNews({ type: "position" });
    if (order.status === "filled") this.#endGroup(order);
    else if (order.reduceOnly && this.#reducible(order.side) === 0) {
      this.#end(order);
    }
  }

  #endGroup({ group, id }: ExchangeOrder): void {
    if (group === null) return;
    for (const other of this.openOrders) {
      if (other.group === group && other.id !== id) this.#end(other);
    }
  }

  #end(order: ExchangeOrder): void {
    order.status = "canceled";
    order.at = this.#options.nowMs();
    this.#tell(order);
  }

  #tell(order: ExchangeOrder): void {
    this.#options.onNews({ type: "order", order: { ...order } });
  }

  #isReached(side: Side, trigger: number): boolean {
    return side === "buy" ? this.ask >= trigger : this.bid <= trigger;
  }

  #reducible(side: Side): number {
    const { position } = this.ledger;
    return Math.max(0, side === "buy" ? -position : position);
  }
}

function unitsOrNull(text: string | null): number | null {
  return text === null ? null : toUnits(text, PRICE_PLACES);
}
