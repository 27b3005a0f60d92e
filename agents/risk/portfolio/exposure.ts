/**
 * What is at stake in each market and side, and how unevenly. Notionals are
 * exact; shares are floating point.
 *
 * @module
 */
import {
  type Decimal,
  type DecimalText,
  estimateOf,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";
import type { MarkedPortfolio } from "./held_position.ts";

/** Notionals of one market; null where its mark price is unknown. */
export interface MarketExposure {
  symbol: string;
  long: Decimal | null;
  short: Decimal | null;
  /** Long less short. */
  net: Decimal | null;
}

/** Exposure as it is told. */
export interface ExposureFigures {
  markets: readonly {
    symbol: string;
    long: DecimalText | null;
    short: DecimalText | null;
    net: DecimalText | null;
  }[];
  long: DecimalText | null;
  short: DecimalText | null;
  /** Long and short together. */
  gross: DecimalText | null;
  net: DecimalText | null;
  /** Gross in percent of equity. */
  grossPct: number | null;
  netPct: number | null;
  /** Notional of the entries that work; null where unknown. */
  working: DecimalText | null;
  /** Gross with the entries that work, in percent of equity. */
  committedPct: number | null;
  /** Markets whose mark price is unknown: with one, no total is known. */
  unknown: readonly string[];
}

/** Exposure of each market, in the order of the portfolio's markets. */
export function exposureByMarket(
  { symbols, positions }: MarkedPortfolio,
): MarketExposure[] {
  const markets = symbols.map((symbol): MarketExposure => ({
    symbol,
    long: ZERO,
    short: ZERO,
    net: ZERO,
  }));
  for (const { held: { sign }, market: place, notional } of positions) {
    const market = markets[place]!;
    // Positions of one market share their mark price, so all of them are unknown.
    if (notional === null) {
      market.long = market.short = market.net = null;
    } else if (sign === 1) {
      market.long = plus(market.long!, notional);
      market.net = plus(market.net!, notional);
    } else {
      market.short = plus(market.short!, notional);
      market.net = market.net!.minus(notional);
    }
  }
  return markets;
}

/** Totals and texts of the exposures. `equity` null or not positive makes parts of it unknown. */
export function exposureFigures(
  markets: readonly MarketExposure[],
  { equity, working }: { equity: Decimal | null; working: Decimal | null },
): ExposureFigures {
  const unknown = markets.filter(({ net }) => net === null);
  const isKnown = unknown.length === 0;
  let long = ZERO;
  let short = ZERO;
  for (const market of isKnown ? markets : []) {
    long = plus(long, market.long!);
    short = plus(short, market.short!);
  }
  const gross = long.plus(short);
  const net = long.minus(short);
  const base = equity !== null && equity.gt(ZERO) ? estimateOf(equity) : null;
  const text = (value: Decimal) => isKnown ? toDecimalText(value) : null;
  const percent = (value: Decimal) =>
    isKnown && base !== null ? 100 * Number(value) / base : null;
  return {
    markets: markets.map(marketTexts),
    long: text(long),
    short: text(short),
    gross: text(gross),
    net: text(net),
    grossPct: percent(gross),
    netPct: percent(net),
    working: textOf(working),
    committedPct: working === null ? null : percent(gross.plus(working)),
    unknown: unknown.map(({ symbol }) => symbol),
  };
}

/** How unevenly the net exposures are spread over markets. */
export interface ConcentrationFigures {
  /** Sum of the squared shares: 1 for one market, 1/n for n equal ones, 0 where nothing is held. Null where unknown. */
  herfindahl: number | null;
  /** Market with the largest net exposure. */
  largest: string | null;
  /** Its part of the net exposures of all markets, 0 where nothing is held. */
  largestSharePct: number | null;
  /** Its net exposure in percent of equity. */
  largestToEquityPct: number | null;
}

/** Concentration of net exposures, whichever their side. */
export function concentrationOf(
  markets: readonly MarketExposure[],
  equity: Decimal | null,
): ConcentrationFigures {
  let total = 0;
  let squares = 0;
  let largest: string | null = null;
  let size = 0;
  for (const { symbol, net } of markets) {
    if (net === null) {
      return {
        herfindahl: null,
        largest: null,
        largestSharePct: null,
        largestToEquityPct: null,
      };
    }
    const value = Math.abs(estimateOf(net));
    total += value;
    squares += value * value;
    if (value <= size) continue;
    size = value;
    largest = symbol;
  }
  const base = equity !== null && equity.gt(ZERO) ? estimateOf(equity) : null;
  return {
    herfindahl: total === 0 ? 0 : squares / (total * total),
    largest,
    largestSharePct: total === 0 ? 0 : 100 * size / total,
    largestToEquityPct: base === null ? null : 100 * size / base,
  };
}

/** A sum with zero is the other value, without the work. */
function plus(a: Decimal, b: Decimal): Decimal {
  if (a === ZERO) return b;
  return b === ZERO ? a : a.plus(b);
}

function marketTexts({ symbol, long, short, net }: MarketExposure) {
  const longText = textOf(long);
  return {
    symbol,
    long: longText,
    short: textOf(short),
    // The same decimal where there is no short.
    net: net === long ? longText : textOf(net),
  };
}

function textOf(value: Decimal | null): DecimalText | null {
  return value === null ? null : toDecimalText(value);
}
