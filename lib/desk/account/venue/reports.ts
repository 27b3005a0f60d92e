/**
 * Takes in what the driver found out. Each report is a fact that may come
 * twice, late or in another order than it happened; what is known already
 * changes nothing.
 *
 * @module
 */
import type {
  VenueFunding,
  VenueOrder,
  VenueTrade,
} from "../../../contracts/venue.ts";
import { decimal } from "../../../core/decimal.ts";
import type { CreateOutcome } from "../../../exchange/gateway/port.ts";
import type { VenueRecord } from "../../journal/records.ts";
import type { VenueReport } from "../../venue/port.ts";
import { adoptOrder, adoptTrade } from "./adoption.ts";
import { bookTrade } from "./book_trade.ts";
import { raiseDrift, takeDrift } from "./drift.ts";
import { takeRejection } from "./rejection.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { PlacedOrder } from "./venue_state.ts";

/** Records what a report tells. What follows from it is for `follow`. */
export function takeReport(desk: VenueDesk, report: VenueReport): void {
  switch (report.type) {
    case "outcome":
      return takeOutcome(desk, report.orderId, report.outcome);
    case "order":
      return takeOrder(desk, report.order);
    case "trade":
      return takeTrade(desk, report.trade);
    case "absent":
      return takeAbsence(desk, report.orderId, report.detail);
    case "adopt":
      takeOrder(desk, report.order, { mayAdopt: true });
      for (const trade of report.trades) takeTrade(desk, trade);
      return;
    case "funding":
      return takeFunding(desk, report.funding);
    case "drift":
      return takeDrift(desk, report.detail);
  }
}

function takeOutcome(
  desk: VenueDesk,
  orderId: string,
  outcome: CreateOutcome,
): void {
  const placed = desk.book.find(orderId);
  if (outcome.kind === "accepted") return takeOrder(desk, outcome.order);
  if (placed === null) return;
  const isOpen = placed.phase !== "sending" && placed.phase !== "unknown";
  if (outcome.kind === "rejected") {
    // Heard of as open: one of the two is wrong, so the venue is asked.
    if (isOpen || Number(placed.filled) > 0) {
      desk.command({ type: "resolve", orderId });
    } else takeRejection(desk, placed, outcome);
    return;
  }
  if (placed.phase !== "sending") return;
  record(desk, placed, {
    outcome: "unknown",
    code: outcome.venueCode,
    detail: outcome.detail,
  });
  desk.command({ type: "resolve", orderId });
}

/** Also for one that is over here: a venue that has it after all is right. */
function takeOrder(
  desk: VenueDesk,
  reported: VenueOrder,
  { mayAdopt = false } = {},
): void {
  const { clientOrderId } = reported;
  if (clientOrderId === null) return;
  let placed = desk.book.findByClientId(clientOrderId);
  if (placed === null) {
    placed = adoptOrder(desk, reported, { mayAdopt });
    if (placed === null) return;
  }
  if (placed.phase === "queued") return;
  follow(desk, placed, reported);
}

function follow(
  desk: VenueDesk,
  placed: PlacedOrder,
  reported: VenueOrder,
): void {
  const { orderId, postOnly: isPostOnly = false } = placed.order;
  const { status, venueOrderId, filled } = reported;
  if (status === "rejected" && Number(filled) === 0) {
    if (Number(placed.filled) > 0) return;
    return takeRejection(desk, placed, {
      errorKind: "refused",
      venueCode: null,
      detail: "The venue refused the order",
      ...(isPostOnly ? { cause: "post_only" } : {}),
    });
  }
  const isNews = placed.phase === "sending" || placed.phase === "unknown";
  if (isNews || placed.venueOrderId === null) {
    record(desk, placed, { outcome: "accepted", detail: "", venueOrderId });
    if (placed.order.role === "stop") desk.refusedStops = 0;
  }
  if (status === "open") {
    const isMore = decimal(filled).gt(decimal(placed.filled));
    if (isMore) desk.command({ type: "fetchTrades", orderId });
    return;
  }
  // An exit that the venue ends by itself is not made again at once: it might end each one.
  const isUnasked = status !== "filled" && placed.cancel === null &&
    Number(filled) === 0;
  if (isUnasked) desk.held.add(placed.order.role);
  const overFilled = status === "filled" ? placed.order.quantity : filled;
  const known = placed.overFilled;
  if (known !== null && decimal(known).gte(decimal(overFilled))) return;
  record(desk, placed, {
    outcome: "over",
    detail: status === "filled"
      ? "The order was filled"
      : placed.cancel?.reason ?? "The venue withdrew the order",
    venueOrderId,
    filled: overFilled,
    // Some venues take a post-only order and end it at once instead of refusing it.
    ...(isUnasked && isPostOnly ? { cause: "post_only" } : {}),
  });
  if (desk.book.find(orderId) !== null) {
    desk.command({ type: "fetchTrades", orderId });
  }
}

function takeTrade(desk: VenueDesk, trade: VenueTrade): void {
  const { clientOrderId, tradeId } = trade;
  if (clientOrderId === null) return;
  const placed = desk.book.findByClientId(clientOrderId);
  const ended = placed ?? desk.book.findEnded(clientOrderId);
  if (ended === null) {
    const adopted = adoptTrade(desk, trade);
    if (adopted !== null) bookTrade(desk, { order: adopted.order, trade });
    return;
  }
  if (ended.tradeIds.includes(tradeId)) return;
  if ("end" in ended) raiseLateDrift(desk, ended.end);
  bookTrade(desk, { order: ended.order, trade });
}

/** After a withdrawal a late fill is a matter of timing; after the others the venue said something else before. */
function raiseLateDrift(
  desk: VenueDesk,
  end: "filled" | "canceled" | "rejected" | "absent",
): void {
  if (end === "canceled") return;
  raiseDrift(
    desk,
    end === "absent"
      ? "An order was filled that the venue had not known"
      : end === "rejected"
      ? "An order was filled that the venue had refused"
      : "An order was filled for more than it was made for",
  );
}

function takeAbsence(desk: VenueDesk, orderId: string, detail: string): void {
  const placed = desk.book.find(orderId);
  if (placed === null || Number(placed.filled) > 0) return;
  if (placed.phase !== "sending" && placed.phase !== "unknown") return;
  record(desk, placed, { outcome: "absent", detail });
}

function takeFunding(desk: VenueDesk, funding: VenueFunding): void {
  const { fundingId, amount, at } = funding;
  if (!desk.book.funding.isDue(funding)) return;
  desk.log.record({ type: "FUNDING", at, price: null, amount, fundingId });
}

/** Records what is known of an order now. */
function record(
  desk: VenueDesk,
  { order }: PlacedOrder,
  news:
    & Pick<Extract<VenueRecord, { type: "VENUE" }>, "outcome" | "detail">
    & Partial<Extract<VenueRecord, { type: "VENUE" }>>,
): void {
  desk.log.record({
    type: "VENUE",
    orderId: order.orderId,
    venueOrderId: null,
    code: null,
    at: desk.ports.nowMs(),
    filled: null,
    ...news,
  });
}
