import { PRESET_RATES } from "../../../agents/execution/costs.ts";
import type { ControlContext } from "../../../agents/risk/controls.ts";
import { DEFAULT_SAFETY } from "../../../agents/risk/safety_limits.ts";
import type {
  VenueControlContext,
  WorkingLeg,
} from "../../../agents/risk/venue_controls.ts";
import type { OrderIntent } from "../../../lib/contracts/order.ts";
import type { MarketRules } from "../../../lib/contracts/venue.ts";
import { decimal, ZERO } from "../../../lib/core/decimal.ts";

/** The moment of every check here. */
export const NOW_MS = 1_800_000_000_000;

/** A market with steps of a thousandth and a tenth. */
export const RULES: MarketRules = {
  symbol: "BTC/USDT:USDT",
  quantityStep: "0.001",
  priceStep: "0.1",
  minQuantity: "0.001",
  maxQuantity: "1000",
  minNotional: "5",
  maxNotional: "1000000",
  makerRate: null,
  takerRate: null,
};

/** An account at a venue where nothing stands in the way. */
export function venueContext(
  change: Partial<VenueControlContext> = {},
): VenueControlContext {
  return {
    nowMs: NOW_MS,
    market: "swap",
    rules: RULES,
    quote: {
      at: NOW_MS - 100,
      bid: 100.9,
      ask: 101.1,
      bidSize: null,
      askSize: null,
      mark: 101,
    },
    block: null,
    drift: null,
    positionQuantity: ZERO,
    working: [],
    keyOrders: [],
    recentEntries: [],
    cancelsLastHour: 0,
    fillsLastHour: 0,
    ...change,
    shared: {
      grossNotional: "0",
      ordersLastMinute: 0,
      messagesLastMinute: 0,
      freeBalance: "10000",
      freeBalanceAt: NOW_MS - 1_000,
      ...change.shared,
    },
  };
}

/** What a test changes of the whole context. */
export interface Change {
  venue?: Partial<Omit<VenueControlContext, "shared">> & {
    shared?: Partial<VenueControlContext["shared"]>;
  };
  safety?: Partial<ControlContext["safety"]>;
  intent?: Partial<OrderIntent>;
  context?: Partial<ControlContext>;
}

/**
 * A buy at 100 with its stop at 98: sized to 47.641 (equity 10,000, risk 1 %,
 * fees 0.05 %), worth 4,764.10.
 */
export function controlContext(change: Change = {}): ControlContext {
  return {
    intent: {
      intentId: "7.0",
      seq: 7,
      side: "buy",
      entry: { type: "limit", price: 100 },
      stopPrice: 98,
      targetPrice: 105,
      riskPct: 1,
      expireAfterSeq: 20,
      strategy: "test",
      reasons: [],
      ...change.intent,
    },
    seq: 7,
    isKnownIntent: false,
    tradingState: "active",
    tradingStateReason: null,
    entriesAllowed: true,
    lastClose: 101,
    equity: decimal("10000"),
    dayStart: decimal("10000"),
    peakEquity: decimal("10000"),
    lossStreak: 0,
    hasPosition: false,
    openOrders: 0,
    ordersLastMinute: 1,
    reservedMargin: ZERO,
    costs: PRESET_RATES,
    risk: {
      initialCapital: "10000",
      leverage: 5,
      riskLevel: "moderate",
      maxDrawdownPct: 10,
      dailyLossLimit: "200",
      riskPerTradePct: 1,
    },
    ...change.context,
    safety: { ...DEFAULT_SAFETY, ...change.safety },
    venue: venueContext(change.venue as Partial<VenueControlContext>),
  };
}

/** An entry of the account that is not over. */
export function workingEntry(
  phase: WorkingLeg["phase"],
  change: Partial<WorkingLeg["order"]> & { filled?: string } = {},
): WorkingLeg {
  const { filled = "0", ...order } = change;
  return {
    phase,
    filled,
    order: {
      orderId: "6.0:entry",
      role: "entry",
      side: "buy",
      type: "limit",
      price: "100",
      quantity: "10",
      ...order,
    },
  };
}
