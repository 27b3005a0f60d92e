import { magnitude, over, times } from "./units.ts";

/** A net position of a perpetual. */
export interface Position {
  symbol: string;
  /** Base units, negative for a short one. */
  quantity: bigint;
  /** What the quantity cost at entry, with the sign of the quantity. Kept in place of a price, so that nothing is lost to rounding. */
  cost: bigint;
  leverage: number;
  marginType: "cross" | "isolated";
  /** Sum of what was realised, before fees. */
  realized: bigint;
  updatedAt: number;
}

/** A flat position. */
export function flatPosition(symbol: string): Position {
  return {
    symbol,
    quantity: 0n,
    cost: 0n,
    leverage: 20,
    marginType: "cross",
    realized: 0n,
    updatedAt: 0,
  };
}

/** Average entry price; 0 if flat. */
export function entryPrice(position: Position): bigint {
  return position.quantity === 0n ? 0n : over(position.cost, position.quantity);
}

/** Profit if it were closed at `price`. */
export function unrealized(position: Position, price: bigint): bigint {
  return times(position.quantity, price) - position.cost;
}

/** Changes the position by a signed quantity at a price; answers with what was realised. */
export function applyFill(
  position: Position,
  fill: { signedQuantity: bigint; price: bigint },
): bigint {
  const { signedQuantity, price } = fill;
  const held = position.quantity;
  const isReducing = held !== 0n && (held > 0n) !== (signedQuantity > 0n);
  let realized = 0n;
  let opening = signedQuantity;
  if (isReducing) {
    const isOver = magnitude(signedQuantity) > magnitude(held);
    const closed = isOver ? held : -signedQuantity;
    const costClosed = position.cost * closed / held;
    realized = times(closed, price) - costClosed;
    position.cost -= costClosed;
    position.quantity -= closed;
    opening = signedQuantity + closed;
  }
  position.quantity += opening;
  position.cost += times(opening, price);
  position.realized += realized;
  return realized;
}
