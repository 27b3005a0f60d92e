import type { VenueId, VenueProfile } from "../../contracts/venue.ts";

/** What the paper venue of an exchange's market can: everything, and nothing outside this process is traded on. */
export function paperProfile({ exchange, market }: VenueId): VenueProfile {
  return {
    exchange,
    market,
    recvWindowMs: null,
    // Requests keep their order on the way to the book, so that a read which
    // was sent after an order proves whether the order was taken.
    absenceProofMs: 0,
    hasStopOrders: true,
    restsBothExits: true,
    hasCancelAfter: true,
    hasReduceOnly: true,
    hasPrivateStream: true,
    clientOrderIdMax: 36,
    isSimulated: true,
  };
}
