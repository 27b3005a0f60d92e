import ccxt from "ccxt";
import { redirect } from "./redirect.ts";
import { TEST_CREDENTIALS } from "./state.ts";

type Id = "binance" | "binanceusdm";

/**
 * An exchange of ccxt.pro that talks to a fake venue. `close` also takes back the
 * timers that ccxt leaves behind: it renews a listen key 20 minutes later,
 * whether the exchange is closed by then or not.
 */
export function connectCcxt(
  id: Id,
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
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const inner = exchange as unknown as {
    delay(ms: number, method: unknown, ...args: unknown[]): void;
    spawn(method: unknown, ...args: unknown[]): void;
    close(): Promise<unknown>;
  };
  inner.delay = (ms, method, ...args) => {
    timers.add(setTimeout(() => inner.spawn(method, ...args), ms));
  };
  const close = inner.close.bind(exchange);
  inner.close = async () => {
    for (const timer of timers) clearTimeout(timer);
    return await close();
  };
  return exchange;
}
