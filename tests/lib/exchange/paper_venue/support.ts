import assert from "node:assert/strict";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../../actors/simulated_clock.ts";
import type { CostsConfig } from "../../../../lib/contracts/costs.ts";
import type {
  MarketRules,
  Quote,
  VenueOrder,
  VenueOrderRequest,
  VenueTrade,
} from "../../../../lib/contracts/venue.ts";
import type {
  OrderRef,
  VenueNews,
} from "../../../../lib/exchange/gateway/port.ts";
import type {
  PaperVenueOptions,
  RestoredState,
} from "../../../../lib/exchange/paper_venue/options.ts";
import { PaperVenue } from "../../../../lib/exchange/paper_venue/venue.ts";

export const SYMBOL = "BTC/USDT";

/** 2026-01-01 01:00 UTC: seven hours before the next funding. */
export const START_MS = Date.UTC(2026, 0, 1, 1);

export const RULES: MarketRules = {
  symbol: SYMBOL,
  quantityStep: "0.001",
  priceStep: "0.1",
  minQuantity: "0.001",
  maxQuantity: "1000",
  minNotional: "5",
  maxNotional: null,
  makerRate: null,
  takerRate: null,
};

/** No cost at all, so that prices and quantities stand for themselves. */
export const FREE: CostsConfig = {
  makerFeeBp: 0,
  takerFeeBp: 0,
  slippageBp: 0,
  latencyMs: 0,
  fundingBpPer8h: 0,
};

/** A paper venue with its clock and everything that it told. */
export interface Setup {
  clock: SimulatedClock;
  venue: PaperVenue;
  news: VenueNews[];
  notices: string[];
  /** A quote now, and what it does told; sizes of 1,000 where none are named, null for unknown. */
  quote(
    bid: number,
    ask: number,
    more?: Partial<Pick<Quote, "bidSize" | "askSize" | "mark" | "at">>,
  ): Promise<void>;
  /** Places an order that must be accepted. */
  place(change: Partial<VenueOrderRequest>): Promise<VenueOrder>;
  /** Places an order that must be rejected; returns the code. */
  rejected(change: Partial<VenueOrderRequest>): Promise<string | null>;
  order(clientOrderId: string): Promise<VenueOrder>;
  /** Trades as `side quantity @ price`. */
  tradeTexts(): string[];
  trades(): VenueTrade[];
}

export interface SetupOptions
  extends Partial<Omit<PaperVenueOptions, "costs">> {
  costs?: Partial<CostsConfig>;
  state?: RestoredState;
  startMs?: number;
  /** One where it is left out, so that hardly anything is liquidated. */
  leverage?: number;
}

/** Opens a paper venue: a perpetual with 100,000 in quote currency, unless said otherwise. */
export async function setUp(
  { costs, state, startMs = START_MS, leverage = 1, ...options }: SetupOptions =
    {},
): Promise<Setup> {
  const clock = createSimulatedClock({ startMs });
  const notices: string[] = [];
  const venue = new PaperVenue({
    exchange: "binance",
    market: "swap",
    symbol: SYMBOL,
    clock,
    costs: { ...FREE, ...costs },
    balance: "100000",
    rules: RULES,
    onNotice: (detail) => void notices.push(detail),
    ...options,
  });
  if (state !== undefined) venue.restore(state);
  await venue.open();
  const news: VenueNews[] = [];
  venue.watch([SYMBOL], (item) => void news.push(item));
  if (options.market !== "spot" && state === undefined) {
    const prepared = venue.prepare(SYMBOL, { leverage });
    await clock.advance(2 * (costs?.latencyMs ?? 0));
    await prepared;
  }
  return { clock, venue, news, notices, ...helpersOf({ clock, venue, news }) };
}

function helpersOf(
  { clock, venue, news }: Pick<Setup, "clock" | "venue" | "news">,
) {
  const create = async (change: Partial<VenueOrderRequest>) => {
    const outcome = venue.create(request(change));
    await clock.settle();
    return outcome;
  };
  const trades = () =>
    news.flatMap((item) => item.type === "trade" ? [item.trade] : []);
  return {
    quote: (
      bid: number,
      ask: number,
      more: Parameters<Setup["quote"]>[2] = {},
    ) => {
      venue.quote({
        at: clock.nowMs(),
        bid,
        ask,
        bidSize: 1_000,
        askSize: 1_000,
        mark: null,
        ...more,
      });
      return clock.settle();
    },
    place: async (change: Partial<VenueOrderRequest>) => {
      const outcome = await create(change);
      assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
      return (outcome as Extract<typeof outcome, { kind: "accepted" }>).order;
    },
    rejected: async (change: Partial<VenueOrderRequest>) => {
      const outcome = await create(change);
      assert.equal(outcome.kind, "rejected", JSON.stringify(outcome));
      assert.ok("errorKind" in outcome && outcome.errorKind === "refused");
      return outcome.venueCode;
    },
    order: (clientOrderId: string) => venue.order(ref(clientOrderId)),
    trades,
    tradeTexts: () =>
      trades().map(({ side, quantity, price }) =>
        `${side} ${quantity} @ ${price}`
      ),
  };
}

let lastId = 0;

/** A request: a limit order to buy one at 100 where nothing else is said. */
export function request(
  change: Partial<VenueOrderRequest> = {},
): VenueOrderRequest {
  const type = change.type ?? "limit";
  return {
    clientOrderId: `order${++lastId}`,
    symbol: SYMBOL,
    side: "buy",
    type,
    quantity: "1",
    price: type === "limit" ? "100" : null,
    triggerPrice: type === "stop" ? "100" : null,
    reduceOnly: false,
    postOnly: false,
    timeInForce: "GTC",
    ocoGroup: null,
    ...change,
  };
}

export function ref(clientOrderId: string): OrderRef {
  return { symbol: SYMBOL, clientOrderId, venueOrderId: null, isStop: false };
}
