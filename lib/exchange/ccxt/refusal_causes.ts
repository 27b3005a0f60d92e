import type { RefusalCause } from "../../contracts/order.ts";

/**
 * What a venue's sentence says where the library's class is a broad one: the
 * words that venues document for it. The first that fits counts.
 *
 * Sources: error lists of Binance (-2010, -5022), Bybit (110007, 170131, 170218),
 * OKX (51008, 51131, 51006), Kraken ("EOrder:Insufficient funds",
 * "EOrder:Post only order") and Kraken's futures (postWouldExecute,
 * outsidePriceCollar, insufficientAvailableFunds).
 */
const WORDS: readonly (readonly [RegExp, RefusalCause])[] = [
  [
    /post[ -_]?only|postWouldExecute|LIMIT_MAKER|immediately match|as maker/i,
    "post_only",
  ],
  [/insufficient|not enough|funds|exceeds? .*(balance|margin)/i, "funds"],
  [
    /too many|rate limit|frequen|MAX_NUM_ORDERS|tooManyOrders|exceed.*number of/i,
    "rate",
  ],
  [
    /PERCENT_PRICE|price (is )?(too|higher|lower|deviat|out|beyond)|collar|price limit|price range/i,
    "price",
  ],
  [/suspend|cancel_only|not trading|market (is )?closed/i, "maintenance"],
];

/** The class of a refusal by the library's classes, then by the venue's words; null for an order that is wrong as it is. */
export function refusalCauseOf(
  classes: readonly string[],
  sentence: string,
): RefusalCause | null {
  const byWords = WORDS.find(([words]) => words.test(sentence))?.[1] ?? null;
  if (byWords !== null) return byWords;
  if (classes.includes("InsufficientFunds")) return "funds";
  // The library has one class for what would take and what would trigger.
  if (classes.includes("OrderImmediatelyFillable")) return "price";
  if (classes.includes("MarketClosed")) return "maintenance";
  return null;
}
