import { AppError } from "../../../core/errors.ts";
import type {
  MarketRules,
  VenueBalance,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
  VenueTrade,
} from "../../../contracts/venue.ts";
import {
  type CreateOutcome,
  type KeyRights,
  type OrderRef,
  VenueError,
  type VenueGateway,
  type VenueNews,
  type VenueWatch,
} from "../../../exchange/gateway/port.ts";

/**
 * A gateway that is made when it is opened, because its library has to be loaded
 * and its key has to be unsealed first. Until then nothing goes out.
 */
export class DeferredGateway implements VenueGateway {
  readonly profile: VenueProfile;
  readonly #make: () => Promise<VenueGateway>;
  #gateway: VenueGateway | null = null;
  #isClosed = false;

  constructor(
    { profile, make }: {
      profile: VenueProfile;
      /** Rejects with an `AppError` where the key cannot be unsealed. */
      make: () => Promise<VenueGateway>;
    },
  ) {
    this.profile = profile;
    this.#make = make;
  }

  async open(): Promise<void> {
    this.#gateway ??= await this.#made();
    await this.#gateway.open();
    if (this.#isClosed) await this.#gateway.close();
  }

  rules(symbol: string): MarketRules {
    if (this.#gateway !== null) return this.#gateway.rules(symbol);
    throw new AppError(
      "MARKET_UNKNOWN",
      `The markets of ${this.profile.exchange} are not loaded yet; try again in a moment`,
      { status: 503 },
    );
  }

  create(request: VenueOrderRequest): Promise<CreateOutcome> {
    return this.#gateway?.create(request) ?? Promise.resolve({
      kind: "rejected",
      errorKind: "refused",
      venueCode: null,
      detail: "The order was not sent: the venue is not open yet",
      retryAfterMs: null,
      cause: "maintenance",
    });
  }

  cancel(ref: OrderRef): Promise<VenueOrder | null> {
    return this.#ask((gateway) => gateway.cancel(ref));
  }

  order(ref: OrderRef): Promise<VenueOrder> {
    return this.#ask((gateway) => gateway.order(ref));
  }

  openOrders(symbol: string | null): Promise<readonly VenueOrder[]> {
    return this.#ask((gateway) => gateway.openOrders(symbol));
  }

  trades(
    query: Parameters<VenueGateway["trades"]>[0],
  ): Promise<readonly VenueTrade[]> {
    return this.#ask((gateway) => gateway.trades(query));
  }

  position(symbol: string): Promise<VenuePosition> {
    return this.#ask((gateway) => gateway.position(symbol));
  }

  balances(): Promise<readonly VenueBalance[]> {
    return this.#ask((gateway) => gateway.balances());
  }

  funding(
    query: Parameters<VenueGateway["funding"]>[0],
  ): Promise<readonly VenueFunding[]> {
    return this.#ask((gateway) => gateway.funding(query));
  }

  cancelAll(symbol: string): Promise<void> {
    return this.#ask((gateway) => gateway.cancelAll(symbol));
  }

  cancelAfter(timeoutMs: number): Promise<void> {
    return this.#ask((gateway) => gateway.cancelAfter(timeoutMs));
  }

  prepare(symbol: string, options: { leverage: number }): Promise<void> {
    return this.#ask((gateway) => gateway.prepare(symbol, options));
  }

  keyRights(): Promise<KeyRights> {
    return this.#ask((gateway) => gateway.keyRights());
  }

  accountId(): Promise<string | null> {
    return this.#ask((gateway) => gateway.accountId());
  }

  watch(
    symbols: readonly string[],
    listener: (news: VenueNews) => void,
  ): VenueWatch {
    if (this.#gateway !== null) return this.#gateway.watch(symbols, listener);
    throw notOpen();
  }

  syncClock(): Promise<void> {
    return this.#ask(async (gateway) => await gateway.syncClock?.());
  }

  clockErrorMs(): number | null {
    return this.#gateway?.clockErrorMs() ?? null;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#gateway?.close();
  }

  async #made(): Promise<VenueGateway> {
    try {
      return await this.#make();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Nothing but a person can mend a key that cannot be read.
      throw new VenueError("auth", error.message, { cause: error });
    }
  }

  #ask<T>(question: (gateway: VenueGateway) => Promise<T>): Promise<T> {
    return this.#gateway === null
      ? Promise.reject(notOpen())
      : question(this.#gateway);
  }
}

function notOpen(): VenueError {
  return new VenueError("unknown", "The venue is not open yet");
}
