import {
  decimal,
  type DecimalText,
  roundTo,
  toDecimalText,
} from "../../core/decimal.ts";

/** Decimal places of the money in a result; the books keep all of them. */
export const MONEY_PLACES = 8;

/** Final equity less initial capital; an open position counts at the last close. Null while the equity is unknown. */
export function netResult(
  equity: DecimalText | null,
  initialCapital: DecimalText,
): DecimalText | null {
  return equity === null ? null : toDecimalText(
    roundTo(decimal(equity).minus(initialCapital), MONEY_PLACES),
  );
}

/** A net result as a percentage of the initial capital. */
export function returnPct(
  netPnl: DecimalText | null,
  initialCapital: DecimalText,
): number | null {
  return netPnl === null
    ? null
    : Number(decimal(netPnl).div(initialCapital).times(100));
}
