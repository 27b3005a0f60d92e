import type { Env } from "../core/env.ts";
import type { FeedConfig } from "../contracts/feed.ts";
import { MARKET_KINDS, type VenueId, venueKey } from "../contracts/venue.ts";
import { exchangePermissions } from "../exchange/ccxt/permissions.ts";
import { isStreaming } from "../exchange/ccxt/library.ts";

/** What the environment says of exchanges. */
export function accessOf(
  env: Pick<Env, "EXCHANGES" | "EXCHANGE_ENDPOINTS">,
): MarketAccess {
  return {
    exchanges: env.EXCHANGES,
    exchangeEndpoints: env.EXCHANGE_ENDPOINTS,
  };
}

/** Which exchanges this server may reach, and how. */
export interface MarketAccess {
  /** Ids of exchanges. */
  exchanges: readonly string[];
  /** Addresses of this machine in place of an exchange's own, by its id or by `venueKey`. */
  exchangeEndpoints: Readonly<Record<string, string>>;
}

/** Where an exchange is reached instead of at its own addresses; null for those. */
export function originOf(
  { exchangeEndpoints }: MarketAccess,
  { exchange, market }: VenueId,
): string | null {
  return exchangeEndpoints[venueKey({ exchange, market })] ??
    exchangeEndpoints[exchange] ?? null;
}

/** Whether the prices of a feed are those of an exchange's real market. */
export function hasLivePrices(access: MarketAccess, feed: FeedConfig): boolean {
  return feed.kind === "exchange" && originOf(access, feed) === null;
}

/** Hosts by `venueKey`: those of each exchange's own interfaces, or of what takes their place. */
export type ExchangeHosts = ReadonlyMap<string, readonly string[]>;

/**
 * Hosts of every exchange that may be reached, for the permissions of the server
 * and, one by one, of its workers.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN if there is no exchange of a name.
 */
export async function readExchangeHosts(
  access: MarketAccess,
  root: URL,
): Promise<ExchangeHosts> {
  const named = Object.keys(access.exchangeEndpoints).map((key) =>
    key.split(".")[0]!
  );
  const venues = [...new Set([...access.exchanges, ...named])].flatMap(
    (exchange) => MARKET_KINDS.map((market) => ({ exchange, market })),
  );
  const hosts = await Promise.all(venues.map(async (venue) => {
    const endpoint = originOf(access, venue);
    // Only a test venue of the other kind of market is named.
    if (endpoint === null && !access.exchanges.includes(venue.exchange)) {
      return [];
    }
    return (await exchangePermissions(venue, { root, endpoint })).net;
  }));
  return new Map(venues.map((venue, at) => [venueKey(venue), hosts[at]!]));
}

/** All of them, each once. */
export function allHosts(hosts: ExchangeHosts): string[] {
  return [...new Set([...hosts.values()].flat())];
}

/** Why there is no live market of an exchange here; null where there is. */
export function exchangeProblem(
  access: MarketAccess,
  venue: VenueId,
): string | null {
  const { exchange } = venue;
  const { exchanges } = access;
  const known = `choose ${exchanges.join(", ")}`;
  if (!isStreaming(exchange)) {
    return `There is no exchange "${exchange}" with live prices; ${known}`;
  }
  if (originOf(access, venue) !== null) return null;
  if (exchanges.length === 0) {
    return "This server reaches no exchange; name some in EXCHANGES and start it again";
  }
  if (!exchanges.includes(exchange)) {
    return `This server may not reach ${exchange}; ${known}, or add it to EXCHANGES`;
  }
  return null;
}
