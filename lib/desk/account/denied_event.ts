import { DENIAL_CAUSES, type DeskEvent } from "../../contracts/order.ts";
import type { BookRecord } from "../journal/records.ts";
import { partField } from "./parts/book_parts.ts";

/** What the agent is told of a denial. */
export function toDeniedEvent(
  record: Extract<BookRecord, { type: "DENIED" | "MOVE_DENIED" }>,
  seq: number,
): DeskEvent {
  const { intentId, code, detail } = record;
  const told = { seq, intentId, code, detail };
  if (record.type === "MOVE_DENIED") return { type: "StopMoveDenied", ...told };
  return {
    type: "OrderDenied",
    ...told,
    ...partField(record.part ?? 0),
    cause: DENIAL_CAUSES[code],
  };
}
