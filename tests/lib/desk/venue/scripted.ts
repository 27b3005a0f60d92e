/** An account and a gateway that do what a test says, and an order as both know it. */
import type {
  MarketRules,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
  VenueTrade,
} from "../../../../lib/contracts/venue.ts";
import type {
  VenueReport,
  VenueSide,
  WorkingOrder,
} from "../../../../lib/desk/venue/port.ts";
import {
  type CreateOutcome,
  type OrderRef,
  VenueError,
  type VenueGateway,
  type VenueNews,
  type VenueWatch,
} from "../../../../lib/exchange/gateway/port.ts";

export const SYMBOL = "BTC/USDT";
export const ENTRY_ID = "0.0:entry";
export const CLIENT_ID = "abcagent001e00000";

export const PROFILE: VenueProfile = {
  exchange: "binance",
  market: "swap",
  recvWindowMs: 3_000,
  absenceProofMs: 15_500,
  hasStopOrders: true,
  restsBothExits: true,
  hasCancelAfter: false,
  hasReduceOnly: true,
  hasPrivateStream: true,
  clientOrderIdMax: 36,
  isSimulated: true,
};

const RULES: MarketRules = {
  symbol: SYMBOL,
  quantityStep: "0.001",
  priceStep: "0.01",
  minQuantity: null,
  maxQuantity: null,
  minNotional: null,
  maxNotional: null,
  makerRate: null,
  takerRate: null,
};

/** An entry of ours in some phase. */
export function working(change: Partial<WorkingOrder> = {}): WorkingOrder {
  return {
    order: {
      orderId: ENTRY_ID,
      intentId: "0.0",
      role: "entry",
      side: "buy",
      type: "limit",
      price: "100",
      quantity: "1",
      reduceOnly: false,
      placedSeq: 0,
      expireAfterSeq: null,
    },
    clientOrderId: CLIENT_ID,
    phase: "sending",
    venueOrderId: null,
    filled: "0",
    sentAt: 0,
    cancel: null,
    ...change,
  };
}

/** The same as the venue tells it. */
export function venueOrder(change: Partial<VenueOrder> = {}): VenueOrder {
  return {
    clientOrderId: CLIENT_ID,
    venueOrderId: "v1",
    symbol: SYMBOL,
    side: "buy",
    type: "limit",
    price: "100",
    triggerPrice: null,
    quantity: "1",
    filled: "0",
    status: "open",
    reduceOnly: false,
    at: 0,
    ...change,
  };
}

/** A buy of one, of an order that nobody knows. */
export function venueTrade(change: Partial<VenueTrade> = {}): VenueTrade {
  return {
    tradeId: "t1",
    venueOrderId: "v1",
    clientOrderId: null,
    symbol: "BTC/USDT",
    side: "buy",
    price: "100",
    quantity: "1",
    fee: null,
    feeCurrency: null,
    liquidity: null,
    at: 0,
    ...change,
  };
}

/** Its request. */
export const REQUEST: VenueOrderRequest = {
  clientOrderId: CLIENT_ID,
  symbol: SYMBOL,
  side: "buy",
  type: "limit",
  quantity: "1",
  price: "100",
  triggerPrice: null,
  reduceOnly: false,
  postOnly: false,
  timeInForce: "GTC",
  ocoGroup: null,
};

/** An account that only remembers what it was told; a test says what it is. */
export class ScriptedSide implements VenueSide {
  rules: MarketRules | null = null;
  leverage = 5;
  working: WorkingOrder[] = [];
  open: string[] = [];
  position = "0";
  protects = true;
  covers = true;
  readonly reports: VenueReport[] = [];
  readonly released: string[] = [];
  readonly dropped: { orderId: string; reason: string }[] = [];
  readonly abandoned: string[] = [];
  syncedTo: number | null = null;
  areIdsAsked = false;
  onApply: (report: VenueReport) => void = () => {};

  workingOrders = () => this.working;
  isHeld = () => false;
  openIds = () => this.open.map((clientOrderId) => ({ clientOrderId }));
  fundingFromAt: number | null = null;
  idsAsked(): void {
    this.areIdsAsked = true;
  }
  apply(report: VenueReport): void {
    this.reports.push(report);
    this.onApply(report);
  }
  release(orderId: string): void {
    this.released.push(orderId);
    this.working = [];
  }
  drop(orderId: string, reason: string): void {
    this.dropped.push({ orderId, reason });
    this.working = [];
  }
  idsSynced(to: number): void {
    this.syncedTo = to;
  }
  setRules(rules: MarketRules): void {
    this.rules = rules;
  }
  quote(): void {}
  positionQuantity = () => this.position;
  isProtected = () => this.protects;
  isCovered = () => this.covers;
  abandonUnprotected(reason: string): void {
    this.abandoned.push(reason);
  }

