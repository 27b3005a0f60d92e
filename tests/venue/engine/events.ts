import type { VenueCandle } from "../market/candles.ts";
import type { Market } from "../market/market.ts";
import type { MarketKind } from "../market/specs.ts";
import type { AlgoOrder } from "./algo_orders.ts";
import type { Order, Trade } from "./order.ts";

/** What happened to an order. */
export type Execution = "NEW" | "TRADE" | "CANCELED" | "EXPIRED" | "CALCULATED";

/** What the venue tells its streams. */
export type VenueEvent =
  | {
    type: "order";
    kind: MarketKind;
    order: Order;
    execution: Execution;
    trade: Trade | null;
  }
  | {
    type: "account";
    kind: MarketKind;
    reason: "ORDER" | "FUNDING_FEE" | "DEPOSIT";
    assets: readonly string[];
    symbols: readonly string[];
  }
  | { type: "algo"; algo: AlgoOrder }
  | { type: "top"; market: Market }
  | { type: "candle"; market: Market; candle: VenueCandle; isClosed: boolean };

export type Emit = (event: VenueEvent) => void;
