import type {
  AgentActed,
  AgentDecided,
  DeskStepped,
} from "../contracts/links.ts";
import {
  DENIAL_CAUSES,
  type DenialCode,
  type DeskEvent,
} from "../contracts/order.ts";
import { partField } from "./account/parts/book_parts.ts";

/** Why a whole decision is turned away, without a record of it. */
export interface TurnedAway {
  code: DenialCode;
  detail: string;
}

/**
 * The answer to a decision that is not taken in: each of its intents, parts and new prices denied.
 * Null where there is none to deny.
 */
export function turnAway(
  { seq, actions }: AgentDecided | AgentActed,
  { code, detail }: TurnedAway,
): DeskStepped | null {
  const why = { seq, code, detail, cause: DENIAL_CAUSES[code] };
  const events = actions.flatMap((action): DeskEvent[] => {
    switch (action.kind) {
      case "submit": {
        const { intentId } = action.intent;
        return [{ type: "OrderDenied", intentId, ...why }];
      }
      case "part": {
        const { intentId, part } = action;
        return [{ type: "OrderDenied", intentId, ...partField(part), ...why }];
      }
      case "reprice": {
        const { intentId, part } = action;
        return [{
          type: "RepriceDenied",
          intentId,
          ...partField(part),
          ...why,
        }];
      }
      default:
        return [];
    }
  });
  return events.length === 0 ? null : {
    type: "stepped",
    seq,
    events,
    equity: null,
    hasPosition: false,
    tradingState: "halted",
  };
}
