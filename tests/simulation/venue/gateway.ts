import {
  type ClockSync,
  createClockSync,
} from "../../../lib/exchange/budget/clock_sync.ts";
import { AppError } from "../../../lib/core/errors.ts";
import {
  type CreateOutcome,
  type OrderRef,
  type RateBudget,
  VenueError,
  type VenueGateway,
} from "../../../lib/exchange/gateway/port.ts";
import type {
  MarketRules,
  VenueOrder,
  VenueOrderRequest,
  VenueProfile,
} from "../../../lib/contracts/venue.ts";
import { ProcessDied } from "../machine/boot.ts";
import type { Isolate } from "../machine/isolate.ts";
import type { Exchange, ExchangeOrder } from "./exchange.ts";
import { CASH_PLACES, VENUE_FUNDS } from "./limits.ts";
import type { VenueScenario } from "./scenario.ts";
import { isExit, RULES, simulatedProfile } from "./profile.ts";
import { BASE_FACTOR } from "./ledger.ts";
import type { NewsStream } from "./news_stream.ts";
import { toText } from "./units.ts";
import type { Wire } from "./wire.ts";
import {
  SYMBOL,
  toVenueFunding,
  toVenueOrder,
  toVenueTrade,
} from "./wire_format.ts";

/** What a simulated gateway works with. */
export interface SimulatedGatewayOptions {
  isolate: Isolate;
  wire: Wire;
  exchange: Exchange;
  stream: NewsStream;
  /** Also the questions for the time keep to it. */
  budget: RateBudget;
  venueNowMs(): number;
  scenario: VenueScenario;
}

/** A connection of one desk process to the simulated exchange, as the real one would be. */
export class SimulatedGateway implements VenueGateway {
  readonly profile: VenueProfile;
  readonly #options: SimulatedGatewayOptions;
  #sync: ClockSync | null = null;
  /** Signed with while the error is being measured anew. */
  #knownErrorMs = 0;

  constructor(options: SimulatedGatewayOptions) {
    this.#options = options;
    this.profile = simulatedProfile(options.scenario);
  }

  async open(): Promise<void> {
    if (!await this.measureClock()) {
      throw new VenueError("unknown", "The venue does not tell its time");
    }
  }

