import { decimal } from "../../lib/core/decimal.ts";
import { liquidationPrice } from "./sizing.ts";

/**
 * How far the price may move against a full position, in percent of its entry,
 * before it is liquidated: the nearer of long and short, by the rule that the
 * desk applies (see `liquidationPrice`). Null where neither can be.
 *
 * @param options.takerFeeBp Fee of the closing order, in basis points.
 */
export function liquidationDistancePct(
  options: { leverage: number; takerFeeBp: number },
): number | null {
  const entryPrice = decimal(1);
  const distances = (["buy", "sell"] as const).flatMap((side) => {
    const price = liquidationPrice({
      side,
      entryPrice,
      leverage: options.leverage,
      takerRate: decimal(options.takerFeeBp).div(10_000),
    });
    if (price.lte(0)) return [];
    // Margin that does not even cover the closing leaves no way at all.
    const way = side === "buy"
      ? entryPrice.minus(price)
      : price.minus(entryPrice);
    return [Math.max(0, Number(way.times(100)))];
  });
  return distances.length === 0
    ? null
    : Number(Math.min(...distances).toFixed(2));
}
