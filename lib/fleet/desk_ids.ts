import type { AgentConfig } from "../contracts/agent_config.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";

/** Id of a desk among the actors. */
export type DeskId = `desk:${string}`;

/** The desk of the markets of candles: simulated and replayed. */
export const PAPER_DESK_ID: DeskId = "desk:paper";

/** Where the market of a configuration is traded; null for a market of candles. */
export function venueOf({ feed }: Pick<AgentConfig, "feed">): VenueId | null {
  return feed.kind === "exchange"
    ? { exchange: feed.exchange, market: feed.market }
    : null;
}

/** Id of the desk that keeps the books of an agent with this configuration. */
export function deskIdOf(config: Pick<AgentConfig, "feed">): DeskId {
  const venue = venueOf(config);
  return venue === null ? PAPER_DESK_ID : deskIdAt(venue);
}

/** Id of the desk of a venue. */
export function deskIdAt(venue: VenueId): DeskId {
  return `desk:${venueKey(venue)}`;
}
