import type { EpochMs } from "../../contracts/primitives.ts";
import type { VenueOrder } from "../../contracts/venue.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import { parseClientOrderId } from "./client_order_id.ts";
import {
  ABSENCE_APART_MS,
  LOST_ORDER_MS,
  LOST_TRADES_MAX_MS,
  LOST_TRADES_MS,
  WALL_CLOCK_DOUBT_MS,
} from "./limits.ts";
import { readForBooks } from "./risk.ts";
import { findByClientId, type VenueAccount } from "./venue_account.ts";

/**
 * Orders of ours that the journal does not know, because a power cut took the
 * end of it: they are handed to the account, which withdraws them and closes
 * what they made. Ids are reserved before their first use, so each one that may
 * have been used can be asked for.
 */
export class LostOrders {
  readonly #account: VenueAccount;
  readonly #startedMs: number;
  #isDone = false;

  constructor(account: VenueAccount) {
    this.#account = account;
    this.#startedMs = account.clock.monotonicMs();
  }

  /**
   * Once after a start: asks for every id that may have been used without a
   * record, now and again when none of them can arrive any more. True if there
   * were any.
   *
   * @throws {VenueError}
   */
  async run(): Promise<boolean> {
    const { side, sleeper, clock, profile } = this.#account;
    if (this.#isDone) return false;
    const ids = side.openIds().map(({ clientOrderId }) => clientOrderId);
    if (ids.length > 0) {
      await this.#askForAll(ids);
      const lastMs = this.#startedMs +
        (profile.absenceProofMs ?? LOST_ORDER_MS);
      const waitMs = Math.max(
        ABSENCE_APART_MS,
        lastMs - clock.monotonicMs() + 1,
      );
      await sleeper.sleep(waitMs);
      await this.#askForAll(ids);
      if (this.#account.isClosed) return false;
      side.idsAsked();
    }
    this.#isDone = true;
    return ids.length > 0;
  }

  /**
   * Takes in an order with an id of ours that no working order has, after one
   * more question: what a list said may be over by now.
   *
   * @throws {VenueError}
   */
  async adopt(listed: VenueOrder): Promise<void> {
    const { clientOrderId } = listed;
    if (clientOrderId === null) return;
    const order = await this.#find(clientOrderId, listed);
    if (order !== null) await this.#handOver(order);
  }

  async #askForAll(ids: readonly string[]): Promise<void> {
    for (const clientOrderId of ids) {
      if (this.#account.isClosed) return;
      // deno-lint-ignore no-await-in-loop -- one by one, to leave budget to others
      const order = await this.#find(clientOrderId, null);
      // deno-lint-ignore no-await-in-loop -- as above
      if (order !== null) await this.#handOver(order);
    }
  }

  async #find(
    clientOrderId: string,
    listed: VenueOrder | null,
  ): Promise<VenueOrder | null> {
    const { symbol } = this.#account;
    const role = parseClientOrderId(clientOrderId)?.role;
    const isStop = listed === null ? role === "stop" : listed.type === "stop";
    try {
      return await readForBooks(
        this.#account,
        "order",
        (gateway) =>
          gateway.order({
            symbol,
            clientOrderId,
            venueOrderId: listed?.venueOrderId ?? null,
            isStop,
          }),
      );
    } catch (error) {
      const isAnswer = error instanceof VenueError &&
        error.kind === "not_found";
      if (!isAnswer) throw error;
      return null;
    }
  }

  async #handOver(order: VenueOrder): Promise<void> {
    const account = this.#account;
    const { clientOrderId, venueOrderId, symbol, status, filled } = order;
    if (clientOrderId === null) return;
    account.owners.learn(venueOrderId, clientOrderId);
    // Known after all: its own news came first.
    if (findByClientId(account, clientOrderId) !== null) {
      return account.report({ type: "order", order });
    }
    if (!this.#isOpenId(clientOrderId) && status !== "open") return;
    const sinceAt = this.#tradesSince(order);
    const trades = Number(filled) === 0
      ? []
      : (await readForBooks(account, "trades", (gateway, nextPage) =>
        gateway.trades({ symbol, sinceAt, venueOrderId, nextPage })))
        .map((trade) => ({ ...trade, clientOrderId }));
    if (account.isClosed) return;
    for (const trade of trades) account.owners.told(trade);
    account.alert({
      code: "ORDER_ADOPTED",
      detail:
        `Order ${clientOrderId} at the venue is on no record here: it is withdrawn and what it made is closed`,
    });
    account.report({ type: "adopt", order, trades });
  }

  /** When its first trade can have been; a venue reads all the way from there to now. */
  #tradesSince({ at, placedAt }: VenueOrder): EpochMs {
    const nowAt = this.#account.clockGuard.venueNowMs();
    const firstAt = placedAt ?? (at ?? nowAt) - LOST_TRADES_MS;
    const sinceAt = Math.min(nowAt, firstAt) - WALL_CLOCK_DOUBT_MS;
    return Math.max(nowAt - LOST_TRADES_MAX_MS, sinceAt);
  }

  /** Whether the journal has no record of this id, which it may have lost. */
  #isOpenId(clientOrderId: string): boolean {
    return this.#account.side.openIds().some((open) =>
      open.clientOrderId === clientOrderId
    );
  }
}
