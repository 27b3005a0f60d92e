/**
 * A venue that trades on paper over the live quotes of an exchange: one account
 * in one market. It gives the same answers and news for the same calls, quotes
 * and clock; nothing in it is random.
 *
 * @module
 */
import { assert } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import type { TimeSourceTimer } from "../../core/time.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type {
  MarketRules,
  Quote,
  VenueBalance,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
  VenueTrade,
} from "../../contracts/venue.ts";
import {
  type CreateOutcome,
  type KeyRights,
  type OrderRef,
  symbolOf,
  VenueError,
  type VenueGateway,
  type VenueNews,
  type VenueWatch,
} from "../gateway/port.ts";
import { noAnswer, notFound, outcomeOf, unsentOutcome } from "./answers.ts";
import { assumedRules } from "./assumed_rules.ts";
import { buildPaperVenue, type PaperParts } from "./build.ts";
import { isPrice } from "./liquidity.ts";
import { LEVERAGE_MAX, WATCHERS_MAX } from "./limits.ts";
import type { PaperVenueOptions, RestoredState } from "./options.ts";
import { paperProfile } from "./profile.ts";
import { Wire } from "./wire.ts";

type Listener = (news: VenueNews) => void;

/** One paper account over live quotes. */
export class PaperVenue implements VenueGateway {
  readonly profile: VenueProfile;
  readonly #options: PaperVenueOptions;
  readonly #wire: Wire;
  readonly #listeners = new Set<Listener>();
  #parts: PaperParts;
  #isOpen = false;
  #deadMan: TimeSourceTimer | null = null;

