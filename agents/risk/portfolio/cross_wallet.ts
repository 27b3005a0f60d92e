/**
 * The wallet of a cross margin account: one balance answers for all positions in
 * it, so each one's liquidation price moves with the others.
 *
 * @module
 */
import { type Decimal, ZERO } from "../../../lib/core/decimal.ts";
import {
  maintenanceMargin,
  tieredLiquidationPrice,
  tierOf,
  unrealisedPnl,
} from "../liquidation.ts";
import type {
  HeldPosition,
  MarkedPosition,
  TierApprox,
} from "./held_position.ts";

/** A wallet with its positions, exact. */
export interface CrossWallet {
  /** Balance without unrealised results. */
  wallet: Decimal;
  /** Maintenance of all positions at their marks. */
  maintenance: Decimal;
  /** Unrealised result of all positions at their marks. */
  unrealised: Decimal;
  positions: readonly MarkedPosition[];
  /** What each position adds to both. */
  parts: ReadonlyMap<HeldPosition, WalletPart>;
}

/** Part of one position in a {@link CrossWallet}. */
export interface WalletPart {
  maintenance: Decimal;
  unrealised: Decimal;
}

/** The wallet at the marks of its positions; null where the balance or a mark is unknown. */
export function crossWalletOf(
  wallet: Decimal | null,
  positions: readonly MarkedPosition[],
): CrossWallet | null {
  if (wallet === null) return null;
  const cross = positions.filter(({ held }) => held.margin === "cross");
  let maintenance = ZERO;
  let unrealised = ZERO;
  const parts = new Map<HeldPosition, WalletPart>();
  for (const { held, mark, notional } of cross) {
    if (mark === null || notional === null) return null;
    const part = {
      maintenance: maintenanceMargin(notional, tierOf(notional, held.tiers)),
      unrealised: unrealisedPnl(held, mark),
    };
    maintenance = maintenance.plus(part.maintenance);
    unrealised = unrealised.plus(part.unrealised);
    parts.set(held, part);
  }
  return { wallet, maintenance, unrealised, positions: cross, parts };
}

/** Liquidation price of one position in the wallet while the marks of the others stay. */
export function crossLiquidationPrice(
  cross: CrossWallet,
  held: HeldPosition,
): Decimal {
  const part = cross.parts.get(held)!;
  return tieredLiquidationPrice({
    position: held,
    wallet: cross.wallet,
    tiers: held.tiers,
    others: {
      maintenance: cross.maintenance.minus(part.maintenance),
      unrealisedPnl: cross.unrealised.minus(part.unrealised),
    },
  });
}

/**
 * Whether the wallet is liquidated if each mark moves by a part of itself, all at
 * once (`moveOf` takes the place of a market): its balance no longer exceeds the maintenance. Floating point, because
 * it is asked for many moves and decides about no money.
 */
export function isCrossLiquidated(
  cross: CrossWallet,
  moveOf: (market: number) => number,
): boolean {
  if (cross.positions.length === 0) return false;
  let balance = Number(cross.wallet);
  let maintenance = 0;
  for (const { held, market, markApprox } of cross.positions) {
    const price = markApprox! * (1 + moveOf(market));
    balance += held.sign * held.quantityApprox * (price - held.entryApprox);
    maintenance += maintenanceApprox(
      held.tiersApprox,
      held.quantityApprox * price,
    );
  }
  return balance <= maintenance;
}

function maintenanceApprox(
  tiers: readonly TierApprox[],
  notional: number,
): number {
  let index = tiers.length - 1;
  while (index > 0 && tiers[index]!.fromNotional > notional) index--;
  return notional * tiers[index]!.rate - tiers[index]!.amount;
}
