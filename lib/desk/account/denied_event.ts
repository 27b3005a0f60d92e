import type { DeskEvent } from "../../contracts/order.ts";
import type { BookRecord } from "../journal/records.ts";

/** What the agent is told of a denial. */
export function toDeniedEvent(
  record: Extract<BookRecord, { type: "DENIED" | "MOVE_DENIED" }>,
  seq: number,
): DeskEvent {
  const { intentId, code, detail } = record;
  const told = { seq, intentId, code, detail };
  return record.type === "DENIED"
    ? { type: "OrderDenied", ...told }
    : { type: "StopMoveDenied", ...told };
}
