import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { AccountFlow } from "../account_flow.ts";

/** What a stop would meet at the venue now, for a drill. */
export function measureVenues(flows: Iterable<AccountFlow>): StopMeasures {
  return {
    accounts: [...flows].flatMap(({ account, venue }) =>
      venue === null ? [] : {
        agentId: account.config.agentId,
        halfSpreadBp: venue.quotes.halfSpreadBp,
        ...venue.way,
      }
    ),
  };
}
