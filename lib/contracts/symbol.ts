import * as z from "zod";

/** A market such as `BTC/USDT`; `BTCUSDT` and lower case are understood. */
export const symbolSchema = z.string().trim().transform(normalizeSymbol).pipe(
  z.string().regex(
    /^[A-Z0-9]{2,12}\/[A-Z]{3,5}$/,
    "Enter a market as BASE/QUOTE, for instance BTC/USDT",
  ),
);

const QUOTES = ["USDT", "USDC", "BUSD", "USD", "EUR", "GBP", "BTC", "ETH"];

/** Writes `btcusdt` as `BTC/USDT` where the quote is a known one; other text is upper-cased only. */
export function normalizeSymbol(text: string): string {
  const upper = text.toUpperCase();
  if (upper.includes("/")) return upper;
  const quote = QUOTES.find((candidate) =>
    upper.endsWith(candidate) && upper.length > candidate.length + 1
  );
  return quote === undefined
    ? upper
    : `${upper.slice(0, -quote.length)}/${quote}`;
}
