/**
 * Everything the fake venue knows: two halves with their own money, one market
 * price each, candles, faults. No network in here.
 *
 * @module
 */
import { RealClock, type VenueClock } from "./clock.ts";
import { AlgoOrders } from "./engine/algo_orders.ts";
import { Engine } from "./engine/engine.ts";
import type { Emit, VenueEvent } from "./engine/events.ts";
import { FuturesAccount, MARGIN_ASSET } from "./engine/futures_account.ts";
import { FuturesSettlement } from "./engine/futures_settlement.ts";
import { OrderStore } from "./engine/order_store.ts";
import { type FeeRates, SpotSettlement } from "./engine/spot_settlement.ts";
import { FaultPlan } from "./faults/plan.ts";
import { CandleSeries, inventMinutes } from "./market/candles.ts";
import { Market } from "./market/market.ts";
import {
  MARKET_SPECS,
  type MarketKind,
  type MarketSpec,
  moreMarkets,
} from "./market/specs.ts";
import { Ledger } from "./money/ledger.ts";
import { units } from "./money/units.ts";
import { RATE_RULES, RateLimits, type RateRules } from "./rest/rate_limits.ts";
import type { Credentials } from "./rest/signature.ts";

/** What a venue starts with. */
export interface VenueOptions {
  seed?: number;
  /** Real time if left out. */
  clock?: VenueClock;
  credentials?: Credentials;
  accountId?: number;
  /** Spot balances; 100,000 USDT if left out. */
  spotFunds?: Readonly<Record<string, string>>;
  /** Margin wallet in USDT; 100,000 if left out. */
  futuresFunds?: string;
  /** Market time at which live candles begin; the clock's time if left out. */
  firstCandleAt?: number;
  rateRules?: Partial<Record<MarketKind, Partial<RateRules>>>;
  rights?: Partial<KeyRightsSent>;
  /** Base currencies of markets beside the usual ones. */
  moreBases?: readonly string[];
}

/** What `apiRestrictions` tells of the key. */
export interface KeyRightsSent {
  ipRestrict: boolean;
  enableReading: boolean;
  enableSpotAndMarginTrading: boolean;
  enableFutures: boolean;
  enableWithdrawals: boolean;
  enableInternalTransfer: boolean;
}

/** Default key of tests. */
export const TEST_CREDENTIALS: Credentials = {
  apiKey: "fake-venue-key",
  secret: "fake-venue-secret",
};

const FEES: Readonly<Record<MarketKind, FeeRates>> = {
  spot: { maker: units("0.001"), taker: units("0.001") },
  futures: { maker: units("0.0002"), taker: units("0.0005") },
};

/** Funding that was booked, or another change of the margin wallet. */
export interface Income {
  id: number;
  symbol: string;
  type: "FUNDING_FEE";
  /** Positive = received. */
  amount: bigint;
  at: number;
}

/** See the module. */
export class VenueState {
  readonly clock: VenueClock;
  /** The one key that is taken; a test may replace it. */
  credentials: Credentials;
  /** Id of the account that the key is of. */
  accountId: number;
  readonly rights: KeyRightsSent;
  readonly faults: FaultPlan;
  readonly ledgers: Readonly<Record<MarketKind, Ledger>>;
  readonly engines: Readonly<Record<MarketKind, Engine>>;
  readonly rates: Readonly<Record<MarketKind, RateLimits>>;
  readonly fees = FEES;
  readonly account: FuturesAccount;
  readonly algos: AlgoOrders;
  readonly specs: readonly MarketSpec[];
  readonly series: ReadonlyMap<string, CandleSeries>;
  readonly income: Income[] = [];
  /** Of the futures account; a key lives until it is deleted. */
  readonly listenKeys = new Set<string>();
  /** Timers of the dead man's switch, by symbol. */
  readonly deadMan = new Map<string, () => void>();
  readonly #listeners = new Set<Emit>();

