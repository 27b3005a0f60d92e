import { assert } from "../../lib/core/assert.ts";
import {
  decimal,
  type DecimalText,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../lib/core/decimal.ts";
import type {
  ClosedRoundTrip,
  Ledger,
  LedgerStep,
  OpenPosition,
} from "./ledger.ts";
import { closeRoundTrip } from "./round_trip.ts";

/**
 * Gives up what is left of the position, which is too small to be sold: what it
 * cost is lost. `price` stands for the exit where nothing was sold before.
 *
 * @throws {DefectError} Without a position, or with a pair.
 */
export function writeOff(
  ledger: Ledger,
  { price, seq, at }: { price: DecimalText; seq: number; at: number },
): LedgerStep & { closed: ClosedRoundTrip } {
  const { position } = ledger;
  assert(
    position !== null && position.hedge === undefined,
    "Only a position in one market can be written off",
  );
  const { exitedQuantity } = position;
  // A short that is given up was sold for its cost and is not bought back.
  const lost = toBooked(position.cost);
  const cash = ledger.cash.minus(lost);
  const isSold = exitedQuantity.gt(ZERO);
  const trip: OpenPosition = {
    ...position,
    gained: position.gained.minus(lost),
    exitedQuantity: isSold ? exitedQuantity : position.quantity,
    exitedValue: isSold
      ? position.exitedValue
      : decimal(price).times(position.quantity),
  };
  const closed = closeRoundTrip(trip, {
    role: "close",
    seq,
    at,
  });
  return {
    ledger: {
      ...ledger,
      cash,
      cashText: toDecimalText(cash),
      position: null,
      trades: ledger.trades + 1,
      wins: ledger.wins + (closed.netPnl.gt(ZERO) ? 1 : 0),
      losses: ledger.losses + (closed.netPnl.lt(ZERO) ? 1 : 0),
    },
    closed,
  };
}
