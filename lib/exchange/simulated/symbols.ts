import { createRng, seedFromText } from "../../core/rng.ts";

/** What the simulated market of one symbol looks like on average. Invented, in a plausible order of size. */
export interface SymbolModel {
  /** The price around which the market moves. */
  basePrice: number;
  /** Decimal places of a price; negative rounds to tens and so on. */
  priceDecimals: number;
  /** Standard deviation of one day's logarithmic return. */
  dailyVolatility: number;
  /** Base units traded on an average day. */
  dailyVolume: number;
}

/** US dollars for one unit, and volatility of a day. */
const ASSETS: Readonly<Record<string, readonly [number, number]>> = {
  BTC: [60_000, 0.03],
  ETH: [3_000, 0.038],
  SOL: [150, 0.05],
  BNB: [550, 0.032],
  XRP: [0.6, 0.042],
  ADA: [0.45, 0.045],
  DOGE: [0.15, 0.055],
  AVAX: [30, 0.05],
  LINK: [15, 0.045],
  LTC: [80, 0.04],
  DOT: [7, 0.045],
  USDT: [1, 0],
  USDC: [1, 0],
  BUSD: [1, 0],
  USD: [1, 0],
  EUR: [1.1, 0.005],
  GBP: [1.28, 0.006],
};

/** Significant digits of a price at the base price: fine enough to trade, short enough to read. */
const SIGNIFICANT_DIGITS = 6;
const TURNOVER_PER_DAY = 2e9;

/** The model of a symbol `BASE/QUOTE`. A currency that is not in the table gets values from the hash of its name. */
export function symbolModel(symbol: string): SymbolModel {
  const [base = "", quote = ""] = symbol.split("/");
  const [baseUsd, baseVolatility] = assetModel(base);
  const [quoteUsd, quoteVolatility] = assetModel(quote);
  const basePrice = baseUsd / quoteUsd;
  const magnitude = Math.floor(Math.log10(basePrice));
  return {
    basePrice,
    priceDecimals: SIGNIFICANT_DIGITS - 1 - magnitude,
    // Never 0: two stable coins still move a little against each other.
    dailyVolatility: Math.max(0.002, baseVolatility, quoteVolatility),
    dailyVolume: TURNOVER_PER_DAY / baseUsd,
  };
}

function assetModel(name: string): readonly [number, number] {
  const known = ASSETS[name];
  if (known !== undefined) return known;
  const rng = createRng(seedFromText(name));
  const usd = Number((10 ** (rng.next() * 4 - 1.5)).toPrecision(3));
  return [usd, 0.035 + rng.next() * 0.035];
}

/** Rounds a price to its tick, in a form whose shortest text is short; never below one tick. */
export function roundPrice(price: number, decimals: number): number {
  // Multiplying or dividing by a whole power of ten keeps 0.1 from becoming 0.30000000000000004.
  const scale = 10 ** Math.abs(decimals);
  return decimals >= 0
    ? Math.max(1, Math.round(price * scale)) / scale
    : Math.max(1, Math.round(price / scale)) * scale;
}