  /** Measures the error of the clock; false where the venue does not answer. */
  async measureClock(): Promise<boolean> {
    this.#sync ??= createClockSync({
      clock: this.#options.isolate.clock,
      readVenueTime: () => this.#readTime(),
    });
    return (await this.#sync.sync()).errorMs !== null;
  }

  /** Keeps to the budget, and tells it of a wait that the venue wants. */
  async #readTime(): Promise<number> {
    const { budget, venueNowMs } = this.#options;
    await budget.take("data", 1);
    try {
      return await this.#send("time", venueNowMs, { isSigned: false });
    } catch (error) {
      const isLimited = error instanceof VenueError &&
        error.kind === "rate_limited";
      if (isLimited) budget.retryAfter(error.retryAfterMs ?? 0, error.message);
      throw error;
    }
  }

  rules(symbol: string): MarketRules {
    if (symbol === SYMBOL) return RULES;
    throw new AppError("MARKET_UNKNOWN", `There is no market ${symbol}`);
  }

  create(request: VenueOrderRequest): Promise<CreateOutcome> {
    const { exchange } = this.#options;
    const timestamp = this.#timestamp();
    const kind = isExit(request, this.profile) ? "exit" : "entry";
    return this.#send(
      `create ${kind} ${request.clientOrderId}`,
      () => {
        const taken = exchange.submit(request, { timestamp });
        if (!("detail" in taken)) return toVenueOrder(taken);
        throw new VenueError(
          taken.code === "-1021" ? "clock" : "refused",
          taken.detail,
          { venueCode: taken.code },
        );
      },
      { timestamp },
    ).then(
      (order): CreateOutcome => ({ kind: "accepted", order }),
      outcomeOf,
    );
  }

  cancel(ref: OrderRef): Promise<VenueOrder | null> {
    const { exchange } = this.#options;
    return this.#send(`cancel ${ref.clientOrderId}`, () => {
      const order = exchange.find(ref);
      if (order === null || order.status !== "open") {
        throw new VenueError("not_found", "Unknown order sent", {
          venueCode: "-2011",
        });
      }
      exchange.cancel(order);
      return toVenueOrder(order);
    });
  }

  order(ref: OrderRef): Promise<VenueOrder> {
    return this.#send(`order ${ref.clientOrderId}`, () => {
      const order = this.#options.exchange.find(ref);
      const isInBook = order !== null && this.#isVisible(order) &&
        (ref.venueOrderId !== null || (order.type === "stop") === ref.isStop);
      if (isInBook) return toVenueOrder(order);
      throw new VenueError("not_found", "Order does not exist", {
        venueCode: "-2013",
      });
    });
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#send("open orders", () =>
      this.#options.exchange.openOrders
        .filter((order) => this.#isVisible(order)).map(toVenueOrder));
  }

  trades(
    { sinceAt, venueOrderId }: { sinceAt: number; venueOrderId?: string },
  ) {
    const { exchange, venueNowMs, scenario } = this.#options;
    const { namesOurIds } = scenario;
    return this.#send("trades", () =>
      exchange.ledger.trades
        .filter(({ at, visibleAt, orderId }) =>
          at >= sinceAt && visibleAt <= venueNowMs() &&
          (venueOrderId === undefined || orderId === venueOrderId)
        )
        .map((trade) => toVenueTrade(trade, { namesOurId: namesOurIds })));
  }

  position() {
    const { exchange: { ledger }, scenario } = this.#options;
    return this.#send("position", () => ({
      symbol: SYMBOL,
      quantity: toText(
        ledger.held + scenario.ownUnits * BASE_FACTOR,
        CASH_PLACES,
      ),
      entryPrice: null,
      liquidationPrice: null,
      leverage: 5,
    }));
  }

  balances() {
    const { ledger } = this.#options.exchange;
    return this.#send("balances", () => {
      const total = toText(
        ledger.cash + VENUE_FUNDS * 10 ** CASH_PLACES,
        CASH_PLACES,
      );
      return [{ currency: "USDT", free: total, total }];
    });
  }

  funding({ sinceAt }: { sinceAt: number }) {
    const { exchange: { ledger }, venueNowMs } = this.#options;
    return this.#send("funding", () =>
      ledger.fundings
        .filter(({ at, visibleAt }) =>
          at >= sinceAt && visibleAt <= venueNowMs()
        ).map(toVenueFunding));
  }

  cancelAll(): Promise<void> {
    const { exchange } = this.#options;
    return this.#send("cancel all", () => {
      for (const order of exchange.openOrders) exchange.cancel(order);
    });
  }

  cancelAfter(timeoutMs: number): Promise<void> {
    const { exchange } = this.#options;
    return this.#send(
      "cancel after",
      () => exchange.cancelAllAfter(timeoutMs === 0 ? null : timeoutMs),
    );
  }

  prepare(): Promise<void> {
    return this.#send("prepare", () => {});
  }

  accountId() {
    return Promise.resolve(null);
  }

  keyRights() {
    return Promise.resolve({
      canRead: true,
      canTrade: true,
      canWithdraw: false,
      canTransfer: false,
      isAddressBound: true,
    });
  }

  watch(
    _symbols: readonly string[],
    listener: Parameters<VenueGateway["watch"]>[1],
  ) {
    return this.#options.stream.watch(this.#options.isolate, listener);
  }

  clockErrorMs(): number | null {
    return this.#sync?.errorMs() ?? null;
  }

  close(): Promise<void> {
    this.#sync?.close();
    return Promise.resolve();
  }

  #isVisible(order: ExchangeOrder): boolean {
    return order.visibleAt <= this.#options.venueNowMs();
  }

  #timestamp(): number {
    this.#knownErrorMs = this.clockErrorMs() ?? this.#knownErrorMs;
    return Math.round(this.#options.isolate.clock.nowMs() + this.#knownErrorMs);
  }

  #send<T>(
    name: string,
    run: () => T,
    { isSigned = true, timestamp = this.#timestamp() }: {
      isSigned?: boolean;
      timestamp?: number;
    } = {},
  ): Promise<T> {
    return this.#options.wire.request(name, { timestamp, isSigned, run });
  }
}

function outcomeOf(error: unknown): CreateOutcome {
  if (error instanceof ProcessDied) throw error;
  if (!(error instanceof VenueError)) throw error;
  const { kind, venueCode, retryAfterMs, message: detail } = error;
  return kind === "unknown" || kind === "not_found"
    ? { kind: "unknown", venueCode, detail }
    : { kind: "rejected", errorKind: kind, venueCode, detail, retryAfterMs };
}
