import type { EpochMs } from "../../contracts/primitives.ts";
import type { VenueTrade } from "../../contracts/venue.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import {
  ABSENCE_APART_MS,
  FETCH_TRADES_EVERY_MS,
  FETCH_TRADES_MAX_MS,
  RESOLVE_EVERY_MAX_MS,
  RESOLVE_EVERY_MS,
  RESOLVE_UNPROVEN_MAX_MS,
  SETTLE_AFTER_MS,
  SETTLE_LOOK_MS_MAX,
  UNPROVEN_ALERT_MS,
  WALL_CLOCK_DOUBT_MS,
} from "./limits.ts";
import type { WorkingOrder } from "./port.ts";
import { settlingRefused } from "./settling.ts";
import {
  findWorking,
  refOf,
  reportOrder,
  reportTrade,
  type VenueAccount,
} from "./venue_account.ts";

/**
 * Finds out what became of orders. Time is running time: an order of an earlier
 * process counts from when this one opened the account, so that no jump of the
 * wall clock makes a proof of an absence too early.
 */
export class OrderSeeker {
  readonly #account: VenueAccount;
  readonly #openedMs: number;
  readonly #sentMs = new Map<string, number>();
  /** Since when the venue has said of an order, whenever it answered, that it does not know it. */
  readonly #missingMs = new Map<string, number>();
  readonly #resolving = new Set<string>();
  readonly #fetching = new Set<string>();

  constructor(account: VenueAccount) {
    this.#account = account;
    this.#openedMs = account.clock.monotonicMs();
  }

  /** An order is handed to the venue now. */
  sent(orderId: string): void {
    this.#sentMs.set(orderId, this.#account.clock.monotonicMs());
  }

