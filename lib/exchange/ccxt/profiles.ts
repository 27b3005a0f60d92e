import type { VenueId, VenueProfile } from "../../contracts/venue.ts";
import type { Dialect } from "./dialect.ts";
import { checkExchangeId } from "./library.ts";
import { binanceDialect } from "./venues/binance.ts";
import { bybitDialect } from "./venues/bybit.ts";
import { krakenDialect } from "./venues/kraken.ts";
import { krakenFuturesDialect } from "./venues/kraken_futures.ts";
import { okxDialect } from "./venues/okx.ts";
import { otherDialect } from "./venues/other.ts";

/**
 * How to speak to a venue.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN if there is no such exchange.
 */
export function dialectOf(venue: VenueId): Dialect {
  const { exchange, market } = venue;
  switch (exchange) {
    case "binance":
      return binanceDialect(market);
    case "bybit":
      return bybitDialect(market);
    case "okx":
      return okxDialect(market);
    case "kraken":
      return market === "spot" ? krakenDialect() : krakenFuturesDialect();
    default:
      checkExchangeId(exchange);
      return otherDialect(venue);
  }
}

/**
 * What a venue can, before a connection to it is made.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN if there is no such exchange.
 */
export function profileOf(
  venue: VenueId,
  { isSimulated = false } = {},
): VenueProfile {
  return { ...dialectOf(venue).profile, isSimulated };
}
