import type {
  GuardedAccount,
  GuardedPosition,
} from "../../lib/contracts/guard.ts";
import {
  decimal,
  divide,
  toBooked,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import {
  type HeldPosition,
  holdPosition,
  type PositionMargin,
} from "../risk/portfolio/held_position.ts";
import { MAINTENANCE_MARGIN_RATE } from "../risk/sizing.ts";

const TIERS = [{
  fromNotional: "0",
  rate: toDecimalText(MAINTENANCE_MARGIN_RATE),
}];

/** A position with the leverage of its account. */
interface Levered {
  position: GuardedPosition;
  leverage: number;
}

function isSame(a: Levered, b: Levered): boolean {
  return a.leverage === b.leverage &&
    a.position.market === b.position.market &&
    a.position.direction === b.position.direction &&
    a.position.quantity === b.position.quantity &&
    a.position.entryPrice === b.position.entryPrice;
}

/** Positions in the form of the assessment, made anew only where something but the price has changed. */
export class HeldPositions {
  readonly #held = new Map<string, Levered & { held: HeldPosition }>();

  of(accounts: readonly GuardedAccount[]): HeldPosition[] {
    const seen = new Set<string>();
    const positions = accounts.flatMap((account) =>
      account.positions.map((position, index) => {
        const id = index === 0 ? account.agentId : `${account.agentId}/hedge`;
        seen.add(id);
        return this.#hold(id, { position, leverage: account.leverage });
      })
    );
    for (const id of this.#held.keys()) {
      if (!seen.has(id)) this.#held.delete(id);
    }
    return positions;
  }

  #hold(
    id: string,
    { position, leverage }: Levered,
  ): HeldPosition {
    const { market, direction, quantity, entryPrice } = position;
    const known = this.#held.get(id);
    if (known !== undefined && isSame(known, { position, leverage })) {
      return known.held;
    }
    const held = holdPosition({
      id,
      symbol: market,
      direction,
      quantity,
      entryPrice,
      margin: marginOf(position, leverage),
    });
    this.#held.set(id, { position, leverage, held });
    return held;
  }
}

/** Isolated margin of the position alone: what the account keeps beside it does not count. A long without leverage borrows nothing. */
function marginOf(
  { direction, quantity, entryPrice }: GuardedPosition,
  leverage: number,
): PositionMargin | null {
  if (leverage <= 1 && direction === "long") return null;
  const notional = decimal(quantity).times(decimal(entryPrice));
  const wallet = toDecimalText(toBooked(divide(notional, decimal(leverage))));
  return { kind: "isolated", wallet, tiers: TIERS };
}
