import type { Env } from "../core/env.ts";
import type { FeedConfig } from "../contracts/feed.ts";
import { MARKET_KINDS, type VenueId, venueKey } from "../contracts/venue.ts";
import { dialectOf } from "../exchange/ccxt/profiles.ts";
import { exchangeHosts } from "../exchange/ccxt/permissions.ts";
import { isStreaming } from "../exchange/ccxt/library.ts";

/** What the environment says of exchanges; their hosts are known of those with a profile. */
export function accessOf(
  env: Pick<Env, "EXCHANGES" | "EXCHANGE_ENDPOINTS">,
): MarketAccess {
  return {
    exchanges: env.EXCHANGES,
    exchangeEndpoints: env.EXCHANGE_ENDPOINTS,
    otherHosts: {},
  };
}

/**
 * The same with the hosts of exchanges without a profile, as the library's files
 * name them. One that there is not has none, and is refused where it is asked for.
 *
 * @param root Folder of the project, with the library.
 */
export async function loadAccess(
  env: Pick<Env, "EXCHANGES" | "EXCHANGE_ENDPOINTS">,
  root: URL,
): Promise<MarketAccess> {
  const access = accessOf(env);
  const others = access.exchanges.filter((exchange) =>
    isStreaming(exchange) &&
    hostsOf(access, { exchange, market: "spot" }) === null
  );
  const hosts = await Promise.all(
    others.map((exchange) => exchangeHosts({ exchange, market: "spot" }, root)),
  );
  return {
    ...access,
    otherHosts: Object.fromEntries(
      others.map((exchange, index) => [exchange, hosts[index]!]),
    ),
  };
}

/** Which exchanges this server may reach, and how. */
export interface MarketAccess {
  /** Ids of exchanges. */
  exchanges: readonly string[];
  /** Addresses of this machine in place of an exchange's own, by its id or by `venueKey`. */
  exchangeEndpoints: Readonly<Record<string, string>>;
  /** Hosts of exchanges without a profile, by id. */
  otherHosts: Readonly<Record<string, readonly string[]>>;
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

/** Hosts that the feed of a venue may reach; null where they are not known. */
export function hostsOf(
  access: MarketAccess,
  venue: VenueId,
): readonly string[] | null {
  const origin = originOf(access, venue);
  if (origin !== null) return [new URL(origin).host];
  const { hosts } = dialectOf(venue);
  return hosts ?? access.otherHosts[venue.exchange] ?? null;
}

/** Hosts of all exchanges that may be reached, for the permissions of the server: its workers can have no others. */
export function allHosts(access: MarketAccess): string[] {
  const venues = access.exchanges.flatMap((exchange) =>
    MARKET_KINDS.map((market) => ({ exchange, market }))
  );
  return [
    ...new Set([
      ...venues.flatMap((venue) => hostsOf(access, venue) ?? []),
      ...Object.values(access.exchangeEndpoints).map((origin) =>
        new URL(origin).host
      ),
    ]),
  ];
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
  if (hostsOf(access, venue) !== null) return null;
  return `The addresses of ${exchange} are not known here, so it cannot be reached safely; ${known}`;
}
