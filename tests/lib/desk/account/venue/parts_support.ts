/** What tests of parts at a venue share. */
import type { DeskEvent } from "../../../../../lib/contracts/order.ts";
import { VenueBench } from "./bench.ts";

export const LIMIT = { type: "limit", price: 99 } as const;

export const PLAN = { entry: LIMIT, stopPrice: 95, targetPrice: null } as const;

/** What the account tells with the next candle. */
export function told(bench: VenueBench): readonly DeskEvent[] {
  return bench.candle({ close: 100 }).events;
}

export function entries(bench: VenueBench) {
  return bench.side.workingOrders().filter(({ order }) =>
    order.role === "entry"
  );
}
