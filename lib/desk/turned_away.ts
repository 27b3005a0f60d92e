import type {
  AgentActed,
  AgentDecided,
  DeskStepped,
} from "../contracts/links.ts";
import type { DenialCode, DeskEvent } from "../contracts/order.ts";

/** Why a whole decision is turned away, without a record of it. */
export interface TurnedAway {
  code: DenialCode;
  detail: string;
}

/**
 * The answer to a decision that is not taken in: each of its intents denied.
 * Null where there is none to deny.
 */
export function turnAway(
  { seq, actions }: AgentDecided | AgentActed,
  { code, detail }: TurnedAway,
): DeskStepped | null {
  const events = actions.flatMap((action): DeskEvent[] =>
    action.kind !== "submit" ? [] : [{
      type: "OrderDenied",
      seq,
      intentId: action.intent.intentId,
      code,
      detail,
    }]
  );
  return events.length === 0 ? null : {
    type: "stepped",
    seq,
    events,
    equity: null,
    hasPosition: false,
    tradingState: "halted",
  };
}
