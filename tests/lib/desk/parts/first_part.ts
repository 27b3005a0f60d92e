/** What tests of orders in parts share. */
import assert from "node:assert/strict";
import {
  DENIAL_CAUSES,
  type DeskEvent,
} from "../../../../lib/contracts/order.ts";
import { PartsBench } from "./bench.ts";

export const MARKET = { type: "market" } as const;

export const limit = (price: number) => ({ type: "limit", price }) as const;

export function denialOf(events: readonly DeskEvent[]) {
  const denied = events.find(({ type }) => type === "OrderDenied");
  assert.ok(denied?.type === "OrderDenied", JSON.stringify(events));
  assert.equal(denied.cause, DENIAL_CAUSES[denied.code]);
  return denied;
}

/** A position of part 0 of three, sized to 3 × 12.3 or so, from candle 1 on. */
export function withFirstPart(
  side: "buy" | "sell",
  target: number | null = null,
) {
  const bench = new PartsBench(side);
  bench.submit({ parts: 3, targetPrice: target });
  bench.step({ close: 100 });
  return bench;
}
