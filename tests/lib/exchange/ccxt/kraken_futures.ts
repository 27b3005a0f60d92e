/** What tests of Kraken's futures exchange share: names, and a venue where nothing is open and nothing has happened. */
import type { OrderRef } from "../../../../lib/exchange/gateway/port.ts";
import { KRAKEN_FUTURES_ANSWERS } from "./other_answers.ts";
import { OWN_REF } from "./wire.ts";

export const SWAP = { exchange: "kraken", market: "swap" } as const;
export const UID = "5c1f0e0a-0000-4000-8000-000000000001";
export const REF: OrderRef = { ...OWN_REF, symbol: "BTC/USD" };
export const STOP_REF: OrderRef = { ...REF, isStop: true };

export const API = "/derivatives/api/v3";
/** History of orders, and of stops that wait. */
export const ORDERS = "GET /api/history/v3/orders";
export const TRIGGERS = "GET /api/history/v3/triggers";

/** An answer of success. */
export function kraken(more: object): unknown {
  return { result: "success", serverTime: new Date().toISOString(), ...more };
}

export const NO_EVENTS = () => ({ elements: [], len: 0 });

export const QUIET_ANSWERS = {
  ...KRAKEN_FUTURES_ANSWERS,
  [`GET ${API}/openorders`]: () => kraken({ openOrders: [] }),
  [ORDERS]: NO_EVENTS,
  [TRIGGERS]: NO_EVENTS,
};
