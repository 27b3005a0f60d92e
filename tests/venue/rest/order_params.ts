import { randomUUID } from "node:crypto";
import type { NewOrder, OrderType, TimeInForce } from "../engine/order.ts";
import { isPriced, isStop } from "../engine/order.ts";
import { ROWS_DEFAULT, ROWS_MAX } from "../limits.ts";
import type { MarketKind } from "../market/specs.ts";
import { Refusal } from "../refusal.ts";
import type { Params } from "./params.ts";

const SPOT_TYPES = [
  "LIMIT",
  "MARKET",
  "LIMIT_MAKER",
  "STOP_LOSS",
  "STOP_LOSS_LIMIT",
  "TAKE_PROFIT",
  "TAKE_PROFIT_LIMIT",
] as const;

const FUTURES_TYPES = ["LIMIT", "MARKET"] as const;

const CLIENT_ID: Readonly<Record<MarketKind, RegExp>> = {
  spot: /^[a-zA-Z0-9-_]{1,36}$/,
  futures: /^[.A-Z:/a-z0-9_-]{1,36}$/,
};

/** Reads a new order. @throws {Refusal} -1100 to -1117; -4120 for a conditional order at futures, which belong to the algo service. */
export function readOrder(params: Params, kind: MarketKind): NewOrder {
  const type = readType(params, kind);
  const timesInForce: readonly TimeInForce[] = kind === "spot"
    ? ["GTC", "IOC", "FOK"]
    : ["GTC", "IOC", "FOK", "GTX"];
  const needsTime = type === "LIMIT" || type.endsWith("_LIMIT");
  return {
    symbol: params.required("symbol"),
    side: params.choice("side", ["BUY", "SELL"]),
    type,
    timeInForce: needsTime ? params.choice("timeInForce", timesInForce) : "GTC",
    quantity: params.text("quoteOrderQty") === null
      ? params.requiredAmount("quantity")
      : 0n,
    price: isPriced(type) ? params.requiredAmount("price") : 0n,
    stopPrice: isStop(type) ? params.requiredAmount("stopPrice") : 0n,
    clientOrderId: readClientId(params, { name: "newClientOrderId", kind }),
    reduceOnly: params.flag("reduceOnly"),
    closePosition: false,
    listId: -1,
    isForeign: false,
  };
}

/** Reads a client id, or makes one as the venue does. @throws {Refusal} -1100 */
export function readClientId(
  params: Params,
  { name, kind }: { name: string; kind: MarketKind },
): string {
  const text = params.text(name);
  if (text === null) {
    return `web_${randomUUID().replaceAll("-", "").slice(0, 20)}`;
  }
  if (CLIENT_ID[kind].test(text)) return text;
  throw new Refusal(
    -1100,
    `Illegal characters found in parameter '${name}'; legal range is '${
      CLIENT_ID[kind].source
    }'.`,
  );
}

/** Rows that an answer may have. */
export function readLimit(params: Params): number {
  return Math.min(params.integer("limit") ?? ROWS_DEFAULT, ROWS_MAX);
}

/** The window of times of a query. */
export function readWindow(
  params: Params,
): { isWithin: (at: number) => boolean; isFromStart: boolean } {
  const from = params.integer("startTime");
  const to = params.integer("endTime");
  return {
    isWithin: (at) => at >= (from ?? 0) && at <= (to ?? Infinity),
    isFromStart: from !== null,
  };
}

/** The first rows if a beginning was named, else the newest, oldest first. */
export function page<Row>(
  rows: readonly Row[],
  { limit, isFromStart }: { limit: number; isFromStart: boolean },
): Row[] {
  return isFromStart ? rows.slice(0, limit) : rows.slice(-limit);
}

function readType(params: Params, kind: MarketKind): OrderType {
  if (kind === "spot") return params.choice("type", SPOT_TYPES);
  const sent = params.required("type");
  if (/^(STOP|TAKE_PROFIT|TRAILING_STOP)/.test(sent)) {
    throw new Refusal(
      -4120,
      "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
    );
  }
  return params.choice("type", FUTURES_TYPES);
}
