import type { AgentActed } from "../contracts/links.ts";
import type { DeskAccount } from "./account/account.ts";
import { SLOW_DISK } from "./account/outage.ts";
import type { TurnedAway } from "./turned_away.ts";

/**
 * Carries out what an agent wants between two candles, in real time at once;
 * answers why it is turned away, or null. In lockstep it always is: there
 * everything hangs on the candle alone.
 */
export function tryAct(
  account: DeskAccount,
  journal: { readonly isFull: boolean },
  acted: AgentActed,
): TurnedAway | null {
  if (account.config.pacing === "lockstep") {
    return {
      code: "ORDER_INVALID",
      detail:
        "In lockstep an agent acts with its decision on a candle and not in between",
    };
  }
  if (journal.isFull) {
    return { code: SLOW_DISK.code, detail: SLOW_DISK.reason };
  }
  if (acted.seq > account.seq) {
    return {
      code: "INTENT_LATE",
      detail: "The desk starts again and is not where the agent is yet",
    };
  }
  account.act(acted);
  return null;
}
