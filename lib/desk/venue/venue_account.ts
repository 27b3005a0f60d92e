import type { Clock } from "../../../actors/clock.ts";
import type { DeskAccountConfig, Execution } from "../../contracts/desk.ts";
import type {
  VenueOrder,
  VenueProfile,
  VenueTrade,
} from "../../contracts/venue.ts";
import type { OrderRef, RateBudget } from "../../exchange/gateway/port.ts";
import type { WireProbe } from "../latency.ts";
import type { VenueCalls } from "./calls.ts";
import type { ClockGuard } from "./clock_guard.ts";
import type { DriftCauses } from "./drift_causes.ts";
import type { FirstRead } from "./first_read.ts";
import type { VenueAlert, VenueHealth } from "./health.ts";
import { TOUCHED_MS } from "./limits.ts";
import type { MinuteCounter } from "./minute_counter.ts";
import type { OpenedVenue } from "./opener.ts";
import type { OrderOwners } from "./order_owners.ts";
import type {
  EntryBlock,
  VenueReport,
  VenueSide,
  WorkingOrder,
} from "./port.ts";
import type { RequestCounter } from "./request_counter.ts";
import type { Sleeper } from "./sleeper.ts";
import { typeAtVenue } from "./type_at_venue.ts";

/** An execution at a venue, on paper or real. */
export type VenueExecution = Exclude<Execution, { kind: "candles" }>;

/** The account's own journal, as far as the driver needs it. */
export interface JournalGate {
  /** Resolves when everything appended so far would survive a power cut; false if it was closed before. */
  synced(): Promise<boolean>;
  /** The disk refuses: what the account recorded last is in memory only. */
  isFailing(): boolean;
}

/** What the parts of a driver share about one account. */
export interface VenueAccount {
  readonly config: DeskAccountConfig;
  readonly execution: VenueExecution;
  readonly symbol: string;
  readonly profile: VenueProfile;
  readonly side: VenueSide;
  readonly journal: JournalGate;
  readonly wire: WireProbe | undefined;
  readonly venue: OpenedVenue;
  readonly budget: RateBudget;
  readonly calls: VenueCalls;
  readonly health: VenueHealth;
  readonly clockGuard: ClockGuard;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sleeper: Sleeper;
  readonly touches: Touches;
  readonly owners: OrderOwners;
  readonly drift: DriftCauses;
  readonly firstRead: FirstRead;
  readonly ordersLastMinute: MinuteCounter;
  /** What its orders cause at the venue. */
  readonly requests: RequestCounter;
  /** No report reaches the account any more. */
  readonly isClosed: boolean;
  report(report: VenueReport): void;
  /** Books and venue are compared soon. */
  hurry(): void;
  entryBlock(): EntryBlock | null;
  alert(alert: Omit<VenueAlert, "agentId">): void;
}

/** When orders and the account as a whole were last touched, in running time. */
export class Touches {
  readonly #clock: Clock;
  readonly #orders = new Map<string, number>();
  #accountMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something was sent or heard. `orderId` null for what concerns no order that is known. */
  touch(orderId: string | null): void {
    const nowMs = this.#clock.monotonicMs();
    this.#accountMs = nowMs;
    if (orderId !== null) this.#orders.set(orderId, nowMs);
  }

  /** Whether news may still be under way. */
  isFresh(orderId: string | null): boolean {
    const at = orderId === null
      ? this.#accountMs
      : this.#orders.get(orderId) ?? -Infinity;
    return this.#clock.monotonicMs() - at < TOUCHED_MS;
  }

  /** Last touch of anything. */
  get lastMs(): number {
    return this.#accountMs;
  }

  /** Forgets orders that are over. */
  keepOnly(orders: readonly WorkingOrder[]): void {
    if (this.#orders.size <= 2 * orders.length + 16) return;
    const known = new Set(orders.map(({ order }) => order.orderId));
    for (const orderId of this.#orders.keys()) {
      if (!known.has(orderId)) this.#orders.delete(orderId);
    }
  }
}

/** How the venue is asked for an order of ours. */
export function refOf(
  { symbol }: Pick<VenueAccount, "symbol">,
  { clientOrderId, venueOrderId, order }: WorkingOrder,
): OrderRef {
  return {
    symbol,
    clientOrderId,
    venueOrderId,
    isStop: typeAtVenue(order) === "stop",
  };
}

/** The order that is not over with this id of the account, or null. */
export function findWorking(
  { side }: Pick<VenueAccount, "side">,
  orderId: string,
): WorkingOrder | null {
  return side.workingOrders().find(({ order }) => order.orderId === orderId) ??
    null;
}

/** The order that is not over with this id at the venue, or null. */
export function findByClientId(
  { side }: Pick<VenueAccount, "side">,
  clientOrderId: string,
): WorkingOrder | null {
  return side.workingOrders().find((working) =>
    working.clientOrderId === clientOrderId
  ) ?? null;
}

/** Tells the account what the venue says of an order of ours. */
export function reportOrder(account: VenueAccount, order: VenueOrder): void {
  if (order.clientOrderId !== null) {
    account.owners.learn(order.venueOrderId, order.clientOrderId);
  }
  account.report({ type: "order", order });
}

/** Tells the account of a trade of an order of ours. */
export function reportTrade(account: VenueAccount, trade: VenueTrade): void {
  account.owners.told(trade);
  account.report({ type: "trade", trade });
}