  types(): string[] {
    return this.reports.map(({ type }) => type);
  }
}

/** A gateway that answers as a test says; by default of an empty account. */
export class ScriptedGateway implements VenueGateway {
  profile: VenueProfile = PROFILE;
  readonly calls: string[] = [];
  created: VenueOrderRequest[] = [];
  listener: ((news: VenueNews) => void) | null = null;
  errorMs: number | null = 0;
  onOpen: () => Promise<void> = () => Promise.resolve();
  onCreate: () => Promise<CreateOutcome> = () =>
    Promise.resolve({ kind: "accepted", order: venueOrder() });
  onCancel: (ref: OrderRef) => Promise<VenueOrder | null> = () =>
    Promise.resolve(null);
  onOrder: (ref: OrderRef) => Promise<VenueOrder> = () =>
    Promise.reject(new VenueError("not_found", "Unknown order"));
  onOpenOrders: () => Promise<readonly VenueOrder[]> = () =>
    Promise.resolve([]);
  onTrades: (
    query: Parameters<VenueGateway["trades"]>[0],
  ) => Promise<readonly VenueTrade[]> = () => Promise.resolve([]);
  onFunding: (
    query: Parameters<VenueGateway["funding"]>[0],
  ) => Promise<readonly VenueFunding[]> = () => Promise.resolve([]);
  held = "0";

  open(): Promise<void> {
    return this.onOpen();
  }
  rules(): MarketRules {
    return RULES;
  }
  create(request: VenueOrderRequest): Promise<CreateOutcome> {
    this.created.push(request);
    return this.#log("create", this.onCreate);
  }
  cancel(ref: OrderRef): Promise<VenueOrder | null> {
    return this.#log("cancel", () => this.onCancel(ref));
  }
  order(ref: OrderRef): Promise<VenueOrder> {
    return this.#log("order", () => this.onOrder(ref));
  }
  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#log("openOrders", this.onOpenOrders);
  }
  trades(
    query: Parameters<VenueGateway["trades"]>[0],
  ): Promise<readonly VenueTrade[]> {
    return this.#log("trades", () => this.onTrades(query));
  }
  position(): Promise<VenuePosition> {
    return this.#log("position", () =>
      Promise.resolve({
        symbol: SYMBOL,
        quantity: this.held,
        entryPrice: null,
        liquidationPrice: null,
        leverage: null,
      }));
  }
  balances() {
    return this.#log(
      "balances",
      () => Promise.resolve([{ currency: "USDT", free: "900", total: "1000" }]),
    );
  }
  funding(
    query: Parameters<VenueGateway["funding"]>[0],
  ): Promise<readonly VenueFunding[]> {
    return this.#log("funding", () => this.onFunding(query));
  }
  cancelAll(): Promise<void> {
    return Promise.resolve();
  }
  cancelAfter(timeoutMs: number): Promise<void> {
    return this.#log(`cancelAfter ${timeoutMs}`, () => Promise.resolve());
  }
  prepare(): Promise<void> {
    return this.#log("prepare", () => Promise.resolve());
  }
  keyRights = () =>
    Promise.resolve({
      canRead: true,
      canTrade: true,
      canWithdraw: null,
      canTransfer: null,
      isAddressBound: null,
    });
  accountId = () => Promise.resolve(null);
  watch(
    _symbols: readonly string[],
    listener: (news: VenueNews) => void,
  ): VenueWatch {
    this.listener = listener;
    const greet = () =>
      void Promise.resolve().then(() => listener({ type: "connected" }));
    greet();
    return { close: () => void (this.listener = null), renew: greet };
  }
  clockErrorMs = () => this.errorMs;
  close = () => Promise.resolve();

  count(call: string): number {
    return this.calls.filter((name) => name === call).length;
  }

  #log<T>(call: string, run: () => Promise<T>): Promise<T> {
    this.calls.push(call);
    return run();
  }
}
