import type { MarketSpec } from "../market/specs.ts";
import { floorTo } from "../money/units.ts";
import {
  type Hold,
  isStop,
  type NewOrder,
  type Order,
  type OrderBend,
} from "./order.ts";

/** The order that a request becomes in the book, bent by a fault or not. */
export function acceptOrder(
  request: NewOrder,
  context: {
    id: number;
    spec: MarketSpec;
    now: number;
    bend: OrderBend;
    hold: Hold | null;
  },
): Order {
  const { id, spec, now, bend, hold } = context;
  const share = BigInt(Math.round(bend.share * 1_000));
  return {
    ...request,
    id,
    spec,
    status: "NEW",
    filled: 0n,
    filledQuote: 0n,
    isWorking: !isStop(request.type),
    hold,
    fillableNow: bend.share >= 1
      ? null
      : floorTo(request.quantity * share / 1_000n, spec.step),
    hiddenUntil: now + bend.hiddenMs,
    createdAt: now,
    updatedAt: now,
    trades: [],
  };
}
