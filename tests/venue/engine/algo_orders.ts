/**
 * Conditional orders of the futures half. Binance keeps them in a service of
 * their own (`/fapi/v1/algoOrder`) with ids of their own; when one goes off it
 * places an ordinary order, whose client id is the conditional order's.
 *
 * @module
 */
import type { VenueClock } from "../clock.ts";
import { ORDERS_KEPT_MAX } from "../limits.ts";
import { magnitude } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import type { Engine } from "./engine.ts";
import { isTriggered } from "./entry_rules.ts";
import type { Emit } from "./events.ts";
import { checkCounts, checkFilters } from "./filters.ts";
import type { FuturesAccount } from "./futures_account.ts";
import type { NewOrder, Order, Side } from "./order.ts";

export type AlgoType =
  | "STOP_MARKET"
  | "TAKE_PROFIT_MARKET"
  | "STOP"
  | "TAKE_PROFIT";

/** A conditional order. */
export interface AlgoOrder {
  id: number;
  clientAlgoId: string;
  type: AlgoType;
  symbol: string;
  side: Side;
  /** 0 if it closes the whole position. */
  quantity: bigint;
  triggerPrice: bigint;
  /** Of STOP and TAKE_PROFIT. */
  price: bigint;
  reduceOnly: boolean;
  closePosition: boolean;
  isForeign: boolean;
  status: "NEW" | "CANCELED" | "TRIGGERED" | "FINISHED" | "REJECTED";
  /** The ordinary order that it became. */
  actual: Order | null;
  /** Why the ordinary order was refused. */
  failure: string;
  hiddenUntil: number;
  triggeredAt: number;
  createdAt: number;
  updatedAt: number;
}

/** What somebody asks for. */
export type NewAlgoOrder = Pick<
  AlgoOrder,
  | "clientAlgoId"
  | "type"
  | "symbol"
  | "side"
  | "quantity"
  | "triggerPrice"
  | "price"
  | "reduceOnly"
  | "closePosition"
  | "isForeign"
>;

/** The service of conditional orders. */
export class AlgoOrders {
  readonly #engine: Engine;
  readonly #account: FuturesAccount;
  readonly #clock: VenueClock;
  readonly #emit: Emit;
  readonly #orders = new Map<number, AlgoOrder>();
  #nextId = 3_000_000;

  constructor(
    options: {
      engine: Engine;
      account: FuturesAccount;
      clock: VenueClock;
      emit: Emit;
    },
  ) {
    this.#engine = options.engine;
    this.#account = options.account;
    this.#clock = options.clock;
    this.#emit = options.emit;
  }

  /** @throws {Refusal} -2021 if it would go off at once, -4116 for an id that is open, -4045 for one stop too many, -4130 for a second one that closes the position. */
  place(request: NewAlgoOrder, hiddenMs = 0): AlgoOrder {
    const market = this.#engine.market(request.symbol);
    checkFilters(asOrder(request, request.quantity), market);
    if (isTriggered(asOrder(request, 0n), market.last)) {
      throw new Refusal(-2021, "Order would immediately trigger.");
    }
    const open = this.open(request.symbol);
    checkCounts(
      asOrder(request, 0n),
      open.map((algo) => asOrder(algo, 0n)),
      "futures",
    );
    if (open.some((algo) => algo.clientAlgoId === request.clientAlgoId)) {
      throw new Refusal(-4116, "ClientOrderId is duplicated.");
    }
    if (
      request.closePosition &&
      open.some((algo) => algo.closePosition && algo.side === request.side)
    ) {
      throw new Refusal(
        -4130,
        "An open stop or take profit order with GTE and closePosition in the direction is existing.",
      );
    }
    const now = this.#clock.now();
    const algo: AlgoOrder = {
      ...request,
      id: this.#nextId++,
      status: "NEW",
      actual: null,
      failure: "",
      hiddenUntil: now + hiddenMs,
      triggeredAt: 0,
      createdAt: now,
      updatedAt: now,
    };
    this.#orders.set(algo.id, algo);
    if (this.#orders.size > ORDERS_KEPT_MAX) this.#forgetOldest();
    this.#tell(algo);
    return algo;
  }

  cancel(algo: AlgoOrder): void {
    algo.status = "CANCELED";
    algo.updatedAt = this.#clock.now();
    this.#tell(algo);
  }

  open(symbol?: string): AlgoOrder[] {
    return this.all().filter((algo) =>
      algo.status === "NEW" && (symbol ?? algo.symbol) === algo.symbol
    );
  }

  all(): AlgoOrder[] {
    return [...this.#orders.values()];
  }

  byId(id: number): AlgoOrder | null {
    return this.#orders.get(id) ?? null;
  }

  byClientId(clientAlgoId: string): AlgoOrder | null {
    const matching = this.all().filter((algo) =>
      algo.clientAlgoId === clientAlgoId
    );
    return matching.find(({ status }) => status === "NEW") ??
      matching.at(-1) ?? null;
  }

  /** To be called when the last price has moved. */
  onMove(symbol: string): void {
    const { last } = this.#engine.market(symbol);
    for (const algo of this.open(symbol)) {
      if (isTriggered(asOrder(algo, 0n), last)) this.#trigger(algo);
    }
  }

  #trigger(algo: AlgoOrder): void {
    algo.triggeredAt = algo.updatedAt = this.#clock.now();
    algo.status = "TRIGGERED";
    const held = this.#account.position(algo.symbol).quantity;
    const quantity = algo.closePosition ? magnitude(held) : algo.quantity;
    try {
      algo.actual = this.#engine.place({
        ...asOrder(algo, quantity),
        type: algo.price > 0n ? "LIMIT" : "MARKET",
        stopPrice: 0n,
        reduceOnly: algo.reduceOnly || algo.closePosition,
        closePosition: false,
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      algo.status = "REJECTED";
      algo.failure = error.message;
      return this.#tell(algo);
    }
    this.#tell(algo);
    algo.status = "FINISHED";
    this.#tell(algo);
  }

  #tell(algo: AlgoOrder): void {
    this.#emit({ type: "algo", algo: { ...algo } });
  }

  #forgetOldest(): void {
    const oldest = this.all().find(({ status }) => status !== "NEW");
    if (oldest !== undefined) this.#orders.delete(oldest.id);
  }
}

function asOrder(algo: NewAlgoOrder, quantity: bigint): NewOrder {
  return {
    symbol: algo.symbol,
    side: algo.side,
    type: algo.type.startsWith("STOP") ? "STOP_LOSS" : "TAKE_PROFIT",
    timeInForce: "GTC",
    quantity,
    price: algo.price,
    stopPrice: algo.triggerPrice,
    clientOrderId: algo.clientAlgoId,
    reduceOnly: algo.reduceOnly,
    closePosition: algo.closePosition,
    listId: -1,
    isForeign: algo.isForeign,
  };
}
