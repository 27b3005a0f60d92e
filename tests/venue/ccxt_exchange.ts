import ccxt from "ccxt";
import { redirect } from "./redirect.ts";
import { TEST_CREDENTIALS } from "./state.ts";

/** An exchange of ccxt.pro that talks to a fake venue. Close it at the end. */
export function connectCcxt(
  id: "binance" | "binanceusdm",
  venueUrl: string,
  config: Record<string, unknown> = {},
) {
  const exchange = new ccxt.pro[id]({
    ...TEST_CREDENTIALS,
    enableRateLimit: false,
    timeout: 5_000,
    ...config,
  });
  redirect(exchange as unknown as { urls: Record<string, unknown> }, venueUrl);
  return exchange;
}
