import type { FaultRule } from "../faults/kinds.ts";
import type { VenueState } from "../state.ts";
import type { MarketKind } from "../market/specs.ts";
import {
  type Answer,
  badGateway,
  denied,
  json,
  maintenance,
} from "./refuse_request.ts";

/** What becomes of a request: an answer, a connection that is cut, or nothing for ever. */
export type Outcome = Answer | "cut" | "silent";

/** Where a request stands when the fault strikes. */
export interface FaultContext {
  venue: VenueState;
  market: MarketKind;
  address: string;
  /** What the answer would have been; null before anything was done. */
  answer: Answer | null;
}

/** A fault of requests without its `_before` or `_after`. */
export function stemOf(rule: FaultRule): string {
  return rule.fault.replace(/_(before|after)$/, "");
}

/** The fault strikes before anything is done. */
export function isBefore(rule: FaultRule): boolean {
  return rule.fault.endsWith("_before");
}

/** The outcome of a fault; null for one that only takes time. */
export function outcomeOf(
  rule: FaultRule,
  context: FaultContext,
): Outcome | null {
  const { answer, venue, market, address } = context;
  const seconds = rule.retryAfterSeconds ?? 1;
  const silence = (isBan: boolean) =>
    denied(venue.rates[market].silence(address, { seconds, isBan }));
  switch (stemOf(rule)) {
    case "silent":
      return "silent";
    case "reset":
      return "cut";
    case "bad_gateway":
      return badGateway();
    case "garbage":
      return { ...(answer ?? json({})), body: "<!doctype html><p>Hello" };
    case "half_json":
      return halfOf(answer ?? json({}));
    case "unexpected":
      return json({
        code: -1006,
        msg:
          "An unexpected response was received from the message bus. Execution status unknown.",
      }, 500);
    case "backend_timeout":
      return json({
        code: -1007,
        msg:
          "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
      }, 408);
    case "disconnected":
      return json({
        code: -1001,
        msg:
          "Internal error; unable to process your request. Please try again.",
      }, 500);
    case "clock":
      return json({
        code: -1021,
        msg: "Timestamp for this request is outside of the recvWindow.",
      }, 400);
    case "rate_limit":
      return silence(false);
    case "ban":
      return silence(true);
    case "maintenance":
      return maintenance();
    default:
      return null;
  }
}

function halfOf(answer: Answer): Answer {
  const half = Math.max(1, Math.floor(answer.body.length / 2));
  return { ...answer, body: answer.body.slice(0, half) };
}