  constructor(options: PaperVenueOptions) {
    this.#options = options;
    this.profile = paperProfile(options);
    this.#wire = new Wire({
      clock: options.clock,
      latencyMs: options.costs.latencyMs,
      onOverflow: () => {
        const detail = "Too many news were on their way";
        this.#deliver({ type: "disconnected", detail });
        this.#deliver({ type: "connected" });
      },
    });
    this.#parts = this.#build(null);
  }

  /** Makes the account what the desk's books hold; before `open`. */
  restore(state: RestoredState): void {
    assert(!this.#isOpen, "A paper venue is restored before it is opened");
    this.#parts = this.#build(state);
  }

  /** Best prices now: orders are matched at once. */
  quote(quote: Quote): void {
    const { engine } = this.#parts;
    const { assumesRules, symbol } = this.#options;
    if (assumesRules === true && engine.rules === null && isPrice(quote)) {
      engine.setRules(assumedRules(symbol, quote.bid));
    }
    engine.quote(quote, this.#nowMs());
  }

  /** The market tells nothing any more: no price is known until the next quote. */
  forgetQuote(): void {
    this.#parts.engine.forgetPrices();
  }

  /** The market's rules, once the exchange's public markets told them. */
  setRules(rules: MarketRules): void {
    this.#parts.engine.setRules(rules);
  }

  /** The exchange's rate of the next funding, as a part of the notional; null for the configured one. */
  setFundingRate(rate: number | null): void {
    this.#parts.perpetual?.setRate(rate);
  }

  open(): Promise<void> {
    this.#isOpen = true;
    return Promise.resolve();
  }

  rules(symbol: string): MarketRules {
    const { rules } = this.#parts.engine;
    if (symbol === this.#options.symbol && rules !== null) return rules;
    throw new AppError(
      "MARKET_UNKNOWN",
      symbol === this.#options.symbol
        ? `The rules of ${symbol} are not known yet; try again when the market's data are there`
        : `This paper account trades ${this.#options.symbol} alone, not ${symbol}; name its own market`,
      { status: 422 },
    );
  }

  create(request: VenueOrderRequest): Promise<CreateOutcome> {
    return this.#wire.request<CreateOutcome>(
      () => this.#place(request),
      unsentOutcome,
    );
  }

  cancel(ref: OrderRef): Promise<VenueOrder | null> {
    return this.#ask(() =>
      this.#parts.engine.cancel(ref, this.#nowMs()) ?? notFound(ref)
    );
  }

  order(ref: OrderRef): Promise<VenueOrder> {
    return this.#ask(() => this.#parts.engine.find(ref) ?? notFound(ref));
  }

  openOrders(symbol: string | null): Promise<readonly VenueOrder[]> {
    return this.#ask(() =>
      symbol === null || symbol === this.#options.symbol
        ? this.#parts.engine.openOrders()
        : []
    );
  }

  trades(
    query: { symbol: string; sinceAt: EpochMs; venueOrderId?: string },
  ): Promise<readonly VenueTrade[]> {
    return this.#askOf(query.symbol, () => this.#parts.history.trades(query));
  }

  position(symbol: string): Promise<VenuePosition> {
    return this.#askOf(symbol, () => this.#parts.engine.position());
  }

  balances(): Promise<readonly VenueBalance[]> {
    return this.#ask(() => this.#parts.engine.balances());
  }

  funding(
    { symbol, sinceAt }: { symbol: string; sinceAt: EpochMs },
  ): Promise<readonly VenueFunding[]> {
    return this.#askOf(symbol, () => this.#parts.history.fundings(sinceAt));
  }

  cancelAll(symbol: string): Promise<void> {
    return this.#askOf(symbol, () => {
      this.#parts.engine.cancelAll(this.#nowMs());
    });
  }

  cancelAfter(timeoutMs: number): Promise<void> {
    return this.#ask(() => {
      this.#deadMan?.cancel();
      this.#deadMan = timeoutMs <= 0
        ? null
        : this.#options.clock.after(timeoutMs, () => {
          this.#deadMan = null;
          this.#parts.engine.cancelAll(this.#nowMs());
        });
    });
  }

  prepare(symbol: string, { leverage }: { leverage: number }): Promise<void> {
    return this.#askOf(symbol, () => {
      if (leverage >= 1 && leverage <= LEVERAGE_MAX) {
        this.#parts.swapAccount?.setLeverage(leverage);
        return;
      }
      throw new VenueError(
        "refused",
        `The leverage must be from 1 to ${LEVERAGE_MAX}, not ${leverage}`,
        { venueCode: "LEVERAGE_RANGE" },
      );
    });
  }

  keyRights(): Promise<KeyRights> {
    return this.#ask(() => ({
      canRead: true,
      canTrade: true,
      canWithdraw: false,
      canTransfer: false,
      isAddressBound: null,
    }));
  }

  /** Money of nobody. */
  accountId(): Promise<null> {
    return Promise.resolve(null);
  }

  watch(symbols: readonly string[], listener: Listener): VenueWatch {
    assert(this.#listeners.size < WATCHERS_MAX, "Too many listeners");
    // A paper account has one market: who wants another hears nothing of it.
    const hears: Listener = (news) => {
      const symbol = symbolOf(news);
      if (symbol === null || symbols.includes(symbol)) listener(news);
    };
    this.#listeners.add(hears);
    const greet = () =>
      this.#wire.tell(() => {
        if (this.#listeners.has(hears)) hears({ type: "connected" });
      });
    greet();
    return { close: () => void this.#listeners.delete(hears), renew: greet };
  }

  clockErrorMs(): number {
    return 0;
  }

  close(): Promise<void> {
    this.#deadMan?.cancel();
    this.#deadMan = null;
    this.#listeners.clear();
    this.#wire.close();
    return Promise.resolve();
  }

  #nowMs(): EpochMs {
    return this.#options.clock.nowMs();
  }

  #build(state: RestoredState | null): PaperParts {
    return buildPaperVenue({
      options: this.#options,
      profile: this.profile,
      state,
      tell: (news) => this.#wire.tell(() => this.#deliver(news)),
    });
  }

  #deliver(news: VenueNews): void {
    for (const listener of [...this.#listeners]) listener(news);
  }

  #place(request: VenueOrderRequest): CreateOutcome {
    return outcomeOf(this.#parts.engine.place(request, this.#nowMs()));
  }

  #ask<T>(work: () => T): Promise<T> {
    return this.#wire.request(work, noAnswer);
  }

  #askOf<T>(symbol: string, work: () => T): Promise<T> {
    return this.#ask(() => {
      if (symbol === this.#options.symbol) return work();
      throw new VenueError(
        "refused",
        `This paper account trades ${this.#options.symbol} alone, not ${symbol}`,
        { venueCode: "MARKET_UNKNOWN" },
      );
    });
  }
}
