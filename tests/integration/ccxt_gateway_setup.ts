/** A gateway to a fake venue of its own, for tests of what goes over the wire. */
import { type Clock, systemClock } from "../../actors/mod.ts";
import type {
  MarketKind,
  VenueOrderRequest,
} from "../../lib/contracts/venue.ts";
import { createCcxtGateway } from "../../lib/exchange/ccxt/gateway.ts";
import type { VenueGateway } from "../../lib/exchange/gateway/port.ts";
import { movePrice } from "../venue/engine/market_moves.ts";
import { TEST_CREDENTIALS } from "../venue/state.ts";
import { type FakeVenue, startFakeVenue } from "../venue/venue.ts";

export const SYMBOL = "BTC/USDT";

/** Longer than any answer on loopback takes, short enough to wait for one that never comes. */
const ANSWER_MS_MAX = 1_000;

/** An order of ours that rests. */
export function order(
  more: Partial<VenueOrderRequest> = {},
): VenueOrderRequest {
  return {
    clientOrderId: "sfA1",
    symbol: SYMBOL,
    side: "buy",
    type: "limit",
    quantity: "0.01",
    price: "39000",
    triggerPrice: null,
    reduceOnly: false,
    postOnly: false,
    timeInForce: "GTC",
    ocoGroup: null,
    ...more,
  };
}

/** What makes it one at the market. */
export const MARKET = { type: "market", price: null } as const;

/** Names an order by our id. */
export function refOf(clientOrderId: string, isStop = false) {
  return { symbol: SYMBOL, clientOrderId, venueOrderId: null, isStop };
}

/** Gives a gateway to a fresh venue at 40,000, opened unless the test does that. */
export async function withGateway(
  market: MarketKind,
  run: (gateway: VenueGateway, venue: FakeVenue) => Promise<void>,
  { clock = systemClock, isOpened = true }: {
    clock?: Clock;
    isOpened?: boolean;
  } = {},
): Promise<void> {
  const venue = startFakeVenue();
  try {
    movePrice(venue.state, "BTCUSDT", "40000");
    const gateway = await createCcxtGateway({
      venue: { exchange: "binance", market },
      credentials: { ...TEST_CREDENTIALS, passphrase: null },
      clock,
      random: () => 0.5,
      endpoint: venue.url,
      answerMsMax: ANSWER_MS_MAX,
    });
    try {
      if (isOpened) await gateway.open();
      await run(gateway, venue);
    } finally {
      await gateway.close();
    }
  } finally {
    await venue.stop();
  }
}
