import { systemClock } from "../../../../actors/mod.ts";
import type {
  MarketKind,
  VenueOrderRequest,
} from "../../../../lib/contracts/venue.ts";
import { createCcxtGateway } from "../../../../lib/exchange/ccxt/gateway.ts";
import type { CcxtGatewayOptions } from "../../../../lib/exchange/ccxt/gateway_options.ts";
import type { VenueGateway } from "../../../../lib/exchange/gateway/port.ts";

/** Keys that no log, sentence or address may ever hold in clear. */
export const CREDENTIALS = {
  apiKey: "canaryKey0123456789abcdefghijklmnopqrstuv",
  secret: btoa("canarySecret0123456789abcdefghijklmnop"),
  passphrase: "canaryPassphrase",
};

/** An open gateway to a server on loopback. */
export async function openGateway(
  url: string,
  venue: { exchange: string; market: MarketKind },
  more: Partial<CcxtGatewayOptions> = {},
): Promise<VenueGateway> {
  const gateway = await createCcxtGateway({
    venue,
    credentials: CREDENTIALS,
    clock: systemClock,
    random: () => 0.5,
    endpoint: url,
    ...more,
  });
  await gateway.open();
  return gateway;
}

/** A limit order to buy, of which a test changes what it is about. */
export function limitOrder(
  more: Partial<VenueOrderRequest> = {},
): VenueOrderRequest {
  return {
    clientOrderId: "sf0000001",
    symbol: "BTC/USDT",
    side: "buy",
    type: "limit",
    quantity: "0.01",
    price: "25000.1",
    triggerPrice: null,
    reduceOnly: false,
    postOnly: false,
    timeInForce: "GTC",
    ocoGroup: null,
    ...more,
  };
}

/** A stop that closes a long position. */
export function stopOrder(
  more: Partial<VenueOrderRequest> = {},
): VenueOrderRequest {
  return limitOrder({
    type: "stop",
    side: "sell",
    price: null,
    triggerPrice: "24000.5",
    ...more,
  });
}
