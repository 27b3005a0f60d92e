import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import type { DeskVenueReport } from "../../../../lib/contracts/account.ts";
import type {
  MarketRules,
  Quote,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
  VenueTrade,
} from "../../../../lib/contracts/venue.ts";
import type { AccountLink } from "../../../../lib/desk/venue/account_link.ts";
import { VenueDriver } from "../../../../lib/desk/venue/driver.ts";
import type {
  VenueReport,
  VenueSide,
  WorkingOrder,
} from "../../../../lib/desk/venue/port.ts";
import {
  type BudgetLane,
  type CreateOutcome,
  type OrderRef,
  VenueError,
  type VenueGateway,
  type VenueNews,
  type VenueWatch,
} from "../../../../lib/exchange/gateway/port.ts";
import { accountConfig } from "../support.ts";

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
  working: WorkingOrder[] = [];
  open: string[] = [];
  position = "0";
  protects = true;
  readonly reports: VenueReport[] = [];
  readonly released: string[] = [];
  readonly dropped: { orderId: string; reason: string }[] = [];
  readonly abandoned: string[] = [];
  syncedTo: number | null = null;
  areIdsAsked = false;
  onApply: (report: VenueReport) => void = () => {};

  workingOrders = () => this.working;
  openIds = () => this.open.map((clientOrderId) => ({ clientOrderId }));
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
  onTrades: () => Promise<readonly VenueTrade[]> = () => Promise.resolve([]);
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
  trades(): Promise<readonly VenueTrade[]> {
    return this.#log("trades", this.onTrades);
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
  funding(): Promise<readonly VenueFunding[]> {
    return this.#log("funding", () => Promise.resolve([]));
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

/** A driver with one account, on virtual time. */
export class DriverBench {
  readonly clock = createSimulatedClock({ startMs: 1_000_000 });
  readonly gateway = new ScriptedGateway();
  readonly side = new ScriptedSide();
  readonly alerts: Omit<DeskVenueReport, "kind">[] = [];
  readonly silences: number[] = [];
  syncs = 0;
  canTake = true;
  /** Lanes in which somebody asked for the budget. */
  readonly lanes: BudgetLane[] = [];
  isFailing = false;
  driver!: VenueDriver;
  link!: AccountLink;

  /** Makes driver and account; `prepare` may script what they meet. */
  start(prepare: (bench: this) => void = () => {}): this {
    prepare(this);
    this.driver = new VenueDriver({
      clock: this.clock,
      random: () => 0.5,
      venue: {
        gateway: this.gateway,
        budget: {
          tryTake: () => this.canTake,
          take: (lane, _cost, options) => this.#take(lane, options),
          retryAfter: (ms) => void this.silences.push(ms),
          freeShare: 1,
          silentUntilMs: null,
        },
        costOf: () => 1,
        syncClock: () => {
          this.syncs++;
          return Promise.resolve();
        },
      },
      alert: (alert) => void this.alerts.push(alert),
    });
    this.link = this.register();
    this.link.attach(this.side, () => null as never);
    return this;
  }

  register(agentId = "agt_1", symbol = SYMBOL): AccountLink {
    return this.driver.register({
      config: { ...accountConfig({ agentId, pacing: "realtime" }), symbol },
      execution: {
        kind: "venue",
        exchange: "binance",
        market: "swap",
        credentialId: "key_1",
        namespace: "abc",
        agentKey: "agent",
      },
      journal: {
        synced: () => Promise.resolve(true),
        isFailing: () => this.isFailing,
      },
      onChange: () => {},
    });
  }

  quote(change: Partial<Quote> = {}): void {
    this.link.quote({
      at: this.clock.nowMs(),
      bid: 99,
      ask: 101,
      bidSize: null,
      askSize: null,
      mark: null,
      ...change,
    });
  }

  /** Time goes by with a price each second. */
  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      this.quote();
      // deno-lint-ignore no-await-in-loop -- second by second
      await this.clock.advance(Math.min(1_000, leftMs));
    }
  }

  get block(): string | null {
    return this.link.ports.entryBlock()?.code ?? null;
  }

  async #take(
    lane: BudgetLane,
    { deadlineMs = 60_000 }: { deadlineMs?: number } = {},
  ): Promise<void> {
    this.lanes.push(lane);
    for (let waitedMs = 0; !this.canTake; waitedMs += 100) {
      if (waitedMs >= deadlineMs) {
        throw new VenueError("rate_limited", "The budget is used up");
      }
      // deno-lint-ignore no-await-in-loop -- until there is room
      await new Promise<void>((resolve) => this.clock.after(100, resolve));
    }
  }
}
