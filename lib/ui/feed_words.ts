import type { AgentView } from "../contracts/agent.ts";
import type { FeedConfig } from "../contracts/feed.ts";
import type { MarketKind } from "../contracts/venue.ts";

/** Where prices come from; `test` is an exchange whose place a test venue takes. */
export type PriceSource = "simulated" | "replay" | "live" | "test";

/** Where an agent's prices come from. */
export function priceSourceOf(
  { feed, livePrices }: Pick<AgentView, "feed" | "livePrices">,
): PriceSource {
  if (feed.kind !== "exchange") return feed.kind;
  return livePrices ? "live" : "test";
}

/** Word and explanation of a label for simulated trading. */
export const SOURCE_WORDS: Readonly<
  Record<PriceSource, { word: string; hint: string }>
> = {
  simulated: {
    word: "Simulated",
    hint: "Prices and fills are simulated; no exchange is involved",
  },
  replay: {
    word: "Simulated · replay",
    hint: "Candles are replayed from a file; fills are simulated",
  },
  live: {
    word: "Paper · live prices",
    hint:
      "Prices are the exchange's own; fills are simulated, no order is sent",
  },
  test: {
    word: "Simulated · test venue",
    hint: "A test venue on this machine takes the place of the exchange",
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
