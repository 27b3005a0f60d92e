import { isBreakerFailure } from "../../exchange/budget/breaker.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import { HoldingsCheck } from "./holdings_check.ts";
import {
  DRIFT_APART_MS,
  FUNDING_EVERY_MS,
  HOLDINGS_EVERY_MS,
  IN_FLIGHT_EVERY_MS,
  OPEN_ORDERS_EVERY_MS,
  RECONCILE_RETRY_MAX_MS,
  RECONCILE_RETRY_MS,
  RISK_RETRY_MS,
  TRADES_EVERY_MS,
} from "./limits.ts";
import { LostOrders } from "./lost_orders.ts";
import { OpenOrdersCheck } from "./open_orders_check.ts";
import type { OrderCourier } from "./order_courier.ts";
import { isAtRisk } from "./risk.ts";
import { TradesCheck } from "./trades_check.ts";
import type { VenueAccount } from "./venue_account.ts";

/** A check that is made again and again. */
interface Periodic {
  everyMs: number;
  dueMs: number;
  run(): Promise<void>;
}

/**
 * Brings books and venue together: all of it before the first entry and after
 * every gap of the stream, its parts again and again while running. A read that
 * failed says nothing, above all not that nothing is held.
 */
export class Reconciler {
  readonly orders: OpenOrdersCheck;
  readonly trades: TradesCheck;
  readonly holdings: HoldingsCheck;
  readonly #account: VenueAccount;
  readonly #courier: OrderCourier;
  readonly #lost: LostOrders;
  readonly #periodic: readonly Periodic[];
  /** Why a whole reconciliation is due; null while none is. */
  #dueBecause: string | null = "The account has just been opened";
  /** Counts the reasons, so that one that comes during a reconciliation is not taken for done. */
  #reasons = 1;
  #retryMs = RECONCILE_RETRY_MS;
  #nextMs = -Infinity;
  #isBusy = false;
  #inFlightMs = -Infinity;

  constructor(account: VenueAccount, courier: OrderCourier) {
    this.#account = account;
    this.#courier = courier;
    this.#lost = new LostOrders(account);
    this.orders = new OpenOrdersCheck(account, courier.seeker, this.#lost);
    this.trades = new TradesCheck(account, this.#lost);
    this.holdings = new HoldingsCheck(account);
    const periodic = (everyMs: number, run: () => Promise<void>) => ({
      everyMs,
      dueMs: account.clock.monotonicMs() + everyMs * account.random(),
      run,
    });
    this.#periodic = [
      periodic(OPEN_ORDERS_EVERY_MS, () => this.orders.run()),
      periodic(TRADES_EVERY_MS, () => this.trades.run()),
      periodic(HOLDINGS_EVERY_MS, () => this.#checkHoldings()),
      periodic(FUNDING_EVERY_MS, () => this.trades.runFunding()),
    ];
  }

  /** Why entries have to wait; null once books and venue were brought together. */
  get dueBecause(): string | null {
    return this.#dueBecause;
  }

  /** Something may have been missed: nothing new until all was read again. */
  require(reason: string): void {
    this.#dueBecause = reason;
    this.#reasons++;
    this.#nextMs = -Infinity;
    this.#retryMs = RECONCILE_RETRY_MS;
    this.tick();
  }

  /** Open orders are read soon: the stream told of one that nobody knows. */
  hurryOrders(): void {
    this.#periodic[0]!.dueMs = -Infinity;
  }

  /** The position is read soon. */
  hurryHoldings(): void {
    this.#periodic[2]!.dueMs = -Infinity;
  }

  /** Everything is read soon: the venue says something that the books cannot explain. */
  hurry(): void {
    for (const check of this.#periodic) check.dueMs = -Infinity;
    this.#nextMs = -Infinity;
  }

  tick(): void {
    const { clock, side, touches } = this.#account;
    const nowMs = clock.monotonicMs();
    if (nowMs >= this.#inFlightMs) {
      this.#inFlightMs = nowMs + IN_FLIGHT_EVERY_MS;
      const working = side.workingOrders();
      touches.keepOnly(working);
      this.#courier.takeUp(working);
    }
    if (!this.#isBusy) void this.#runDue(nowMs);
  }

  async #runDue(nowMs: number): Promise<void> {
    this.#isBusy = true;
    try {
      if (this.#dueBecause !== null) {
        if (nowMs >= this.#nextMs) await this.#runAll();
      } else {
        await this.#runPeriodic(nowMs);
      }
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      const { clock, random } = this.#account;
      const waitMs = isAtRisk(this.#account)
        ? Math.min(RISK_RETRY_MS, this.#retryMs)
        : this.#retryMs;
      this.#nextMs = clock.monotonicMs() + waitMs * (0.5 + random() / 2);
      this.#retryMs = Math.min(RECONCILE_RETRY_MAX_MS, 2 * this.#retryMs);
    } finally {
      this.#isBusy = false;
    }
  }

  async #runAll(): Promise<void> {
    const reasons = this.#reasons;
    await this.#readAll();
    this.#account.firstRead.done();
    // It took a while in which more may have happened.
    if (await this.#lost.run()) await this.#readAll();
    await this.holdings.runUntilSure();
    // A gap that came meanwhile is due by itself.
    if (this.#account.isClosed || this.#reasons !== reasons) return;
    this.#dueBecause = null;
    this.#retryMs = RECONCILE_RETRY_MS;
    this.#account.drift.settle();
  }

  async #readAll(): Promise<void> {
    await this.orders.run();
    await this.trades.run();
    await this.trades.runFunding();
  }

  /** A difference may be a trade that is not here yet: trades first, then a second look. */
  async #checkHoldings(): Promise<void> {
    if (await this.holdings.run() !== "differs") return;
    await this.trades.run();
    this.#periodic[2]!.dueMs = this.#account.clock.monotonicMs() +
      DRIFT_APART_MS;
  }

  /** @throws {VenueError} One that says nothing is no reason to look away from a risk for the whole time. */
  async #run(check: Periodic): Promise<void> {
    try {
      await check.run();
    } catch (error) {
      const isSilent = error instanceof VenueError &&
        isBreakerFailure(error.kind);
      if (isSilent && isAtRisk(this.#account)) {
        const soonMs = this.#account.clock.monotonicMs() + RISK_RETRY_MS;
        check.dueMs = Math.min(check.dueMs, soonMs);
      }
      throw error;
    }
  }

  async #runPeriodic(nowMs: number): Promise<void> {
    for (const check of this.#periodic) {
      if (nowMs < check.dueMs) continue;
      check.dueMs = nowMs + check.everyMs;
      // deno-lint-ignore no-await-in-loop -- one after the other, to leave budget to others
      await this.#run(check);
      if (this.#account.isClosed || this.#dueBecause !== null) return;
    }
  }
}
