import type { AgentView } from "../contracts/agent.ts";
import type { FeedConfig } from "../contracts/feed.ts";
import type { MarketKind } from "../contracts/venue.ts";

/**
 * Where prices come from, and with them how real the money is: `real` trades it;
 * `test` is an exchange whose place a test venue takes.
 */
export type PriceSource = "simulated" | "replay" | "live" | "test" | "real";

/** Where an agent's prices come from. */
export function priceSourceOf(
  { mode, feed, livePrices }: Pick<AgentView, "mode" | "feed" | "livePrices">,
): PriceSource {
  if (feed.kind !== "exchange") return feed.kind;
  if (!livePrices) return "test";
  return mode === "live" ? "real" : "live";
}

/** Word and explanation of a label that tells how real a trade is; `short` stands beside PAPER or LIVE. */
export const SOURCE_WORDS: Readonly<
  Record<PriceSource, { word: string; short: string; hint: string }>
> = {
  simulated: {
    word: "Simulated",
    short: "simulated",
    hint: "Prices and fills are simulated; no exchange is involved",
  },
  replay: {
    word: "Simulated · replay",
    short: "replay",
    hint: "Candles are replayed from a file; fills are simulated",
  },
  live: {
    word: "Paper · live prices",
    short: "live prices",
    hint:
      "Prices are the exchange's own; fills are simulated, no order is sent",
  },
  test: {
    word: "Simulated · test venue",
    short: "test venue",
    hint: "A test venue on this machine takes the place of the exchange",
  },
  real: {
    word: "Live · real money",
    short: "real money",
    hint: "Orders are sent to the exchange and trade real money",
  },
};

/** Kinds of market in words. */
export const MARKET_WORDS: Readonly<Record<MarketKind, string>> = {
  spot: "spot",
  swap: "perpetual",
};

/** A feed in a few words. */
export function feedWord(feed: FeedConfig): string {
  switch (feed.kind) {
    case "simulated":
      return "simulated market";
    case "replay":
      return `${feed.file} at ${feed.speed}`;
    case "exchange":
      return `live prices of ${feed.exchange}, ${MARKET_WORDS[feed.market]}`;
  }
}
