/** What the gateway's readers make of published answers, against what ccxt publishes of them. */
import { decimal, ONE } from "../../lib/core/decimal.ts";
import { recordOf } from "../../lib/exchange/ccxt/code_table.ts";
import type { CcxtRecord } from "../../lib/exchange/ccxt/library.ts";
import { toText } from "../../lib/exchange/ccxt/numbers.ts";
import { toOrder, toTrade } from "../../lib/exchange/ccxt/reading.ts";

/** Amounts are compared as ccxt counts them, in contracts. */
const MARKET = { symbol: "published", unit: ONE };

/** Differences between our reading of a result and the published one, each a sentence. */
export function differencesOf(
  method: string,
  result: unknown,
  published: unknown,
): string[] {
  const ours = listOf(result);
  const theirs = listOf(published);
  if (ours.length !== theirs.length) {
    return [`${ours.length} records, published are ${theirs.length}`];
  }
  const compare = method === "fetchMyTrades" ? ofTrade : ofOrder;
  return ours.flatMap((record, index) => compare(record, theirs[index]!));
}

function ofOrder(record: CcxtRecord, published: CcxtRecord): string[] {
  const order = toOrder(record, MARKET);
  const isWhole = toText(published.amount) !== null &&
    toText(published.filled) !== null;
  return [
    differ("id", order.venueOrderId, published.id),
    differ("side", order.side, published.side),
    differNumber("amount", order.quantity, published.amount),
    // A triggered stop counts nothing; its order does.
    order.status === "open" && published.status === "closed"
      ? null
      : differNumber("filled", order.filled, published.filled),
    isWhole ? differ("status", order.status, statusOf(published)) : null,
  ].filter((difference) => difference !== null);
}

/** In our words: over by a part of it is canceled. */
function statusOf(published: CcxtRecord): string | null {
  if (published.status !== "closed") {
    return published.status === "expired"
      ? "canceled"
      : String(published.status);
  }
  const isAll = decimal(toText(published.filled)!).gte(
    decimal(toText(published.amount)!),
  );
  return isAll ? "filled" : null;
}

function ofTrade(record: CcxtRecord, published: CcxtRecord): string[] {
  const trade = toTrade(record, MARKET);
  if (trade === null) return [`a trade ${published.id} is not read`];
  return [
    differ("id", trade.tradeId, published.id),
    differ("order", trade.venueOrderId, published.order),
    differ("side", trade.side, published.side),
    differNumber("price", trade.price, published.price),
    differNumber("amount", trade.quantity, published.amount),
    differNumber("fee", trade.fee, recordOf(published.fee)?.cost),
  ].filter((difference) => difference !== null);
}

function listOf(value: unknown): CcxtRecord[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((record) => recordOf(record) ?? {});
}

/** Where it is published, ours has to be the same. */
function differ(name: string, ours: unknown, theirs: unknown): string | null {
  if (theirs === null || theirs === undefined) return null;
  return String(ours) === String(theirs)
    ? null
    : `${name} is ${ours}, published is ${theirs}`;
}

function differNumber(
  name: string,
  ours: string | null,
  theirs: unknown,
): string | null {
  return differ(name, toText(ours), toText(theirs));
}
