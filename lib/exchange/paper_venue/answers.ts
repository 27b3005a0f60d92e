/**
 * How the paper venue words its answers in the terms of the gateway.
 *
 * @module
 */
import type { VenueOrder } from "../../contracts/venue.ts";
import {
  type CreateOutcome,
  type OrderRef,
  VenueError,
} from "../gateway/port.ts";
import { isRefusal } from "./price_checks.ts";
import { PAPER_CAUSES, type Refusal } from "./rejections.ts";
import type { WireFault } from "./wire.ts";

const CLOSED = "The paper venue was closed before it answered";
const FULL = "Too many requests are on their way to the paper venue";
const FULL_CODE = "TOO_MANY_REQUESTS";

/** What came of an order that reached the book. */
export function outcomeOf(placed: VenueOrder | Refusal): CreateOutcome {
  return isRefusal(placed)
    ? {
      kind: "rejected",
      errorKind: "refused",
      venueCode: placed.code,
      detail: placed.detail,
      retryAfterMs: null,
      cause: PAPER_CAUSES[placed.code],
    }
    : { kind: "accepted", order: placed };
}

/** What came of an order that has no answer. */
export function unsentOutcome(why: WireFault): CreateOutcome {
  return why === "closed"
    ? { kind: "unknown", venueCode: null, detail: CLOSED }
    : {
      kind: "rejected",
      errorKind: "rate_limited",
      venueCode: FULL_CODE,
      detail: FULL,
      retryAfterMs: null,
    };
}

/** What came of another request that has no answer. @throws {VenueError} Always. */
export function noAnswer(why: WireFault): never {
  throw why === "closed"
    ? new VenueError("unknown", CLOSED)
    : new VenueError("rate_limited", FULL, { venueCode: FULL_CODE });
}

/** The order is not known. @throws {VenueError} Always. */
export function notFound(
  ref: Pick<OrderRef, "clientOrderId" | "venueOrderId">,
): never {
  throw new VenueError(
    "not_found",
    `The paper venue has no order ${ref.venueOrderId ?? ref.clientOrderId}`,
    { venueCode: "ORDER_NOT_FOUND" },
  );
}