  constructor(options: VenueOptions = {}) {
    const { seed = 1 } = options;
    this.clock = options.clock ?? new RealClock();
    this.credentials = options.credentials ?? TEST_CREDENTIALS;
    this.accountId = options.accountId ?? 1;
    this.rights = { ...DEFAULT_RIGHTS, ...options.rights };
    const now = () => this.clock.now();
    const emit: Emit = (event) => this.emit(event);
    this.faults = new FaultPlan({ seed, now });
    this.rates = {
      spot: limitsOf("spot", options, now),
      futures: limitsOf("futures", options, now),
    };
    this.ledgers = { spot: new Ledger(now), futures: new Ledger(now) };
    this.#fund(options);
    this.specs = [...MARKET_SPECS, ...moreMarkets(options.moreBases ?? [])];
    this.series = seriesOf(this.specs, {
      seed,
      firstLiveAt: options.firstCandleAt ?? now(),
    });
    const markets = {
      spot: marketsOf("spot", this),
      futures: marketsOf("futures", this),
    };
    const orders = new OrderStore(8_000_001);
    this.account = new FuturesAccount({
      ledger: this.ledgers.futures,
      markets: markets.futures,
      orders,
    });
    const { clock, account } = this;
    this.engines = {
      spot: new Engine({
        kind: "spot",
        markets: markets.spot,
        clock,
        settlement: new SpotSettlement(this.ledgers.spot, FEES.spot),
        orders: new OrderStore(4_000_001),
        emit,
      }),
      futures: new Engine({
        kind: "futures",
        markets: markets.futures,
        clock,
        settlement: new FuturesSettlement(account, {
          rates: FEES.futures,
          now,
        }),
        orders,
        emit,
      }),
    };
    this.algos = new AlgoOrders({
      engine: this.engines.futures,
      account,
      clock,
      emit,
    });
  }

  /** Listens to all that happens; the answer ends that. */
  listen(listener: Emit): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: VenueEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Candles of a market. */
  seriesOf(kind: MarketKind, symbol: string): CandleSeries {
    return this.series.get(`${kind} ${symbol}`)!;
  }

  #fund(options: VenueOptions): void {
    const funds = options.spotFunds ?? { USDT: "100000" };
    for (const [asset, amount] of Object.entries(funds)) {
      this.ledgers.spot.move({
        asset,
        amount: units(amount),
        from: "owner",
        to: "free",
        why: "deposit",
      });
    }
    this.ledgers.futures.move({
      asset: MARGIN_ASSET,
      amount: units(options.futuresFunds ?? "100000"),
      from: "owner",
      to: "wallet",
      why: "deposit",
    });
  }
}

const DEFAULT_RIGHTS: KeyRightsSent = {
  ipRestrict: true,
  enableReading: true,
  enableSpotAndMarginTrading: true,
  enableFutures: true,
  enableWithdrawals: false,
  enableInternalTransfer: false,
};

function limitsOf(
  market: MarketKind,
  options: VenueOptions,
  now: () => number,
): RateLimits {
  const rules = { ...RATE_RULES[market], ...options.rateRules?.[market] };
  return new RateLimits({ market, rules, now });
}

function seriesOf(
  specs: readonly MarketSpec[],
  { seed, firstLiveAt }: { seed: number; firstLiveAt: number },
): Map<string, CandleSeries> {
  const symbols = new Set(specs.map(({ base, quote }) => `${base}/${quote}`));
  const invented = new Map([...symbols].map((symbol) => [
    symbol,
    inventMinutes({ seed, symbol, firstLiveAt }),
  ]));
  return new Map(specs.map((spec) => [
    `${spec.kind} ${spec.id}`,
    new CandleSeries(spec, invented.get(`${spec.base}/${spec.quote}`)!),
  ]));
}

function marketsOf(
  kind: MarketKind,
  { series, specs }: Pick<VenueState, "series" | "specs">,
): Map<string, Market> {
  const ofKind = specs.filter((spec) => spec.kind === kind);
  return new Map(ofKind.map((spec) => {
    const candles = series.get(`${kind} ${spec.id}`)!;
    const { close } = candles.minute(candles.count - 1);
    return [
      spec.id,
      new Market(spec, units(close.toFixed(spec.priceDecimals))),
    ];
  }));
}
