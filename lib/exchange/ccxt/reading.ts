/**
 * Orders, trades, positions and money of ccxt's as ours.
 *
 * @module
 */
import type { Decimal, DecimalText } from "../../core/decimal.ts";
import { decimal, toDecimalText } from "../../core/decimal.ts";
import type {
  VenueBalance,
  VenueFunding,
  VenueOrder,
  VenueOrderStatus,
  VenuePosition,
  VenueTrade,
} from "../../contracts/venue.ts";
import type { Side } from "../../contracts/primitives.ts";
import { recordOf, textOf } from "./code_table.ts";
import type { CcxtRecord } from "./library.ts";
import { toBase, toText } from "./numbers.ts";

/** Which market a record is of, in our words. */
export interface RecordMarket {
  symbol: string;
  /** Base currency of one unit of its amounts. */
  unit: Decimal;
}

const STATUSES: Readonly<Record<string, VenueOrderStatus>> = {
  open: "open",
  closed: "filled",
  canceled: "canceled",
  canceling: "open",
  expired: "canceled",
  rejected: "rejected",
};

/**
 * An order. What the record leaves out is taken from `known`, for several venues
 * answer with an id alone.
 */
export function toOrder(
  record: CcxtRecord,
  { symbol, unit }: RecordMarket,
  known: Partial<VenueOrder> = {},
): VenueOrder {
  const info = recordOf(record.info) ?? {};
  const triggerPrice = triggerOf(record, info);
  const told = toBase(filledOf(record, info), unit);
  const quantity = positive(toBase(record.amount, unit)) ?? known.quantity ??
    told ?? "0";
  const status = isTriggered(info)
    ? "open"
    : statusOf(record.status, told, quantity) ?? known.status ?? "open";
  // Over by fills is over by all of them, where the venue does not count them.
  const filled = told ?? (status === "filled" ? quantity : "0");
  const placedAt = timeOf(record, "timestamp");
  return {
    clientOrderId: orderIdOf(record, info) ?? known.clientOrderId ?? null,
    // A stop of Binance's futures becomes an order of another id when it is triggered.
    venueOrderId: textOf(info, "actualOrderId") ?? textOf(info, "ai") ??
      textOf(record, "id") ?? known.venueOrderId ?? "",
    symbol,
    side: sideOf(record.side) ?? known.side ?? "buy",
    type: known.type ?? typeOf(record.type, triggerPrice) ?? "other",
    price: positive(toText(record.price)) ?? known.price ?? null,
    triggerPrice: positive(triggerPrice) ?? known.triggerPrice ?? null,
    quantity,
    filled,
    status,
    reduceOnly: typeof record.reduceOnly === "boolean"
      ? record.reduceOnly
      : known.reduceOnly ?? false,
    at: timeOf(record, "lastUpdateTimestamp") ??
      timeOf(record, "lastTradeTimestamp") ?? placedAt,
    ...(placedAt === null ? {} : { placedAt }),
  };
}

/** Our id. ccxt takes another number of Kraken's for it, and none of OKX's stops. */
function orderIdOf(record: CcxtRecord, info: CcxtRecord): string | null {
  const ofKraken = textOf(info, "cl_ord_id");
  if (ofKraken !== null || "userref" in info || "order_userref" in info) {
    return ofKraken;
  }
  return textOf(record, "clientOrderId") ?? textOf(info, "algoClOrdId");
}

/** What is filled. ccxt leaves out what Kraken's streams count, and those of Binance for stops. */
function filledOf(record: CcxtRecord, info: CcxtRecord): unknown {
  if ("aid" in info) return info.aq;
  return isTriggered(info) ? null : record.filled ?? info.cum_qty;
}

/** A stop whose order is on its way; ccxt calls it closed and filled, but that is the order's to tell. */
function isTriggered(info: CcxtRecord): boolean {
  return info.state === "effective" || info.algoStatus === "TRIGGERED" ||
    ("aid" in info && info.X === "TRIGGERED");
}

/**
 * The trigger of a stop. ccxt tells that of OKX's and Kraken's stops by another
 * name, by which other orders tell exits that hang on them; Kraken's streams
 * have a part of their own for it.
 */
function triggerOf(record: CcxtRecord, info: CcxtRecord): DecimalText | null {
  const told = toText(record.triggerPrice) ?? toText(record.stopPrice) ??
    toText(recordOf(info.triggers)?.price);
  if (told !== null) return told;
  const type = textOf(info, "ordType") ??
    textOf(recordOf(info.descr) ?? {}, "ordertype") ?? "";
  return /^(conditional$|stop-loss)/.test(type)
    ? toText(record.stopLossPrice)
    : null;
}

