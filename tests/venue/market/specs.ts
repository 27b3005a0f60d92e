import { units } from "../money/units.ts";

/** Which half of the venue. Each has its own orders, money and streams. */
export type MarketKind = "spot" | "futures";

/** One market with its filters. Prices in quote, quantities in base units. */
export interface MarketSpec {
  kind: MarketKind;
  /** The venue's name, for instance `BTCUSDT`. */
  id: string;
  base: string;
  quote: string;
  tick: bigint;
  step: bigint;
  minQuantity: bigint;
  maxQuantity: bigint;
  maxMarketQuantity: bigint;
  minNotional: bigint;
  priceDecimals: number;
  quantityDecimals: number;
}

/** Symbols, and the smallest steps of price and quantity at spot and futures; in the order of size of the real ones. */
const SYMBOLS = [
  ["BTC", "0.01", "0.00001", "0.1", "0.001"],
  ["ETH", "0.01", "0.0001", "0.01", "0.001"],
  ["SOL", "0.01", "0.001", "0.01", "0.01"],
  ["XRP", "0.0001", "0.1", "0.0001", "0.1"],
] as const;

/** Largest value of a spot order with a price. */
export const SPOT_NOTIONAL_MAX = units("9000000");

/** The markets that the venue lists. */
export const MARKET_SPECS: readonly MarketSpec[] = SYMBOLS.flatMap(
  ([base, spotTick, spotStep, futuresTick, futuresStep]) => [
    spec({ kind: "spot", base, tick: spotTick, step: spotStep }),
    spec({ kind: "futures", base, tick: futuresTick, step: futuresStep }),
  ],
);

/** Markets beside the usual ones, with the steps of a small coin. */
export function moreMarkets(bases: readonly string[]): readonly MarketSpec[] {
  const [, spotTick, spotStep, futuresTick, futuresStep] = SYMBOLS[3];
  return bases.flatMap((base) => [
    spec({ kind: "spot", base, tick: spotTick, step: spotStep }),
    spec({ kind: "futures", base, tick: futuresTick, step: futuresStep }),
  ]);
}

function spec(
  { kind, base, tick, step }: {
    kind: MarketKind;
    base: string;
    tick: string;
    step: string;
  },
): MarketSpec {
  const isSpot = kind === "spot";
  return {
    kind,
    id: `${base}USDT`,
    base,
    quote: "USDT",
    tick: units(tick),
    step: units(step),
    minQuantity: units(step),
    maxQuantity: units(step) * 900_000_000n,
    maxMarketQuantity: units(step) * 10_000_000n,
    minNotional: units(isSpot ? "5" : base === "BTC" ? "100" : "5"),
    priceDecimals: decimalsOf(tick),
    quantityDecimals: decimalsOf(step),
  };
}

function decimalsOf(step: string): number {
  return step.split(".")[1]?.length ?? 0;
}
