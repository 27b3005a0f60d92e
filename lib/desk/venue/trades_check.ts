import type { EpochMs } from "../../contracts/primitives.ts";
import type { VenueOrder, VenueTrade } from "../../contracts/venue.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import { FUNDING_LATE_MS } from "../limits.ts";
import {
  FUNDING_STEP_MS,
  STREAM_LATE_MS,
  TRADES_OVERLAP_MS,
  WALL_CLOCK_DOUBT_MS,
} from "./limits.ts";
import type { LostOrders } from "./lost_orders.ts";
import { isOurs } from "./our_orders.ts";
import { readForBooks } from "./risk.ts";
import { reportTrade, type VenueAccount } from "./venue_account.ts";

/** Reads trades and funding beside the stream, so that what it loses is found within half a minute. */
export class TradesCheck {
  readonly #account: VenueAccount;
  readonly #lost: LostOrders;
  /** Newest trade and funding seen, in the venue's time; null before the first look. */
  #tradesAt: EpochMs | null = null;
  #fundingAt: EpochMs | null = null;
  #missed = 0;

  constructor(account: VenueAccount, lost: LostOrders) {
    this.#account = account;
    this.#lost = lost;
  }

  /** Trades that only this check found although a stream was open long enough before. */
  get missedByStream(): number {
    return this.#missed;
  }

  /** @throws {VenueError} */
  async run(): Promise<void> {
    const { symbol, clockGuard, isClosed } = this.#account;
    if (isClosed) return;
    const nowAt = clockGuard.venueNowMs();
    const sinceAt = this.#tradesAt ?? this.#firstAt(nowAt);
    const trades = await readForBooks(
      this.#account,
      "trades",
      (gateway, nextPage) =>
        gateway.trades({
          symbol,
          sinceAt: sinceAt - TRADES_OVERLAP_MS,
          nextPage,
        }),
    );
    for (const trade of trades) {
      if (this.#account.isClosed) return;
      const isNews = !this.#account.owners.wasTold(trade);
      // deno-lint-ignore no-await-in-loop -- in order, as they happened
      const isTaken = await this.take(trade);
      const isLate = nowAt - trade.at > STREAM_LATE_MS;
      if (isTaken && isNews && isLate && this.#tradesAt !== null) {
        this.#missed++;
      }
    }
    const newestAt = trades.at(-1)?.at ?? sinceAt;
    this.#tradesAt = newestAt > sinceAt
      ? newestAt
      : this.#quietUntil(sinceAt, WALL_CLOCK_DOUBT_MS);
  }

  /**
   * Hands a trade of ours to the account; false for somebody else's.
   *
   * @throws {VenueError} Where its order had to be asked for.
   */
  async take(trade: VenueTrade): Promise<boolean> {
    const account = this.#account;
    const clientOrderId = trade.clientOrderId ?? await this.#ownerOf(trade);
    if (!isOurs({ clientOrderId }, account.execution)) return false;
    if (account.isClosed) return true;
    account.owners.learn(trade.venueOrderId, clientOrderId);
    const isLost = account.side.openIds().some((open) =>
      open.clientOrderId === clientOrderId
    );
    if (isLost) {
      const order = await this.#orderOf({ ...trade, clientOrderId });
      if (order !== null) await this.#lost.adopt(order);
      return true;
    }
    account.touches.touch(null);
    reportTrade(account, { ...trade, clientOrderId });
    return true;
  }

  /** @throws {VenueError} */
  async runFunding(): Promise<void> {
    const { profile, symbol, side, clockGuard, isClosed } = this.#account;
    if (profile.market !== "swap" || isClosed) return;
    const sinceAt = this.#fundingAt ?? side.fundingFromAt ??
      this.#firstAt(clockGuard.venueNowMs());
    const payments = await readForBooks(
      this.#account,
      "funding",
      (gateway, nextPage) =>
        gateway.funding({
          symbol,
          sinceAt: sinceAt - TRADES_OVERLAP_MS,
          nextPage,
        }),
    );
    for (const funding of payments) {
      if (this.#account.isClosed) return;
      this.#account.report({ type: "funding", funding });
    }
    const newestAt = payments.at(-1)?.at ?? sinceAt;
    this.#fundingAt = newestAt > sinceAt ? newestAt : Math.min(
      sinceAt + FUNDING_STEP_MS,
      this.#quietUntil(sinceAt, FUNDING_LATE_MS),
    );
  }

  /**
   * From when on to ask next after an answer without anything new. It goes along
   * with the time, or a quiet market would be read over an ever longer one. A
   * clock that may be wrong moves nothing.
   */
  #quietUntil(sinceAt: EpochMs, lateMs: number): EpochMs {
    const { clockGuard } = this.#account;
    if (clockGuard.block() !== null) return sinceAt;
    return Math.max(sinceAt, clockGuard.venueNowMs() - lateMs);
  }

  /** From when on the first look must go back: to the oldest order that is not over. */
  #firstAt(nowAt: EpochMs): EpochMs {
    const sentAts = this.#account.side.workingOrders().map(({ sentAt }) =>
      sentAt ?? nowAt
    );
    return Math.min(nowAt, ...sentAts) - WALL_CLOCK_DOUBT_MS;
  }

  async #ownerOf(trade: VenueTrade): Promise<string | null> {
    const { owners } = this.#account;
    const known = owners.ownerOf(trade.venueOrderId);
    if (known !== undefined) return known;
    const order = await this.#orderOf(trade);
    const owner = order?.clientOrderId ?? null;
    owners.learn(trade.venueOrderId, owner);
    return owner;
  }

  async #orderOf(
    { clientOrderId, venueOrderId }: VenueTrade,
  ): Promise<VenueOrder | null> {
    const { symbol } = this.#account;
    const ref = {
      symbol,
      clientOrderId: clientOrderId ?? "",
      venueOrderId,
      isStop: false,
    };
    try {
      return await readForBooks(
        this.#account,
        "order",
        (gateway) => gateway.order(ref),
      );
    } catch (error) {
      const isAnswer = error instanceof VenueError &&
        error.kind === "not_found";
      if (!isAnswer) throw error;
      return null;
    }
  }
}