  resolve(orderId: string): void {
    if (!this.#resolving.has(orderId)) void this.#resolve(orderId);
  }

  fetchTrades(orderId: string): void {
    if (!this.#fetching.has(orderId)) void this.#fetch(orderId);
  }

  /**
   * One look: by its id, then among trades; reports what it finds. Null where
   * the venue did not answer.
   */
  async look(working: WorkingOrder): Promise<"found" | "not_found" | null> {
    const account = this.#account;
    const ref = refOf(account, working);
    try {
      const order = await account.calls.read(
        "order",
        account.requests.counted((gateway) => gateway.order(ref)),
        { isUrgent: true },
      );
      reportOrder(account, order);
      return "found";
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      if (error.kind !== "not_found") return null;
    }
    const trades = await this.#tradesOf(working);
    if (trades === null) return null;
    for (const trade of trades) reportTrade(account, trade);
    return trades.length > 0 ? "found" : "not_found";
  }

  /**
   * A person has looked at the venue and says that an order without an answer is
   * not there. The venue must have said so, too, for {@link SETTLE_AFTER_MS}, and
   * is asked once more: what it knows holds against the person.
   *
   * @param detail Who says so, and why; for the books.
   * @throws {AppError} ORDER_STATE_CONFLICT
   */
  async settle(orderId: string, detail: string): Promise<void> {
    const working = this.#inFlight(orderId);
    if (working === null) {
      throw settlingRefused(
        orderId,
        "it is over, or the venue knows it; see the agent's open orders",
      );
    }
    const { clock, sleeper, report } = this.#account;
    const sinceMs = this.#missingMs.get(orderId) ?? clock.monotonicMs();
    if (clock.monotonicMs() - sinceMs < SETTLE_AFTER_MS) {
      throw settlingRefused(
        orderId,
        `the venue has to have said for ${
          SETTLE_AFTER_MS / 1_000
        } s that it does not know it; try again in a minute`,
      );
    }
    const seen = await Promise.race([
      this.look(working),
      sleeper.sleep(SETTLE_LOOK_MS_MAX).then(() => null),
    ]);
    if (seen === "found" || this.#inFlight(orderId) === null) {
      throw settlingRefused(
        orderId,
        "the venue knows it after all; see the agent's open orders",
      );
    }
    if (seen === null) {
      throw settlingRefused(orderId, "the venue does not answer; try again");
    }
    report({ type: "absent", orderId, detail });
    this.#forget(orderId);
  }

  async #resolve(orderId: string): Promise<void> {
    this.#resolving.add(orderId);
    const { clock, sleeper, profile } = this.#account;
    // Since when the venue said that it does not know it, at a time that proves something.
    let deniedMs: number | null = null;
    let waitMs = RESOLVE_EVERY_MS;
    const maxMs = profile.absenceProofMs === null
      ? RESOLVE_UNPROVEN_MAX_MS
      : RESOLVE_EVERY_MAX_MS;
    for (;;) {
      const working = this.#inFlight(orderId);
      if (working === null) break;
      const askedMs = clock.monotonicMs();
      // deno-lint-ignore no-await-in-loop -- a look follows from the one before
      const seen = await this.look(working);
      if (this.#inFlight(orderId) === null) break;
      this.#note(orderId, { seen, askedMs });
      if (seen === "found") deniedMs = null;
      if (seen === "not_found" && this.#isProof(orderId, askedMs)) {
        deniedMs ??= askedMs;
        if (askedMs - deniedMs >= ABSENCE_APART_MS) {
          this.#reportAbsent(working);
          break;
        }
      }
      if (profile.absenceProofMs === null) this.#warnOf(working);
      // deno-lint-ignore no-await-in-loop -- as above
      await sleeper.sleep(waitMs);
      waitMs = Math.min(maxMs, 2 * waitMs);
    }
    this.#resolving.delete(orderId);
    this.#forget(orderId);
  }

  #note(
    orderId: string,
    { seen, askedMs }: { seen: "found" | "not_found" | null; askedMs: number },
  ): void {
    if (seen === "found") this.#missingMs.delete(orderId);
    if (seen !== "not_found" || this.#missingMs.has(orderId)) return;
    this.#missingMs.set(orderId, askedMs);
  }

  /** Whether an answer to a question of that time proves that the order never arrives. */
  #isProof(orderId: string, askedMs: number): boolean {
    const { absenceProofMs } = this.#account.profile;
    if (absenceProofMs === null) return false;
    return askedMs > this.#sinceMs(orderId) + absenceProofMs;
  }

  #reportAbsent({ order: { orderId } }: WorkingOrder): void {
    const { absenceProofMs } = this.#account.profile;
    this.#account.report({
      type: "absent",
      orderId,
      detail:
        `The venue knows neither the order nor a trade of it more than ${absenceProofMs} ms after it was sent`,
    });
  }

  /** Nothing proves that it is not there: a person has to look. */
  #warnOf({ order: { orderId }, clientOrderId }: WorkingOrder): void {
    const { clock, drift, alert } = this.#account;
    const ageMs = clock.monotonicMs() - this.#sinceMs(orderId);
    if (ageMs < UNPROVEN_ALERT_MS) return;
    const detail =
      `The venue does not know order ${clientOrderId}, and nothing proves that it never comes; look for it there, and call it absent where it is nowhere`;
    drift.set(`unproven:${orderId}`, detail);
    alert({ code: "ORDER_UNPROVEN", detail });
  }

  #forget(orderId: string): void {
    this.#account.drift.set(`unproven:${orderId}`, null);
    this.#missingMs.delete(orderId);
    if (findWorking(this.#account, orderId) === null) {
      this.#sentMs.delete(orderId);
    }
  }

  #sinceMs(orderId: string): number {
    return this.#sentMs.get(orderId) ?? this.#openedMs;
  }

  #inFlight(orderId: string): WorkingOrder | null {
    if (this.#account.isClosed) return null;
    const working = findWorking(this.#account, orderId);
    if (working === null) return null;
    const isInFlight = working.phase === "sending" ||
      working.phase === "unknown";
    return isInFlight ? working : null;
  }

  async #fetch(orderId: string): Promise<void> {
    this.#fetching.add(orderId);
    const account = this.#account;
    let waitMs = FETCH_TRADES_EVERY_MS;
    for (;;) {
      const working = findWorking(account, orderId);
      if (account.isClosed || working === null) break;
      // deno-lint-ignore no-await-in-loop -- until all are there
      const trades = await this.#tradesOf(working);
      if (account.isClosed) break;
      for (const trade of trades ?? []) reportTrade(account, trade);
      const left = findWorking(account, orderId);
      if (left === null) break;
      // All that is known of an open order is here; more of it is news of its own.
      if (left.phase === "open" && trades !== null) break;
      // deno-lint-ignore no-await-in-loop -- as above
      await account.sleeper.sleep(waitMs);
      waitMs = Math.min(FETCH_TRADES_MAX_MS, 2 * waitMs);
    }
    this.#fetching.delete(orderId);
  }

  /** When its first trade can have been: what the journal says may be off by a jump of the wall clock. */
  #tradesSince({ order: { orderId }, sentAt }: WorkingOrder): EpochMs {
    const { clock, clockGuard } = this.#account;
    const nowAt = clockGuard.venueNowMs();
    const knownMs = clock.monotonicMs() - this.#sinceMs(orderId);
    const sinceAt = Math.min(sentAt ?? nowAt, nowAt - knownMs);
    return sinceAt - WALL_CLOCK_DOUBT_MS;
  }

  /** Its trades as the venue lists them now, marked as ours; null where it did not answer. */
  async #tradesOf(
    working: WorkingOrder,
  ): Promise<VenueTrade[] | null> {
    const { clientOrderId, venueOrderId } = working;
    const { calls, requests, symbol } = this.#account;
    const sinceAt = this.#tradesSince(working);
    try {
      const trades = await calls.read(
        "trades",
        requests.counted((gateway, nextPage) =>
          gateway.trades({
            symbol,
            sinceAt,
            nextPage,
            ...(venueOrderId === null ? {} : { venueOrderId }),
          })
        ),
        { isUrgent: true },
      );
      return trades
        .filter((trade) =>
          trade.clientOrderId === clientOrderId ||
          (venueOrderId !== null && trade.venueOrderId === venueOrderId)
        )
        .map((trade) => ({ ...trade, clientOrderId }));
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return null;
    }
  }
}
