import {
  MARKET_KINDS,
  PROFILED_EXCHANGES,
  type VenueId,
} from "../../lib/contracts/venue.ts";
import type { CodeMeaning } from "../../lib/exchange/ccxt/dialect.ts";
import { dialectOf } from "../../lib/exchange/ccxt/profiles.ts";

/** Head of the table of what exchanges can. */
export const EXCHANGE_HEAD = [
  "exchange",
  "market",
  "class in ccxt",
  "stops rest",
  "stop and target rest together",
  "cancels by itself",
  "private stream",
  "client id",
  "absence is proven after",
] as const;

/** Meanings in the order of the table. */
const MEANINGS: readonly CodeMeaning[] = [
  "unknown",
  "rate_limited",
  "clock",
  "maintenance",
  "auth",
  "refused",
  "not_found",
  "duplicate",
];

/** One row a profiled venue, and one for all others. */
export function exchangeRows(): string[][] {
  return [
    ...profiledVenues().map((venue) => rowOf(venue.exchange, venue)),
    rowOf("any other", { exchange: "bitget", market: "spot" }),
  ];
}

/** Head of the table of how stops rest. */
export const EXCHANGE_STOP_HEAD = [
  "exchange",
  "market",
  "a stop that sells",
  "only reduces",
] as const;

/** One row a profiled venue: what makes a request a stop. */
export function exchangeStopRows(): string[][] {
  return profiledVenues().map((venue) => {
    const { profile, stopFields } = dialectOf(venue);
    const fields = Object.entries(stopFields ?? {}).map(([name, value]) =>
      `\`${name}\` \`${value}\``
    );
    return [
      venue.exchange,
      venue.market,
      fields.join(", "),
      profile.hasReduceOnly ? "by `reduceOnly`" : "there is no such order",
    ];
  });
}

/** One row a meaning and venue: the codes that are known to have it. */
export function exchangeCodeRows(): string[][] {
  const venues: VenueId[] = [
    ...PROFILED_EXCHANGES.map((exchange) => ({
      exchange,
      market: "spot" as const,
    })),
    { exchange: "kraken", market: "swap" },
  ];
  return venues.flatMap((venue) => {
    const { codes, moduleId } = dialectOf(venue);
    const documented = Object.entries(codes?.documented ?? {});
    return MEANINGS.flatMap((meaning) => {
      const list = documented.filter(([, value]) => value === meaning)
        .map(([code]) => `\`${code}\``);
      return list.length === 0 ? [] : [[
        moduleId,
        meaning,
        list.join(", "),
      ]];
    });
  });
}

function profiledVenues(): VenueId[] {
  return PROFILED_EXCHANGES.flatMap((exchange) =>
    MARKET_KINDS.map((market) => ({ exchange, market }))
  );
}

function rowOf(exchange: string, venue: VenueId): string[] {
  const { moduleId, profile } = dialectOf(venue);
  const isProfiled = exchange === venue.exchange;
  return [
    exchange,
    isProfiled ? venue.market : "spot, swap",
    isProfiled ? `\`${moduleId}\`` : "its own",
    yes(profile.hasStopOrders),
    yes(profile.restsBothExits),
    yes(profile.hasCancelAfter),
    isProfiled ? yes(profile.hasPrivateStream) : "where ccxt has one",
    `${profile.clientOrderIdMax} characters`,
    profile.absenceProofMs === null
      ? "never"
      : `${profile.absenceProofMs / 1_000} s`,
  ];
}

function yes(is: boolean): string {
  return is ? "yes" : "no";
}
