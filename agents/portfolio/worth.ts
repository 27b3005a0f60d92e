/**
 * What a ledger is worth at given closes, exact.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  toBooked,
  ZERO,
} from "../../lib/core/decimal.ts";
import { directionSign, type Ledger } from "./ledger.ts";

/** Closes of both markets; null where unknown. */
export interface PairCloses {
  close: number | null;
  hedgeClose: number | null;
}

/** The close, or those of both markets. */
export type Closes = number | null | PairCloses;

/** Unrealised result of the open position at `close`, as it would be booked, in quote currency; null while no close is known. */
export function unrealizedPnl(
  ledger: Ledger,
  closes: Closes,
): Decimal | null {
  const { position } = ledger;
  if (position === null) return ZERO;
  const { close, hedgeClose } = isPair(closes)
    ? closes
    : { close: closes, hedgeClose: null };
  if (close === null) return null;
  const first = decimal(close).times(position.quantity).minus(position.cost);
  const sign = directionSign(position.direction);
  const { hedge } = position;
  if (hedge === undefined) return toBooked(first.times(sign));
  if (hedgeClose === null) return null;
  const second = decimal(hedgeClose).times(hedge.quantity).minus(hedge.cost);
  return toBooked(first.minus(second).times(sign));
}

function isPair(closes: Closes): closes is PairCloses {
  return typeof closes === "object" && closes !== null;
}

/** Cash plus unrealised result, in quote currency; null while a position has no known price. */
export function equityAt(ledger: Ledger, closes: Closes): Decimal | null {
  if (ledger.position === null) return ledger.cash;
  const unrealized = unrealizedPnl(ledger, closes);
  return unrealized === null ? null : ledger.cash.plus(unrealized);
}
