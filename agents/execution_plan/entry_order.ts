/**
 * From a signal to an order: prices, and what speaks against it.
 *
 * @module
 */
import type { ExecutionConfig } from "../../lib/contracts/execution_config.ts";
import type { EntryOrder } from "../../lib/contracts/order.ts";
import type { EnterSignal } from "../../lib/contracts/signal.ts";

/** 1 for a buy, −1 for a sell. */
export function signOf({ side }: Pick<EnterSignal, "side">): 1 | -1 {
  return side === "buy" ? 1 : -1;
}

/**
 * The order that enters a signal. The price of a limit is the signal's own
 * limit, or the price it was decided on, made better by the offset; that of a
 * stop is made worse by it.
 */
export function entryOrderOf(
  signal: EnterSignal,
  { order, offsetPct }: Pick<ExecutionConfig, "order" | "offsetPct">,
): EntryOrder {
  const base = signal.entry.type === "limit"
    ? signal.entry.price
    : signal.price;
  const offset = signOf(signal) * base * offsetPct / 100;
  switch (order) {
    case "as_signalled":
      return signal.entry;
    case "market":
      return { type: "market" };
    case "limit":
      return { type: "limit", price: base - offset };
    case "post_only":
      return { type: "limit", price: base - offset, postOnly: true };
    case "stop":
      return { type: "stop", price: base + offset };
  }
}

/** How much worse a price is than the one a signal was decided on, in percent; negative where it is better. */
export function slippagePct(signal: EnterSignal, price: number): number {
  return signOf(signal) * (price - signal.price) / signal.price * 100;
}

/** What an entry would be filled at now, as far as it can be told. */
export function expectedPrice(
  signal: EnterSignal,
  entry: EntryOrder,
  close: number,
): number {
  if (entry.type === "market") return close;
  const sign = signOf(signal);
  // A limit fills at its price or better, a stop at its price or worse.
  return entry.type === "limit"
    ? sign * Math.min(sign * entry.price, sign * close)
    : sign * Math.max(sign * entry.price, sign * close);
}

/** Why an entry at these prices is not made; null where nothing speaks against it. */
export function whyNotEnter(
  signal: EnterSignal,
  { entry, close, maxSlippagePct }: {
    entry: EntryOrder;
    close: number;
    maxSlippagePct: number;
  },
): { reason: string; isSlippage: boolean } | null {
  const price = expectedPrice(signal, entry, close);
  const worse = slippagePct(signal, price);
  if (worse > maxSlippagePct) {
    return {
      reason: `The price is ${
        worse.toFixed(2)
      } % worse than when it was decided, the limit is ${maxSlippagePct} %`,
      isSlippage: true,
    };
  }
  const sign = signOf(signal);
  const placed = entry.type === "market" ? close : entry.price;
  if (sign * (placed - signal.stopPrice) <= 0) {
    return {
      reason: "The entry would be beyond its own stop",
      isSlippage: false,
    };
  }
  if (
    signal.targetPrice !== null && sign * (signal.targetPrice - placed) <= 0
  ) {
    return {
      reason: "The entry would be beyond its own target",
      isSlippage: false,
    };
  }
  return null;
}
