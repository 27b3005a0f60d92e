import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { AccountFlow } from "../account_flow.ts";

/** What a stop would meet at the venue now, for a drill, and what limits of rates have used. */
export function measureVenues(flows: Iterable<AccountFlow>): StopMeasures {
  const all = [...flows];
  return {
    accounts: all.flatMap(({ account, venue }) =>
      venue === null ? [] : {
        agentId: account.config.agentId,
        halfSpreadBp: venue.quotes.halfSpreadBp,
        ...venue.way,
      }
    ),
    rates: all.map(({ account }) => ({
      agentId: account.config.agentId,
      ordersLastMinute: account.read((book) => book.intentsLastMinute(book.at)),
    })),
  };
}