/** A trade; null for a record without id, price, quantity or time. */
export function toTrade(
  record: CcxtRecord,
  { symbol, unit }: RecordMarket,
): VenueTrade | null {
  const tradeId = textOf(record, "id");
  const price = toText(record.price);
  const quantity = toBase(record.amount, unit);
  const side = sideOf(record.side);
  const at = timeOf(record, "timestamp");
  if (
    tradeId === null || price === null || quantity === null || side === null ||
    at === null
  ) return null;
  const fee = recordOf(record.fee) ?? {};
  const cost = toText(fee.cost);
  return {
    tradeId,
    venueOrderId: textOf(record, "order") ?? "",
    clientOrderId: clientIdOf(recordOf(record.info) ?? {}),
    symbol,
    side,
    price,
    quantity,
    fee: cost,
    feeCurrency: cost === null ? null : textOf(fee, "currency"),
    liquidity: record.takerOrMaker === "maker" ||
        record.takerOrMaker === "taker"
      ? record.takerOrMaker
      : null,
    at,
  };
}

/** A position; flat where there is no record of it. */
export function toPosition(
  record: CcxtRecord | null,
  { symbol, unit }: RecordMarket,
): VenuePosition {
  const size = record === null ? null : toBase(record.contracts, unit);
  if (record === null || size === null || decimal(size).eq(0)) {
    return {
      symbol,
      quantity: "0",
      entryPrice: null,
      liquidationPrice: null,
      leverage: null,
    };
  }
  const leverage = toText(record.leverage);
  const amount = decimal(size).abs();
  return {
    symbol,
    quantity: toDecimalText(record.side === "short" ? amount.neg() : amount),
    entryPrice: positive(toText(record.entryPrice)),
    liquidationPrice: positive(toText(record.liquidationPrice)),
    leverage: leverage === null ? null : Number(leverage),
  };
}

/** Every currency of which there is any. */
export function toBalances(record: CcxtRecord): VenueBalance[] {
  const totals = recordOf(record.total) ?? {};
  const free = recordOf(record.free) ?? {};
  return Object.keys(totals).flatMap((currency) => {
    const total = toText(totals[currency]);
    if (total === null || decimal(total).eq(0)) return [];
    return [{ currency, total, free: toText(free[currency]) ?? "0" }];
  });
}

/** Funding; most venues count what is received as positive. */
export function toFunding(
  record: CcxtRecord,
  { isPaid, symbol }: { isPaid: boolean; symbol: string },
): VenueFunding | null {
  const at = timeOf(record, "timestamp");
  const amount = toText(record.amount);
  if (at === null || amount === null) return null;
  return {
    fundingId: textOf(record, "id") ?? `${symbol}@${at}`,
    symbol,
    amount: isPaid ? amount : toDecimalText(decimal(amount).neg()),
    at,
  };
}

/** A whole number of milliseconds of a record, or null. */
export function timeOf(record: CcxtRecord, name: string): number | null {
  const value = Number(record[name] ?? Number.NaN);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

function statusOf(
  status: unknown,
  filled: DecimalText | null,
  quantity: DecimalText,
): VenueOrderStatus | null {
  const known = typeof status === "string" && Object.hasOwn(STATUSES, status)
    ? STATUSES[status]!
    : null;
  // Over, but not all of it was done.
  return known === "filled" && filled !== null && decimal(filled).lt(quantity)
    ? "canceled"
    : known;
}

function typeOf(
  type: unknown,
  triggerPrice: DecimalText | null,
): VenueOrder["type"] | null {
  if (triggerPrice !== null && decimal(triggerPrice).gt(0)) return "stop";
  if (typeof type !== "string") return null;
  if (/stop|trigger|conditional/.test(type)) return "stop";
  if (type.startsWith("limit")) return "limit";
  return type === "market" ? "market" : "other";
}

function sideOf(side: unknown): Side | null {
  return side === "buy" || side === "sell" ? side : null;
}

function positive(text: DecimalText | null): DecimalText | null {
  return text === null || decimal(text).lte(0) ? null : text;
}

/** Names by which venues tell the client's order id beside a trade. */
const CLIENT_ID_NAMES = [
  "clientOrderId",
  "orderLinkId",
  "clOrdId",
  "cl_ord_id",
  "cliOrdId",
  "cli_ord_id",
  "c",
];

function clientIdOf(info: CcxtRecord): string | null {
  for (const name of CLIENT_ID_NAMES) {
    const id = info[name];
    if (typeof id === "string" && id !== "") return id;
  }
  return null;
}
