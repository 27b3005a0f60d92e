import type { Trade } from "../../contracts/order.ts";
import type { OrderRole } from "../../contracts/order.ts";
import type { Trend, Volatility } from "../../contracts/regime.ts";
import {
  decimal,
  type DecimalText,
  roundTo,
  toDecimalText,
} from "../../core/decimal.ts";

/** Decimal places of amounts within sums: more than any booked amount has. */
const UNIT_PLACES = 20;

/** Parts of one R in which results are told by the desk. */
export const R_PARTS = 10_000;

/**
 * What figures need of a trade, without its texts: many thousand are kept in
 * memory. Sums over them are whole numbers, so that neither the order of the
 * trades nor how they were grouped changes a figure.
 */
export interface TradeRow {
  entryAt: number;
  exitAt: number;
  /** In 10^−20 of the quote currency. */
  netPnl: bigint;
  fees: bigint;
  /** In ten-thousandths of R. */
  resultR: number;
  strategy: string;
  exitRole: OrderRole;
  trend: Trend | null;
  volatility: Volatility | null;
}

/** The row of a trade. */
export function toRow(trade: Trade): TradeRow {
  return {
    entryAt: trade.entryAt,
    exitAt: trade.exitAt,
    netPnl: toUnits(trade.netPnl),
    fees: toUnits(trade.fees),
    resultR: Math.round(Number(trade.resultR) * R_PARTS),
    strategy: trade.strategy,
    exitRole: trade.exitRole,
    trend: trade.regime?.trend ?? null,
    volatility: trade.regime?.volatility ?? null,
  };
}

/** An amount as whole units. */
export function toUnits(text: DecimalText): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  if (fraction.length > UNIT_PLACES) {
    return toUnits(toDecimalText(roundTo(decimal(text), UNIT_PLACES)));
  }
  return BigInt(whole + fraction.padEnd(UNIT_PLACES, "0"));
}

/** Units as an amount. */
export function fromUnits(units: bigint): DecimalText {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString()
    .padStart(UNIT_PLACES + 1, "0");
  const whole = digits.slice(0, -UNIT_PLACES);
  const fraction = digits.slice(-UNIT_PLACES).replace(/0+$/, "");
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
