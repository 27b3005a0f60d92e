import { connectCcxt } from "./ccxt_exchange.ts";
import {
  type FakeVenue,
  type FakeVenueOptions,
  startFakeVenue,
} from "./venue.ts";

/** Runs a test against a venue of its own, and ends it. */
export async function withVenue(
  options: FakeVenueOptions,
  test: (venue: FakeVenue) => Promise<void>,
): Promise<void> {
  const venue = startFakeVenue(options);
  try {
    await test(venue);
  } finally {
    await venue.stop();
  }
}

/** The same with an exchange of ccxt that is connected to it. */
export async function withCcxt(
  id: "binance" | "binanceusdm",
  test: (
    exchange: ReturnType<typeof connectCcxt>,
    venue: FakeVenue,
  ) => Promise<void>,
  options: FakeVenueOptions = {},
): Promise<void> {
  await withVenue(options, async (venue) => {
    const exchange = connectCcxt(id, venue.url);
    try {
      await exchange.loadMarkets();
      await test(exchange, venue);
    } finally {
      await exchange.close();
    }
  });
}

/** Symbol of the market in which tests trade, as ccxt writes it. */
export const SYMBOL = {
  binance: "BTC/USDT",
  binanceusdm: "BTC/USDT:USDT",
} as const;
