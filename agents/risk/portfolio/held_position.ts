/**
 * A position as the portfolio's risk sees it: parsed once when it changes, and
 * valued at each mark price.
 *
 * @module
 */
import type { Direction } from "../../../lib/contracts/primitives.ts";
import { assert } from "../../../lib/core/assert.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  estimateOf,
  isDecimalText,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";
import {
  type LinearPosition,
  type MaintenanceTier,
  maintenanceTiers,
  tieredLiquidationPrice,
} from "../liquidation.ts";

/** What a venue wants kept of a notional from an amount on. */
export interface TierText {
  fromNotional: DecimalText;
  rate: DecimalText;
}

/** Margin of a leveraged position; lowest tier first, at least one. */
export type PositionMargin =
  /** Its own margin alone answers for it. */
  | { kind: "isolated"; wallet: DecimalText; tiers: readonly TierText[] }
  /** The wallet answers for all positions of this kind together. */
  | { kind: "cross"; tiers: readonly TierText[] };

/** One open position. Amounts in quote currency, one for the whole portfolio. */
export interface PortfolioPosition {
  id: string;
  symbol: string;
  direction: Direction;
  /** In base currency, positive. */
  quantity: DecimalText;
  entryPrice: DecimalText;
  /** Null where nothing is borrowed: it cannot be liquidated. */
  margin: PositionMargin | null;
}

/** A {@link MaintenanceTier} in floating point. */
export interface TierApprox {
  fromNotional: number;
  rate: number;
  amount: number;
}

/** A position with what does not depend on the mark price. */
export interface HeldPosition extends LinearPosition {
  id: string;
  symbol: string;
  /** 1 for long, −1 for short. */
  sign: 1 | -1;
  quantityApprox: number;
  entryApprox: number;
  margin: "isolated" | "cross" | null;
  /** Margin of its own, null unless isolated. */
  wallet: Decimal | null;
  tiers: readonly MaintenanceTier[];
  /** The same in floating point, for what would happen at other prices. */
  tiersApprox: readonly TierApprox[];
  /** Null unless isolated: in cross margin it moves with the other positions. */
  isolatedLiquidationPrice: Decimal | null;
  /** The same in floating point, and as it is told. */
  isolatedLiquidationApprox: number | null;
  isolatedLiquidationText: DecimalText | null;
}

/** Prepares a position. Do so when it changes, not at each assessment. */
export function holdPosition(position: PortfolioPosition): HeldPosition {
  const { id, symbol, direction, margin } = position;
  const quantity = decimal(position.quantity);
  const entryPrice = decimal(position.entryPrice);
  assert(
    quantity.gt(ZERO) && entryPrice.gt(ZERO),
    `Position ${id} needs a quantity and an entry price above 0`,
  );
  assert(
    margin === null || margin.tiers.length > 0,
    `Position ${id} needs a maintenance tier`,
  );
  const linear = { direction, quantity, entryPrice };
  const tiers = margin === null ? [] : maintenanceTiers(
    margin.tiers.map((tier) => ({
      fromNotional: decimal(tier.fromNotional),
      rate: decimal(tier.rate),
    })),
  );
  const wallet = margin?.kind === "isolated" ? decimal(margin.wallet) : null;
  const price = wallet === null
    ? null
    : tieredLiquidationPrice({ position: linear, wallet, tiers });
  return {
    ...linear,
    id,
    symbol,
    sign: direction === "long" ? 1 : -1,
    quantityApprox: Number(quantity),
    entryApprox: Number(entryPrice),
    margin: margin?.kind ?? null,
    wallet,
    tiers,
    tiersApprox: tiers.map((tier) => ({
      fromNotional: Number(tier.fromNotional),
      rate: Number(tier.rate),
      amount: Number(tier.amount),
    })),
    isolatedLiquidationPrice: price,
    isolatedLiquidationApprox: price === null ? null : Number(price),
    isolatedLiquidationText: price === null
      ? null
      : toDecimalText(toBooked(price)),
  };
}

/** A position at a mark price. */
export interface MarkedPosition {
  held: HeldPosition;
  /** Place of its market in {@link MarkedPortfolio.symbols}. */
  market: number;
  /** Null where unknown, as is all that follows from it. */
  mark: Decimal | null;
  markText: DecimalText | null;
  markApprox: number | null;
  notional: Decimal | null;
}

/** Positions at the mark prices of their markets. */
export interface MarkedPortfolio {
  /** Markets that are held, in order of the first position in each. */
  symbols: readonly string[];
  positions: readonly MarkedPosition[];
}

/** Values positions. A price that is missing, no decimal or not positive is unknown. */
export function markPositions(
  positions: readonly HeldPosition[],
  marks: ReadonlyMap<string, DecimalText | null>,
): MarkedPortfolio {
  const symbols: string[] = [];
  const prices: (Decimal | null)[] = [];
  const texts: (DecimalText | null)[] = [];
  const places = new Map<string, number>();
  const marked = positions.map((held): MarkedPosition => {
    let market = places.get(held.symbol);
    if (market === undefined) {
      market = symbols.push(held.symbol) - 1;
      places.set(held.symbol, market);
      const price = priceOf(marks.get(held.symbol) ?? null);
      prices.push(price);
      texts.push(price === null ? null : marks.get(held.symbol)!);
    }
    const mark = prices[market]!;
    return {
      held,
      market,
      mark,
      markText: texts[market]!,
      markApprox: mark === null ? null : estimateOf(mark),
      notional: mark === null ? null : held.quantity.times(mark),
    };
  });
  return { symbols, positions: marked };
}

function priceOf(text: DecimalText | null): Decimal | null {
  if (text === null || !isDecimalText(text)) return null;
  const price = decimal(text);
  return price.gt(ZERO) ? price : null;
}
