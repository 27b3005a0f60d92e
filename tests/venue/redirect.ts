/**
 * Points an exchange of ccxt 4.5.84 (`binance` or `binanceusdm`, plain or pro)
 * at the fake venue. Only addresses are changed:
 *
 * - each string in `urls.api` gets the venue's origin and keeps its path;
 * - `urls.api.ws.spot` is `ws://…/stream/ws`: where the markets of both halves are
 *   loaded, ccxt tells spot from futures by `/stream` in the address of the socket
 *   (in the real one that is the host name); with spot alone `ws://…/ws` does too;
 * - `urls.api.ws.future` is `ws://…/fstream/ws`: ccxt puts `/public`, `/market`
 *   or `/private` before its `/ws`;
 * - `urls.api.ws["ws-api"].spot` is `ws://…/ws-api/v3`: the account's news of
 *   spot come over the WebSocket API.
 *
 * @module
 */

/** The part of a ccxt exchange that is used. */
export interface Redirectable {
  urls: Record<string, unknown>;
}

/** Sets the addresses of an exchange. Call it before the first request. */
export function redirect(exchange: Redirectable, venueUrl: string): void {
  const { origin, host } = new URL(venueUrl);
  const api = Object.entries(exchange.urls["api"] as Record<string, unknown>)
    .filter(([, value]) => typeof value === "string")
    .map(([name, value]) => [
      name,
      String(value).replace(/^\w+:\/\/[^/]+/, origin),
    ]);
  exchange.urls["api"] = {
    ...Object.fromEntries(api),
    ws: {
      spot: `ws://${host}/stream/ws`,
      margin: `ws://${host}/stream/ws`,
      future: `ws://${host}/fstream/ws`,
      "ws-api": {
        spot: `ws://${host}/ws-api/v3`,
        future: `ws://${host}/ws-fapi/v1`,
      },
    },
  };
}
