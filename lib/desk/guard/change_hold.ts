import {
  beginsToFlatten,
  dropGuard,
  releaseGuard,
  takeDemand,
  withGuards,
} from "../../../agents/risk/guard_holds.ts";
import { tradingStanding } from "../../../agents/risk/limits.ts";
import type { GuardDemand, GuardLatch } from "../../contracts/guard.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { AccountLog } from "../account/account_log.ts";
import type { StoppableOrders } from "../account/lever_orders.ts";

/** How what a risk manager wants of an account changes. */
export type HoldChange =
  | {
    type: "take";
    guardId: string;
    current: GuardDemand | null;
    latched: GuardLatch | null;
  }
  /** It guards the account no longer. */
  | { type: "drop"; guardId: string }
  /** A person releases what it has latched. */
  | { type: "release"; guardId: string; releasedId: EpochMs };

/**
 * Records a change, withdraws entries where trading is not active after it, and
 * closes the position where a demand that wants so begins. The caller ends the
 * transaction.
 */
export function changeHold(
  log: AccountLog,
  orders: StoppableOrders,
  change: HoldChange,
): void {
  const { causes } = log.book;
  const { guardId } = change;
  const guards = holdsAfter(causes.guards, change);
  if (guards === causes.guards) return;
  const next = withGuards(causes, guards);
  const { state, reason } = tradingStanding(next);
  const why = reason ?? "No risk manager holds trading back any more";
  log.record({ type: "STATE", causes: next, reason: why });
  if (state === "active") return;
  orders.withdrawEntries(why);
  if (beginsToFlatten(causes.guards?.[guardId], guards?.[guardId])) {
    orders.closeNow(why);
  }
}

function holdsAfter(
  guards: Parameters<typeof takeDemand>[0],
  change: HoldChange,
): ReturnType<typeof takeDemand> {
  switch (change.type) {
    case "take":
      return takeDemand(guards, change);
    case "drop":
      return dropGuard(guards, change.guardId);
    case "release":
      return releaseGuard(guards, change);
  }
}
